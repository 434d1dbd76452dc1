"""Which periods of a trend cannot be read like the others, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby

from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.scorecard import Scorecard
from scoring.text import LocalText
from scoring.working import HistoryPoint, Unlike

MARK = "*"
"""Stands behind a value of such a period; in a chart its point is hollow."""
TURNS = 2
"""How often other teams may have belonged to it for each time to have its line."""
NAMED = 3
"""How many teams are named beside a trend; the method names all."""

_WHY = {
    Unlike.LACKING_DATA: msgid("some of the data is missing"),
    Unlike.PART_PERIOD: msgid("only a part of the days counts"),
    Unlike.OTHER_TEAMS: msgid("other teams then"),
}

Runs = Sequence[tuple[str, str]]
"""The first and the last of periods that follow one another."""


def unlike_lines(history: Sequence[HistoryPoint], reader: Reader) -> tuple[str, ...]:
    """A line for each reason, such as `* Oct 25 – Dec 25, Mar 26: some of the data is missing`."""
    return _told(_by_reason(history), reader)


def _told(by_reason: Mapping[Unlike, Runs], reader: Reader) -> tuple[str, ...]:
    return tuple(_line(runs, reader.words.say(_WHY[why]), reader) for why, runs in by_reason.items())


def card_lines(card: Scorecard, reader: Reader) -> tuple[str, ...]:
    """The same of all trends of the card; of other teams which these were."""
    told = _by_reason(_of_all(card))
    turns = len(_same_teams(card))
    if Unlike.OTHER_TEAMS not in told or turns > TURNS:
        return _told(told, reader)
    del told[Unlike.OTHER_TEAMS]
    return (*_told(told, reader), *_teams(card, reader))


def with_why(text: str, point: HistoryPoint, reader: Reader) -> str:
    """What is said against one point, and why that cannot be read like the others, if so."""
    if not point.unlike:
        return text
    why = reader.words.listing([reader.words.say(_WHY[why]) for why in point.unlike])
    return reader.words.say("%(text)s – there, %(why)s", text=text, why=why)


def marked(text: str, point: HistoryPoint) -> str:
    """A value of a trend with the mark that it needs."""
    return f"{text}{MARK}" if point.unlike else text


def teams_then(card: Scorecard, reader: Reader) -> tuple[str, ...]:
    """Every team that was added up in the earlier periods in which these were others than now."""
    return tuple(
        reader.words.say("%(periods)s: %(why)s", periods=_span(*ends, reader), why=_names(teams, reader))
        for teams, ends in _same_teams(card)
    )


def _of_all(card: Scorecard) -> list[HistoryPoint]:
    """A point for each period, unlike the others for every reason that holds in any trend."""
    found: defaultdict[str, set[Unlike]] = defaultdict(set)
    for point in chain(card.total_history, *(result.history for result in card.results)):
        found[point.period].update(point.unlike)
    return [HistoryPoint(period, None, None, unlike=tuple(why)) for period, why in found.items()]


def _by_reason(history: Sequence[HistoryPoint]) -> dict[Unlike, Runs]:
    """The periods of each reason that any has, in the order of the reasons."""
    found = {why: _runs([why in point.unlike for point in history], history) for why in Unlike}
    return {why: runs for why, runs in found.items() if runs}


def _runs(holds: Iterable[object], history: Sequence[HistoryPoint]) -> Runs:
    """The stretches for which the same holds, but for those for which nothing does."""
    stretches = groupby(zip(holds, history, strict=True), key=lambda pair: pair[0])
    kept = ([point.period for _, point in stretch] for is_so, stretch in stretches if is_so)
    return [(periods[0], periods[-1]) for periods in kept]


def _line(runs: Runs, why: str, reader: Reader) -> str:
    said = reader.words.say("%(periods)s: %(why)s", periods=_spoken(runs, reader), why=why)
    return f"{MARK} {said}"


def _spoken(runs: Runs, reader: Reader) -> str:
    return reader.words.listing([_span(*ends, reader) for ends in runs])


def _span(first: str, last: str, reader: Reader) -> str:
    ends = {"first": reader.figures.periods.short(first), "last": reader.figures.periods.short(last)}
    return ends["first"] if first == last else reader.words.say("%(first)s – %(last)s", **ends)


def _teams(card: Scorecard, reader: Reader) -> Iterable[str]:
    """A line for each stretch of periods with the same other teams."""
    for teams, ends in _same_teams(card):
        yield _line([ends], _against_now(teams, card, reader), reader)


def _same_teams(card: Scorecard) -> list[tuple[tuple[LocalText, ...], tuple[str, str]]]:
    """The other teams of earlier periods, and the first and the last period that had them."""
    then = {each.period: each.teams for each in card.made_before}
    told = [point.period if Unlike.OTHER_TEAMS in point.unlike else "" for point in _of_all(card)]
    stretches = groupby(told, key=then.get)
    kept = ((teams, list(periods)) for teams, periods in stretches if teams is not None)
    return [(teams, (periods[0], periods[-1])) for teams, periods in kept]


def _against_now(teams: Sequence[LocalText], card: Scorecard, reader: Reader) -> str:
    """Which teams belonged to it besides those of now, and which did not yet, or no longer."""
    more = [team for team in teams if team not in card.made_of]
    fewer = [team for team in card.made_of if team not in teams]
    told = ((_WITH, more), (_WITHOUT, fewer))
    return reader.words.listing(
        [reader.words.say(message, teams=_first(names, reader)) for message, names in told if names]
    )


_WITH, _WITHOUT = msgid("with %(teams)s"), msgid("without %(teams)s")


def _first(names: Sequence[LocalText], reader: Reader) -> str:
    """The first few by name, and how many more there are."""
    shown, left = _names(names[:NAMED], reader), len(names) - NAMED
    return shown if left <= 0 else reader.words.say("%(teams)s and %(left)s more", teams=shown, left=left)


def _names(teams: Sequence[LocalText], reader: Reader) -> str:
    return reader.words.listing([team.to(reader.words.language) for team in teams])
