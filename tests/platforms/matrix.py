"""Every platform, everything that can go wrong, each of its pages: what came of it, and whether that may be.

A cell is a platform, a behaviour and a place. The month is pulled once well. Then it is pulled again while the
behaviour is played: it ends in exactly the same rows, or in one sentence and the rows of before, and a pull after it
ends in exactly the same rows. Requests, waits and secrets are counted in every cell.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pulling.asking import Patience
from pulling.paths import every
from pulling.platform import Platform, shipped_platforms
from scoring.errors import ScorewrightError
from tests.platforms.blind import is_harmless, may_go_unnoticed
from tests.platforms.pulled import OCTOBER, Pulled, pulling
from tests.platforms.standin import (
    ELSEWHERE,
    MAY_ASK,
    SECRETS,
    Fault,
    Reply,
    Server,
    Standin,
    bad_gzip,
    brotli,
    expired,
    half_gzip,
    how,
    html,
    huge,
    redirect,
    status,
    truncated,
)

TRIES = Patience().tries
FOR_EVER = 100
PLACES = ("first", "middle", "last")
FIRM = re.compile(rb"canary[-%\\/\w]{4,}")


class DoesNotApplyError(Exception):
    """There is nothing of this kind in the answer, such as a next page in a stream."""


@dataclass(frozen=True)
class Spoiler:
    """What changes a whole page of rows into a wrong one, by what the platform's YAML says of it."""

    change: Callable[[Any, list[Any], Platform, Standin], None]
    of_lines: Callable[[list[bytes]], list[bytes]] | None = None

    def on(self, platform: Platform) -> Fault:
        return partial(self._spoiled, platform)

    def _spoiled(self, platform: Platform, reply: Reply, standin: Standin) -> Reply:
        if platform.questions[0].pages.style == "file":
            return self._of_file(reply, standin)
        value = json.loads(reply.payload)
        rows = _rows_in(value, platform)
        try:
            self.change(value, rows, platform, standin)
        except (DoesNotApplyError, IndexError):
            standin.state["not applicable"] = True
            return reply
        return replace(reply, value=value)

    def _of_file(self, reply: Reply, standin: Standin) -> Reply:
        if self.of_lines is None:
            standin.state["not applicable"] = True
            return reply
        return replace(reply, content=in_file(reply.payload, self.of_lines))


def _rows_in(value: Any, platform: Platform) -> list[Any]:
    """The list of rows itself, to be changed."""
    asked = platform.questions[0]
    path = asked.rows or ""
    path = f"{path}.*.{asked.inner}" if asked.inner else path
    lists = [each for each in every(value, path) if isinstance(each, list) and each]
    return lists[-1] if lists else []


def in_file(content: bytes, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """A file whose lines are changed, also in a zip."""
    if not content.startswith(b"PK"):
        return b"".join(change(content.splitlines(keepends=True)))
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"".join(change(old.read(name).splitlines(keepends=True))))
    return packed.getvalue()


def _twice(_: Any, rows: list[Any], __: Platform, ___: Standin) -> None:
    rows.append(rows[0])


def _lost(_: Any, rows: list[Any], __: Platform, ___: Standin) -> None:
    rows.pop()


