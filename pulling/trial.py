"""One cheap question to the platform of an account: does it answer, and what does it say is left?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from etl.account import Account
from pulling.asking import ExpiredError, GaveUpError, RefusedByPlatformError, Request
from pulling.ending import ending
from pulling.filling import Window, names_of, request_of
from pulling.listing import parts_of
from pulling.platform import Platform, Questions
from pulling.puller import Puller
from pulling.rows import count_of
from pulling.session import Session
from pulling.styles import STYLES, UnsoundError
from scoring.errors import BadFileError


@dataclass(frozen=True, slots=True)
class Answered:
    """What an account's platform answered: the rows of the first page of a day, None where it gives none at
    once, such as for a report that is ordered; and what its headers say is left.
    """

    platform: Platform
    day: date
    rows: int | None
    quota: Mapping[str, str] = field(default_factory=dict)


def ask_once(puller: Puller, account: Account) -> Answered:
    """Ask for a page of yesterday; nothing is landed. Raises `BadFileError` and `UsageError`."""
    day = puller.today(account) - timedelta(days=1)
    with closing(puller.session(account)) as session:
        asked = session.platform.questions[0]
        try:
            rows = _first_rows(session, asked, Window(day, day + timedelta(days=1)))
        except (GaveUpError, RefusedByPlatformError, ExpiredError, UnsoundError) as error:
            raise BadFileError(
                account.name,
                expected=f"an answer of {session.platform.title}",
                found=session.hidden(error.found),
                hint=getattr(error, "hint", "") or "correct the account or its connection",
            ) from None
    return Answered(session.platform, day, rows, session.quota)


def _first_rows(session: Session, asked: Questions, span: Window) -> int | None:
    names = names_of(session.platform, session.account, span, session.credentials.values)
    part = next(parts_of(asked, {**names, "size": str(asked.pages.size)}, session.json_of), None)
    return 0 if part is None else _rows_of(session, asked, request_of(asked, part.names))


def _rows_of(session: Session, asked: Questions, request: Request) -> int | None:
    if asked.ordered is not None:
        session.json_of(request)
        return None
    if asked.pages.style == "file":
        session.content_of(request)
        return None
    counted = partial(count_of, asked=asked)
    return counted(next(STYLES[asked.pages.style](session.json_of, request, asked.pages, counted)))


def told(answered: Answered, account: Account, today: date) -> Iterator[str]:
    """What was answered, a line each."""
    rows = "" if answered.rows is None else f", {answered.rows:,} rows of {answered.day} on the first page"
    yield f"{account.name}: {answered.platform.title} answers{rows}"
    yield from (f"  {name}: {value}" for name, value in answered.quota.items())
    yield from (f"warning: {each}" for each in ending(answered.platform, today))
