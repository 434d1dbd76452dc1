"""What helps where an answer of a platform cannot be read, which nobody can export again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from etl.account import Account
from scoring.errors import BadFileError
from warehouse import TakenError

OF_FILES = re.compile(
    r"export|download|\bfiles?\b|\breports?\b|spreadsheet|excel|workbook|\bsheet\b|rename|scorewright try",
    re.I,
)
"""What a sentence says only to somebody who has a file."""
_CLAUSE = re.compile(r"; |: (?=export|put|take)|, or |, and | and (?=rerun\b)")
_OF_ANOTHER = re.compile(r"each account's own|two exports")


@contextmanager
def helping(account: Account) -> Iterator[None]:
    """Lets a `BadFileError` of the block say what helps with an account that is pulled or asked for."""
    try:
        yield
    except BadFileError as error:
        raise helped(error, account) from None


def helped(error: BadFileError, account: Account) -> BadFileError:
    """The error with the step that helps; as it is for files, or where it has one already."""
    if account.files or not OF_FILES.search(error.hint):
        return error
    whose = f" of {account.name}"
    return BadFileError(
        error.file if error.file.endswith(whose) else f"{error.file}{whose}",
        expected=error.expected,
        found=error.found,
        row=error.row,
        column=error.column,
        hint=step_for(error.hint, account),
    )


def taken(error: TakenError, account: Account) -> TakenError:
    """The same for a row that is in two months."""
    said, _, hint = str(error).removesuffix(".").partition("; ")
    return error if account.files else TakenError(f"{said}; {step_for(hint, account)}.", error.slices)


def step_for(hint: str, account: Account) -> str:
    """What helps instead of a step for a file; what is said of the account's settings stays."""
    kept = [each for each in _CLAUSE.split(hint) if not OF_FILES.search(each) and each != "rerun"]
    return "; ".join([*kept, _step(hint, account)])


def _step(hint: str, account: Account) -> str:
    name = account.name
    if account.platform is None:
        return f"correct `query` of {name} in sources.yaml or what its connection has, and run again"
    if _OF_ANOTHER.search(hint):
        return f"see that `entity` and `connection` of {name} in sources.yaml name one account, and run again"
    return (
        f"run again, which asks {account.platform} anew; if it stays, correct the fields that "
        f"platforms/{account.platform}.yaml asks for or the format that reads them"
    )