def _short(_: Any, rows: list[Any], __: Platform, ___: Standin) -> None:
    rows[0]
    del rows[len(rows) // 2 :]


def _moved(_: Any, rows: list[Any], __: Platform, standin: Standin) -> None:
    """The page of before once more, as a server gives it whose rows moved meanwhile."""
    if "kept" not in standin.state:
        standin.state["kept"] = [*rows]
        raise DoesNotApplyError
    if {*standin.state["kept"][0]} != {*rows[0]}:
        # it is of another question
        raise DoesNotApplyError
    rows[:] = standin.state["kept"]


def _set(value: Any, path: str, change: Callable[[Any], Any]) -> None:
    above, _, name = path.rpartition(".")
    for each in every(value, above):
        if isinstance(each, dict) and each.get(name) not in (None, ""):
            each[name] = change(each[name])
            return
    raise DoesNotApplyError


def _other_total(value: Any, _: list[Any], platform: Platform, __: Standin) -> None:
    pages = platform.questions[0].pages
    _set(value, pages.total or pages.count or "-", lambda number: number + 1)


def _looping(value: Any, _: list[Any], platform: Platform, standin: Standin) -> None:
    """The next page is the one before this."""
    pages = platform.questions[0].pages
    seen = standin.state.setdefault("seen", [])

    def again(found: Any) -> Any:
        if not seen:
            seen.append(found)
            raise DoesNotApplyError
        return seen[0]

    _set(value, pages.next or "-", again)


def _other_text(old: bytes, new: bytes) -> Fault:
    """The same with a text instead of another, also inside a zip."""

    def changed(reply: Reply, standin: Standin) -> Reply:
        def change(lines: list[bytes]) -> list[bytes]:
            return [re.sub(rb"(?<![0-9A-Za-z])" + old, new, line) for line in lines]

        content = in_file(reply.payload, change) if reply.payload[:1] != b"{" else change([reply.payload])[0]
        if in_file(reply.payload, list) == content:
            standin.state["not applicable"] = True
        return replace(reply, content=content)

    return changed


@dataclass(frozen=True)
class Behaviour:
    """What goes wrong, how often in a row, and what may come of it: `exact`, `refused`, or either of them."""

    fault: Callable[[Platform], Fault]
    times: int = 1
    may: tuple[str, ...] = ("exact", "refused")
    everywhere: bool = True
    """Whether it can also happen to answers without rows, such as that to an order."""


def _wire(fault: Fault, times: int = 1) -> Behaviour:
    return Behaviour(lambda _: fault, times, ("exact",) if times == 1 else ("refused",))


def _rows(change: Any, of_lines: Any = None, times: int = FOR_EVER) -> Behaviour:
    return Behaviour(Spoiler(change, of_lines).on, times, ("refused",), everywhere=False)


def _dripping(theirs: Reply, standin: Standin) -> Reply:
    standin.state["drips"]()
    return replace(theirs, how="drip")


SKEWED = {"Retry-After": "Fri, 20 Nov 2026 06:02:00 GMT", "Date": "Fri, 20 Nov 2026 06:00:00 GMT"}

OUT_OF_QUOTA: dict[str, Reply] = {
    "google_ads": Reply(
        {
            "error": {
                "code": 429,
                "details": [
                    {
                        "errors": [
                            {
                                "errorCode": {"quotaError": "RESOURCE_EXHAUSTED"},
                                "details": {"quotaErrorDetails": {"retryDelay": "7200s"}},
                            }
                        ]
                    }
                ],
            }
        },
        429,
    ),
    "meta_ads": Reply(
        {"error": {"code": 80000, "message": "too many calls"}},
        400,
        {"x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 90}]}'},
    ),
    "tiktok_ads": Reply({"code": 40100, "message": "Too many requests"}),
    "ocean_engine": Reply({"code": 40100, "message": "请求过于频繁"}),
    "tencent_ads": Reply({"code": 11017, "message": "frequency limited"}),
    "wechat_articles": Reply({"errcode": 45009, "errmsg": "reach max api daily quota limit"}),
    "wechat_followers": Reply({"errcode": 45009, "errmsg": "reach max api daily quota limit"}),
    "microsoft_ads": Reply({"OperationErrors": [{"Code": 117, "Message": "CallRateExceeded"}]}, 500),
    "shopify": Reply({"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}),
    "pinterest_ads": Reply({"code": 8, "message": "rate limit"}, 429, {"X-RateLimit-Reset": "3600"}),
    "surveymonkey": Reply(
        {"error": {"message": "limit"}}, 429, {"X-Ratelimit-App-Global-Minute-Reset": "3600"}
    ),
    "pingcode": Reply({"code": "100038", "message": "limit"}, 429, {"x-pc-retry-after": "3600"}),
    "salesforce_leads": Reply([{"message": "limit exceeded", "errorCode": "REQUEST_LIMIT_EXCEEDED"}], 403),
    "x": Reply(
        {"title": "Too Many Requests", "detail": "limit", "status": 429},
        429,
        {"x-rate-limit-reset": "1795158000", "Date": "Fri, 20 Nov 2026 06:00:00 GMT"},
    ),
}
"""How each platform says that there is no more for now; the others say 429 and for an hour."""


def _quota_ends(platform: Platform) -> Fault:
    name = next(
        name
        for name, each in shipped_platforms().items()
        if each.url == platform.url or each.title == platform.title
    )
    return lambda reply, _: replace(OUT_OF_QUOTA.get(name, LATER), page=reply.page)


LATER = Reply({"error": {"code": 429, "message": "quota"}}, 429, {"Retry-After": "3600"})
BEHAVIOURS: dict[str, Behaviour] = {
    "429 once": _wire(status(429)),
    "429 with Retry-After once": _wire(status(429, **{"Retry-After": "7"})),
    "429 for ever": _wire(status(429), FOR_EVER),
    "429 with Retry-After for ever": _wire(status(429, **{"Retry-After": "7"}), FOR_EVER),
    "500 once": _wire(status(500)),
    "503 for ever": _wire(status(503), FOR_EVER),
    "400": Behaviour(lambda _: status(400), 1, ("refused",)),
    "silence once": _wire(how("silent")),
    "silence for ever": _wire(how("silent"), FOR_EVER),
    "slow drip": _wire(_dripping, FOR_EVER),
    "reset once": _wire(how("reset")),
    "reset for ever": _wire(how("reset"), FOR_EVER),
    "cut off once": _wire(how("cut")),
    "truncated once": Behaviour(lambda _: truncated),
    "truncated for ever": Behaviour(lambda _: truncated, FOR_EVER, ("refused",)),
    "HTML with 200 once": _wire(html),
    "HTML with 200 for ever": _wire(html, FOR_EVER),
    "bad gzip once": _wire(bad_gzip),
    "bad gzip for ever": _wire(bad_gzip, FOR_EVER),
    "half gzip once": _wire(half_gzip),
    "brotli": Behaviour(lambda _: brotli, 1, ("refused",)),
    "huge body": Behaviour(lambda _: huge, 1, ("refused",)),
    "redirect": Behaviour(lambda _: redirect, 1, ("refused",)),
    "token expires": Behaviour(lambda _: expired, 1, everywhere=False),
    "clock skew": _wire(status(503, **SKEWED)),
    "quota ends": Behaviour(_quota_ends, FOR_EVER, ("refused",)),
    "a row twice": _rows(_twice, lambda lines: [*lines, lines[-1]]),
    "a row lost": _rows(_lost, lambda lines: lines[:-1]),
    "a short page": _rows(_short, lambda lines: lines[: len(lines) // 2]),
    "the page of before": _rows(_moved),
    "a looping page": _rows(_looping),
    "another total": _rows(_other_total),
    "wrong account": Behaviour(
        lambda _: _other_text(b"1001", b"1002"), FOR_EVER, ("refused",), everywhere=False
    ),
    "wrong currency": Behaviour(
        lambda _: _other_text(b"EUR", b"USD"), FOR_EVER, ("refused",), everywhere=False
    ),
}


@dataclass(frozen=True)
class Cell:
    """What came of a cell: `exact`, `refused`, `unnoticed`, `n/a`, or what is wrong."""

    name: str
    behaviour: str
    place: str
    outcome: str
    wrong: str = ""


@dataclass
class Row:
    """A platform in the matrix, pulled well once."""

    theirs: Pulled
    log: io.StringIO
    good: str = ""
    pages: list[int] = field(default_factory=list)
    """All pages of a good pull."""
    with_rows: list[int] = field(default_factory=list)
    asked: int = 0

    def start(self) -> None:
        self.again()
        assert self.theirs.land()
        self.good, self.pages = self.landed(), [*self.theirs.standin.pages]
        self.with_rows = sorted({page for page in self._with_rows() if page is not None})
        self.asked = len(self.theirs.standin.asked)

    def _with_rows(self) -> Iterator[int | None]:
        platform = self.theirs.platform
        for _, reply in self.theirs.standin.answered:
            is_file = platform.questions[0].pages.style == "file"
            if is_file or _rows_in(json.loads(reply.payload), platform):
                yield reply.page

    def landed(self) -> str:
        account = self.theirs.account()
        return self.theirs.landing.latest(account.source, account.entity, OCTOBER).content_sha256

    def again(self) -> None:
        standin = self.theirs.standin
        standin.pages.clear()
        standin.asked.clear()
        standin.answered.clear()
        for name in ("polls", "kept", "seen", "not applicable"):
            standin.state.pop(name, None)
        standin.faults = {}
        standin.valid = {MAY_ASK}
        self.theirs.clock.waits.clear()
        self.theirs.clock.cost = 0.0

    def page_at(self, place: str) -> int | None:
        """The page of a place; None where it is the same as another place, or there is none."""
        if place == "elsewhere":
            asked = self.theirs.platform.questions[0]
            return ELSEWHERE if asked.ordered or asked.for_each else None
        pages = self.with_rows
        at = {"first": 0, "middle": len(pages) // 2, "last": len(pages) - 1}
        found = pages[at[place]]
        earlier = [pages[at[each]] for each in PLACES[: PLACES.index(place)]]
        return None if found in earlier else found

    def play(self, name: str, place: str) -> Cell:
        cell = partial(Cell, self.theirs.name, name, place)
        page, behaviour = self.page_at(place), BEHAVIOURS[name]
        if page is None or (page == ELSEWHERE and not behaviour.everywhere):
            return cell("n/a")
        self.again()
        self.log.seek(0)
        self.log.truncate()
        standin = self.theirs.standin
        standin.faults[page] = [behaviour.fault(self.theirs.platform)] * behaviour.times
        if name in ("the page of before", "a looping page"):
            # what is repeated is the page before this one
            standin.faults[max(page - 1, 0)] = [behaviour.fault(self.theirs.platform)] * behaviour.times
        self.theirs.patience = replace(self.theirs.patience, read=0.05 if name.startswith("silence") else 2.0)
        outcome, sentence = self._outcome()
        if standin.state.get("not applicable") and outcome == "exact":
            return cell("n/a")
        wrong = "; ".join(self._wrong(behaviour, outcome, sentence, name))
        return cell(outcome, wrong)

    def _outcome(self) -> tuple[str, str]:
        """What a pull ends in, and the sentence where it is refused, also when it is read."""
        try:
            self.theirs.land()
            self.theirs.rows()
        except ScorewrightError as error:
            return "refused", str(error)
        return ("exact" if self.landed() == self.good else "unnoticed"), ""

    def _wrong(self, behaviour: Behaviour, outcome: str, sentence: str, name: str) -> Iterator[str]:
        standin, clock = self.theirs.standin, self.theirs.clock
        if outcome == "refused":
            yield from _bad_sentence(sentence)
        if not self._may_be(behaviour, outcome, name):
            yield f"{outcome}: {sentence}"
        if len(standin.asked) > 2 * self.asked + 2 * TRIES:
            yield f"{len(standin.asked)} requests instead of {self.asked}"
        if sum(clock.waits) > 5 * 300 + 200:
            yield f"waited for {sum(clock.waits):,.0f} s"
        if name == "429 with Retry-After once" and 7.0 not in clock.waits:
            yield "did not wait as long as it was told"
        if name == "clock skew" and 120.0 not in clock.waits:
            yield f"waited for {clock.waits} and not for 120 s by the platform's own clock"
        if outcome in ("refused", "exact") and FIRM.search(f"{sentence} {self.log.getvalue()}".encode()):
            yield "a secret in the sentence or the log"
        if outcome == "refused":
            yield from self._not_mended()

    def _may_be(self, behaviour: Behaviour, outcome: str, name: str) -> bool:
        if outcome == "unnoticed":
            return may_go_unnoticed(self.theirs.name, name)
        return outcome in behaviour.may or (outcome == "exact" and is_harmless(self.theirs.name, name))

    def _not_mended(self) -> Iterator[str]:
        """A pull after it, when all is well again."""
        self.again()
        self.theirs.patience = replace(self.theirs.patience, read=2.0)
        outcome, sentence = self._outcome()
        if outcome != "exact":
            yield f"not mended by the next pull: {outcome} {sentence}"

    def secrets(self) -> list[str]:
        """Files of this platform in which a secret stands."""
        known = [each.encode() for each in (MAY_ASK, *SECRETS.values()) if each.startswith("canary")]
        known += [b"canary-T0ken%2F", b"canary-signature", b"canary-fresh", rb"canary-T0ken\/"]
        return [
            "a secret in a file" for content in self.theirs.texts() if any(each in content for each in known)
        ]


def _bad_sentence(sentence: str) -> Iterator[str]:
    if "\n" in sentence or sentence.count("expected") != 1:
        yield f"not one sentence: {sentence}"


def slow(platform: Platform) -> Platform:
    """The platform with the month in one window and still open, so that its pages have one number each."""
    is_short = platform.window_days in (1, 7) and (platform.sent or platform.sign)
    longest = platform.window_days if is_short else 366
    return platform.model_copy(update={"restated_days": 90, "window_days": max(longest, 1)})


@contextmanager
def begun(name: str, folder: Path, server: Server) -> Iterator[Row]:
    """A platform that was pulled well once, with a log of everything that anybody writes."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with pulling(name, folder, server) as theirs:
            theirs.platform = slow(theirs.platform)
            # the month in one question
            theirs.standin.state["most_days"] = 31
            theirs.standin.state["drips"] = lambda: setattr(theirs.clock, "cost", 200.0)
            if theirs.platform.url.endswith("ecb.europa.eu"):
                theirs.platform = theirs.platform.model_copy(update={"url": theirs.url})
            row = Row(theirs, log)
            row.start()
            yield row
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
