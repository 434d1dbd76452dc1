"""One tree of errors; each class names the exit code that the command line ends with.

An error's text is one sentence for the person who must act: what is wrong, where, what was expected, what was
found, what to do. Errors of this tree never show a traceback.
"""

from __future__ import annotations

NEW_EXPORT = "export the report again in its place and rerun"
"""What to do about most files."""


class ScorewrightError(Exception):
    """Anything Scorewright refuses to do, in one sentence."""

    exit_code = 1


class UsageError(ScorewrightError):
    """The command names something that does not exist: a period, a team, a source."""

    exit_code = 2


class BookError(ScorewrightError):
    """The organisation's book (`config/`) contradicts itself or cannot be read."""

    exit_code = 2


class BadFileError(ScorewrightError):
    """A landed export is not what its source declares; the whole file is refused.

    `row` counts the file's lines from 1 as a spreadsheet shows them; None if no single row is the cause, and
    0 for a header that is no row.
    """

    exit_code = 3

    def __init__(
        self,
        file: str,
        *,
        expected: str,
        found: str,
        row: int | None = None,
        column: str | None = None,
        hint: str = NEW_EXPORT,
    ) -> None:
        self.file, self.row, self.column = file, row, column
        self.expected, self.found, self.hint = expected, found, hint
        place = file
        if row:
            place += f", row {row}"
        if column is not None:
            place += f", column {column!r}"
        self.place = place
        super().__init__(f"{place}: expected {expected}, found {found}; {hint}.")

    @property
    def reason(self) -> str:
        """What is wrong without what was found, which may be nobody else's business."""
        return f"{self.place}: expected {self.expected}"


class BadRowError(BadFileError):
    """Single rows of a file cannot be read; the rest of it could be.

    `rows` are all rows found bad for this reason, each with what was found in it; the first is the
    one that the sentence names.
    """

    def __init__(
        self,
        file: str,
        *,
        rows: list[tuple[int, str]],
        column: str | None,
        expected: str,
        hint: str = NEW_EXPORT,
    ) -> None:
        row, found = rows[0]
        super().__init__(file, row=row, column=column, expected=expected, found=found, hint=hint)
        self.rows = tuple(rows)


class DataError(ScorewrightError):
    """Well-formed data that cannot be used: a missing exchange rate, a duplicate key."""

    exit_code = 4


class RefusedError(ScorewrightError):
    """Several things were refused, a line each; `told` says what they are, and what came of all else."""

    def __init__(
        self, sentences: list[str], *, exit_code: int, told: str = "refusals; all else was done"
    ) -> None:
        self.exit_code, self.sentences = exit_code, tuple(sentences)
        if len(sentences) == 1:
            super().__init__(sentences[0])
        else:
            super().__init__("\n  ".join([f"{len(sentences)} {told}:", *sentences]))
