"""Reads back the sentences of page 1: every number in them is one that the card's JSON makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from tests.printed.held import Held, numbers_in, printed_number

Said = dict[str, Any]
PREVIOUS = "2026-09"
_CAUSE = r"(?P<main>.+?)"
# where a line of a page ends, its text has no blank: none is looked at
PATTERNS = {
    "en": {
        "lost": r"Mostpointswerelostby(?P<kpi>.+?):(?P<lost>[\d.]+)of(?P<weight>[\d.]+)"
        r"(?:;thenby(?P<kpi2>.+):(?P<lost2>[\d.]+)of(?P<weight2>[\d.]+))?\.",
        "gained": r"Mostwasgainedby(?P<kpi>.+):(?P<points>[\d.]+)pointswithaweightof(?P<weight>[\d.]+)\.",
        "moved": r"(?P<kpi>.+)(?:worsened|improved)mostagainstSeptember:(?P<now>.+)after(?P<past>.+?)\."
        r"(?:Behindit:(?P<main>.+)\.)?",
        "missed": r"(?P<kpi>.+)misseditstargetby(?P<missed>.+)\.AgainstSeptemberitwentfrom(?P<past>.+)to(?P<now>.+),"
        rf"because{_CAUSE}(?:;that(?P<other>.+)(?:didnotmakeupforit|undidapartofit))?\.",
        "ahead": r"(?P<kpi>.+):(?:needs|atmost)(?P<needed>.+)aworkingdayfortheremaining(?P<left>\d+),sofar(?P<pace>.+)"
        r"\.Forecastby31October2026:(?P<forecast>.+?)(?:\((?P<low>.+)to(?P<high>.+)\))?\.",
    },
    "zh_CN": {
        "lost": r"失分最多：(?P<kpi>.+?)，(?P<weight>[\d.]+)分中失(?P<lost>[\d.]+)分"
        r"(?:；其次：(?P<kpi2>.+)，(?P<weight2>[\d.]+)分中失(?P<lost2>[\d.]+)分)?。",
        "gained": r"得分最多：(?P<kpi>.+)，权重(?P<weight>[\d.]+)，得(?P<points>[\d.]+)分。",
        "moved": r"与9月相比(?:下滑|改善)最大：(?P<kpi>.+)，由(?P<past>.+)变为(?P<now>.+?)。(?:变动因素：(?P<main>.+)。)?",
        "missed": r"(?P<kpi>.+)未达目标，相差(?P<missed>.+)。与9月相比由(?P<past>.+)变为(?P<now>.+)，(?:原因是|得益于)"
        rf"{_CAUSE}(?:；(?P<other>.+)(?:未能抵消|抵消了一部分))?。",
        "ahead": r"(?P<kpi>.+)：其余(?P<left>\d+)个工作日每日(?:需|不超过)(?P<needed>.+)，目前每日(?P<pace>.+)。"
        r"预计至2026年10月31日为(?P<forecast>.+?)(?:（(?P<low>.+)至(?P<high>.+)）)?。",
    },
}
_FACTOR = re.compile(r"(?:rose|fell|上升|下降)[(（](.+?)[)）]")


def hold_sentences(held: Held, sentences: Sequence[str], said: Said, named: Callable[[str], Said]) -> None:
    """Hold each sentence; `named` finds the line that a name on the page is of."""
    for sentence in sentences:
        text = re.sub(r"\s", "", sentence)
        found = ((kind, re.fullmatch(how, text)) for kind, how in PATTERNS[said["language"]].items())
        kinds = [(kind, match) for kind, match in found if match is not None]
        held.same(
            "pdf: highlights" if kinds else f"pdf: highlights: {sentence}",
            [k for k, _ in kinds][:1] != [],
            True,
        )
        for kind, match in kinds[:1]:
            parts = {name: part for name, part in match.groupdict().items() if part is not None}
            _HOLD[kind](held, parts, named)


def _points(line: Said) -> Decimal:
    return Decimal(line["effective_weight"]) - Decimal(line["points"])


def _lost(held: Held, parts: dict[str, str], named: Callable[[str], Said]) -> None:
    for which in ("", "2") if "kpi2" in parts else ("",):
        line = named(parts[f"kpi{which}"])
        held.number("pdf: highlights: lost", parts[f"lost{which}"], _points(line), 1, 1)
        held.number("pdf: highlights: lost: weight", parts[f"weight{which}"], line["effective_weight"])


def _gained(held: Held, parts: dict[str, str], named: Callable[[str], Said]) -> None:
    line = named(parts["kpi"])
    held.number("pdf: highlights: gained", parts["points"], line["points"], 1, 1)
    held.number("pdf: highlights: gained: weight", parts["weight"], line["effective_weight"])


def _scale(line: Said) -> int:
    return 100 if line["unit"] == "percent" else 1


def _past(line: Said) -> object:
    return next(point["actual"] for point in line["history"] if point["period"] == PREVIOUS)


def _moved(held: Held, parts: dict[str, str], named: Callable[[str], Said]) -> None:
    line = named(parts["kpi"])
    held.number("pdf: highlights: now", parts["now"], line["actual"], _scale(line))
    held.number("pdf: highlights: before", parts["past"], _past(line), _scale(line))
    causes = [cause for name in ("main", "other") for cause in _FACTOR.findall(parts.get(name, ""))]
    if causes:
        _chain(held, parts, causes, line)


def _chain(held: Held, parts: dict[str, str], causes: Sequence[str], line: Said) -> None:
    """They sum to the change as it is printed, and each is that of a measure, but for what rounding took."""
    now, past, *each = map(printed_number, (parts["now"], parts["past"], *causes))
    held.same("pdf: highlights: chain", sum(each), now - past)
    last_digit = Decimal(1).scaleb(int(now.as_tuple().exponent))
    effects = [Decimal(measure["effect"]) * _scale(line) for measure in line["drivers"]["measures"]]
    for part in each:
        close = [effect for effect in effects if abs(effect - part) <= 2 * last_digit and effect * part > 0]
        held.same("pdf: highlights: part of a measure", len(close) > 0, True)


def _missed(held: Held, parts: dict[str, str], named: Callable[[str], Said]) -> None:
    line = named(parts["kpi"])
    actual, target = Decimal(line["actual"]), Decimal(line["target"])
    by = abs(actual - target) if line["unit"] == "percent" else abs((actual - target) / target)
    held.number("pdf: highlights: missed", parts["missed"], by, 100)
    is_worse = actual > target if line["direction"] == "lower" else actual < target
    held.same("pdf: highlights: missed", is_worse, True)
    _moved(held, parts, named)


def _ahead(held: Held, parts: dict[str, str], named: Callable[[str], Said]) -> None:
    line = named(parts["kpi"])
    told = line["outlook"]
    held.number("pdf: highlights: ahead: days", parts["left"], told["days_left"])
    for name in ("needed", "pace", "forecast"):
        held.number(f"pdf: highlights: ahead: {name}", parts[name], told[name], _scale(line))
    for name in ("low", "high"):
        held.same(f"pdf: highlights: ahead: {name}", name in parts, told.get(name) is not None)
        if name in parts:
            held.number(f"pdf: highlights: ahead: {name}", parts[name], told[name], _scale(line))


_HOLD: dict[str, Callable[[Held, dict[str, str], Callable[[str], Said]], None]] = {
    "lost": _lost,
    "gained": _gained,
    "missed": _missed,
    "ahead": _ahead,
    "moved": _moved,
}


def numbers_of_forecast(text: str) -> Iterator[str]:
    """The numbers that a step of a forecast comes to, without those of its sum and its days."""
    yield from numbers_in(re.sub(r"\d+ \w+ \d{4}|\d{4}年\d+月\d+日", "", re.split("[=≈]", text)[-1]))
