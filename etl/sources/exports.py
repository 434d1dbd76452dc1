"""How all file sources get their bytes: export files matched by pattern."""

from __future__ import annotations

from pathlib import Path

from etl.account import Account, ExportFile
from scoring.errors import BadFileError
from scoring.period import Period


def find_exports(account: Account, month: Period, exports: Path) -> tuple[ExportFile, ...] | None:
    """The account's files for the month, in the order of its patterns; None if there are none.

    A pattern without `{month}` matches the same file for every month. Raises `BadFileError` if a pattern
    matches two files, or only some of the patterns match: half a month is not a month.
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
    found = filter(None, matches.values())
    return tuple(ExportFile(path.relative_to(exports).as_posix(), path.read_bytes()) for path in found)


def _matches(account: Account, month: Period, exports: Path) -> dict[str, Path | None]:
    patterns = [pattern.replace("{month}", str(month)) for pattern in account.files]
    return {pattern: _only_file(pattern, sorted(exports.glob(pattern))) for pattern in patterns}


def _only_file(pattern: str, paths: list[Path]) -> Path | None:
    """The file that a pattern matches; None if there is none."""
    if len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        raise BadFileError(pattern, expected="one file", found=names, hint="move away the wrong ones")
    if paths and not paths[0].is_file():
        raise BadFileError(
            pattern, expected="a file", found="a folder", hint="move it away and export the file"
        )
    return paths[0] if paths else None
