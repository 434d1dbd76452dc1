"""A month of an account while it is pulled: its questions, their pages, and the files made of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from etl.account import Account, ExportFile
from pulling.asking import RefusedByPlatformError, Request
from pulling.counters import dated, kept_beside, landed_rows
from pulling.doubting import warned_of
from pulling.filling import Window, filled, names_of, request_of
from pulling.journal import Journal
from pulling.listing import completed_rows, parts_of
from pulling.ordering import ordered, unpacked
from pulling.paths import first
from pulling.platform import Doubt, Job, Questions
from pulling.rows import (
    as_file,
    count_of,
    lines_of,
    refuse_foreign,
    refuse_other_sums,
    refuse_repeated,
    rows_of,
    widened,
)
from pulling.series import by_day
from pulling.session import Session
from pulling.styles import STYLES, TooManyError, UnsoundError, whole
from scoring.errors import BadFileError
from scoring.period import Period

log = logging.getLogger(__name__)

_DAY = timedelta(days=1)
_ANEW = "run again, which asks for everything anew"


def bad(account: Account, month: Period, found: str, hint: str, expected: str) -> BadFileError:
    """What is wrong with a month, in one sentence."""
    name = f"{account.platform} {month} of {account.name}"
    return BadFileError(name, expected=expected, found=found, hint=hint)


def not_whole(session: Session, month: Period, found: str, hint: str) -> BadFileError:
    """That what the platform answered is not all of the month."""
    said = session.hidden(found)
    return bad(session.account, month, said, hint or _ANEW, f"a whole answer of {session.platform.title}")


@dataclass(frozen=True)
class Month:
    """The month of an account, asked for in `session` and landed in `journal`; `today` is the account's."""

    session: Session
    journal: Journal
    month: Period
    today: date

    def files(self, spans: Sequence[Window]) -> tuple[ExportFile, ...]:
        """The file of each question that has rows; raises `BadFileError`, and `GaveUpError` for no answer.

        What was landed is used again only where the platform did not answer: where it answered something that
        is not whole, or refused, the next run asks for everything anew.
        """
        try:
            return tuple(self._files(spans))
        except (RefusedByPlatformError, UnsoundError) as error:
            self.journal.end(left=self.session.quota)
            raise not_whole(self.session, self.month, error.found, getattr(error, "hint", "")) from None

    def _files(self, spans: Sequence[Window]) -> Iterator[ExportFile]:
        for asked in self.session.platform.questions:
            is_file = asked.pages.style == "file"
            content = self._file(asked, _all_of(spans)) if is_file else self._lines(asked, spans)
            if content:
                yield ExportFile(self._name(asked, "csv" if is_file else "jsonl"), content)

    def _name(self, asked: Questions, kind: str) -> str:
        parts = (str(self.session.account.platform), asked.name, str(self.month))
        return f"{' '.join(filter(None, parts))}.{kind}"

    def _file(self, asked: Questions, span: Window) -> bytes:
        request = self._first(asked, self._names(asked, span))
        content = self.session.content_of(request, self.journal) if request else b""
        # what was packed may repeat a secret, too
        return self._hidden_in(unpacked(content, self.session.patience.most_bytes))

    def _hidden_in(self, content: bytes) -> bytes:
        return self.session.credentials.secrets.hidden_in(content)

    def _lines(self, asked: Questions, spans: Sequence[Window]) -> bytes:
        rows = self._counted(asked) if asked.counter else self._rows_of_all(asked, spans)
        refuse_repeated(rows, asked.key)
        lines = lines_of(widened(rows, asked.wide), self.session.patience.most_bytes)
        return self._hidden_in(as_file(lines))

    def _rows_of_all(self, asked: Questions, spans: Sequence[Window]) -> list[Any]:
        return [row for span in spans for row in self._fewer_at_once(asked, span)]

    def _counted(self, asked: Questions) -> list[Any]:
        """What a counter shows, in a month that is not over, beside what it showed on earlier days of it."""
        field, name = str(asked.counter), self._name(asked, "jsonl")
        is_now = self.today < self.month.end
        now = self._rows(asked, Window(self.today, self.today + _DAY)) if is_now else []
        earlier = landed_rows(self.journal.landing, self.session.account, self.month, name)
        return kept_beside(earlier, dated(now, field, self.today.isoformat()), field)

    def _fewer_at_once(self, asked: Questions, span: Window) -> list[Any]:
        """The rows of some days, asked for in halves where they are more than the platform gives at once."""
        try:
            return self._rows(asked, span)
        except TooManyError:
            halves = span.halves()
            if len(halves) == 1:
                raise
        return [row for half in halves for row in self._fewer_at_once(asked, half)]

    def _rows(self, asked: Questions, span: Window) -> list[Any]:
        rows = list[Any]()
        for part in parts_of(asked, self._names(asked, span), self._ask):
            found = completed_rows(self._rows_of_part(asked, part.names), asked, part)
            refuse_repeated(found, [path for path in asked.key if asked.series])
            rows += found
        return by_day(rows, asked.series, span)

    def _ask(self, request: Request) -> Any:
        return self.session.json_of(request, self.journal)

    def _rows_of_part(self, asked: Questions, names: Mapping[str, str]) -> list[Any]:
        request = self._first(asked, names)
        if request is None:
            return []
        counted, how, ask = partial(count_of, asked=asked), asked.pages, self._ask
        pages = [*whole(STYLES[how.style](ask, request, how, counted), how, counted)]
        marks = self._marks([*warned_of(pages, asked.doubts)])
        rows = [{**row, **marks} for page in pages for row in rows_of(page, asked)]
        refuse_foreign(pages, filled(asked.own, names))
        refuse_other_sums(rows, pages, asked.sums)
        return rows

    def _marks(self, noted: Sequence[Doubt]) -> dict[str, bool]:
        """What rows get to say that they are in doubt; the log has it, too."""
        for each in noted:
            log.warning("%s of %s: %s", self.month, self.session.account.name, each.said)
        return {each.field: True for each in noted if each.field}

    def _names(self, asked: Questions, span: Window) -> Mapping[str, str]:
        session = self.session
        names = names_of(session.platform, session.account, span, session.credentials.values)
        return {**names, "size": str(asked.pages.size)}

    def _first(self, asked: Questions, names: Mapping[str, str]) -> Request | None:
        """The question for the first page; None for a report that has no rows."""
        request = request_of(asked, names)
        if asked.ordered is None:
            return request
        report, answer = ordered(self.session, self.journal, request, asked.ordered, names)
        return _fetching(asked.ordered, {**names, "report": report}, answer)


def _all_of(spans: Sequence[Window]) -> Window:
    """All their days at once: a file is one, however few days other questions may span."""
    return Window(spans[0].start, spans[-1].end)


def _fetching(job: Job, names: Mapping[str, str], answer: Any) -> Request | None:
    if job.fetch is not None:
        return request_of(job.fetch, names)
    address = first(answer, job.download or "")
    if not address:
        return None
    parts = urlsplit(str(address))
    return Request("GET", parts._replace(query="").geturl(), signed=parts.query)
