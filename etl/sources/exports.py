"""The way all file sources get their bytes: export files matched by pattern."""

from __future__ import annotations

from pathlib import Path

from etl.account import Account, ExportFile
from scoring.errors import BadFileError
from scoring.period import Period


def find_exports(account: Account, month: Period, exports: Path) -> tuple[ExportFile, ...] | None:
    """The account's files for the month, in the order of its patterns; None where there is none at all.

    A pattern without `{month}` matches the same file for every month. Raises `BadFileError` where a
    pattern matches two files, or only some of the patterns match: half a month is not a month.
    """
    patterns = [pattern.replace("{month}", str(month)) for pattern in account.files]
    matches = {pattern: sorted(exports.glob(pattern)) for pattern in patterns}
    for pattern, paths in matches.items():
        if len(paths) > 1:
            names = ", ".join(path.name for path in paths)
            raise BadFileError(
                pattern, expected="one file", found=names, hint="move away those that are not meant"
            )
        if paths and not paths[0].is_file():
            raise BadFileError(
                pattern, expected="a file", found="a folder", hint="move it away and export the file"
            )
    missing = [pattern for pattern, paths in matches.items() if not paths]
    if len(missing) == len(patterns):
        return None
    if missing:
        raise BadFileError(
            missing[0],
            expected="this file beside the account's others of the month",
            found="none",
            hint="export it, too, and rerun",
        )
    return tuple(
        ExportFile(path.relative_to(exports).as_posix(), path.read_bytes())
        for paths in matches.values()
        for path in paths
    )
