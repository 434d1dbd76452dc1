"""How all file sources get their bytes: export files matched by pattern."""

from __future__ import annotations

from pathlib import Path

from etl.account import Account, ExportFile
from etl.reading.door import MOST_MEGABYTES, opening, read_export
from scoring.errors import BadFileError
from scoring.period import Period


def find_exports(
    account: Account, month: Period, exports: Path, most_megabytes: int = MOST_MEGABYTES
) -> tuple[ExportFile, ...] | None:
    """The account's files for the month, in the order of its patterns; None where there is none at all.

    A pattern without `{month}` matches the same file for every month. Raises `BadFileError` where a
    pattern matches two files, only some of the patterns match (half a month is not a month), or the
    door does not let a file in.
    """
    matches = _matches(account, month, exports)
    missing = [pattern for pattern, path in matches.items() if path is None]
    if len(missing) == len(matches):
        return None
    if missing:
        raise BadFileError(
            missing[0],
            expected="this file beside the account's others of the month",
            found="none",
            hint="export it, too, and rerun",
        )
    return tuple(
        ExportFile(path.relative_to(exports).as_posix(), read_export(path, exports, most_megabytes))
        for path in matches.values()
        if path is not None
    )


def _matches(account: Account, month: Period, exports: Path) -> dict[str, Path | None]:
    patterns = [pattern.replace("{month}", str(month)) for pattern in account.files]
    return {pattern: _only_file(pattern, exports) for pattern in patterns}


def _only_file(pattern: str, exports: Path) -> Path | None:
    """The file that a pattern matches; None where there is none."""
    with opening(pattern):
        paths = sorted(exports.glob(pattern))
    if len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        raise BadFileError(
            pattern, expected="one file", found=names, hint="move away those that are not meant"
        )
    return paths[0] if paths else None
