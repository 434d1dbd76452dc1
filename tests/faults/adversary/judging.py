"""What must be true when a home is well again: nothing lost, doubled, silent or stuck, over all revisions."""

from __future__ import annotations

import json
import re
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.adversary.exports import file_of_kpi, file_of_row
from tests.faults.adversary.processes import UNHEARD, End

_FACTS = ("fct_ad_daily", "fct_survey_response", "fct_fx_rate", "measure_daily")
_TEAMS = ("north", "south")
_REFUSED = range(8)
"""The codes of the tree of errors, and 0."""


@dataclass
class Wrong:
    """What was found wrong, in words, by its kind."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        return [f"{kind}: {said}" for kind, found in vars(self).items() for said in found]


@dataclass(frozen=True)
class Left:
    """What a case left behind.

    `references` are dumps of undisturbed homes, one for each number of contents; `variants` says which
    content each export has. `mails` are (message id, recipient) handed over, those of the start included.
    """

    dump: Mapping[str, Any]
    references: Sequence[Mapping[str, Any]]
    variants: Mapping[str, int | None]
    mails: Sequence[tuple[str, str]]


def judge_ends(ends: Sequence[End], wrong: Wrong) -> None:
    """Each process ended well, was refused in one sentence, or was killed by what struck it."""
    for end in ends:
        words, struck = " ".join(end.words), end.strike.kind if end.strike else ""
        # DuckDB aborts the process where the disk fails one of its own threads: no sentence, and nothing half
        if end.code in (-signal.SIGABRT, UNHEARD) and struck == "fail":
            continue
        if end.code < 0 and struck not in ("kill", "die"):
            wrong.broken.append(f"{words}: died of signal {-end.code}, which nobody sent")
        elif (end.code >= 0 and end.code not in _REFUSED) or "Traceback (most" in end.err:
            wrong.broken.append(f"{words} ({struck}): ended with {end.code}: {end.said}")


def judge_mails(mails: Sequence[tuple[str, str]], wrong: Wrong) -> None:
    """No issue came twice to anybody: who settles here looks first whether it arrived."""
    for (message, recipient), count in Counter(mails).items():
        if count > 1:
            wrong.doubled.append(f"{message} came {count} times to {recipient}")


def judge_left(left: Left, wrong: Wrong) -> None:
    """Hold everything that is kept against the exports and the mails; the program says that all is well."""
    wrong.lost += [*_of_cards(left), *_of_people(left)]
    wrong.silent += [*_of_facts(left), *_of_chain(left), *_of_files(left), *_of_strange_mails(left)]
    wrong.stuck += [*_of_states(left)]


def _issues(dump: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return sorted(dump["ledger"]["issues"], key=lambda row: int(row["id"]))


def _newest(dump: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, str]]:
    return {(row["period"], row["team_id"]): row for row in _issues(dump)}


def _figures(card_json: str) -> dict[str, Any]:
    card = json.loads(card_json)
    return {
        result["kpi_id"]: {name: result[name] for name in ("actual", "target", "points")}
        for area in card["areas"]
        for result in area["results"]
    }


def _of_cards(left: Left) -> Iterator[str]:
    """The newest card of each month says what the exports say now."""
    newest = _newest(left.dump)
    references = [_newest(reference) for reference in left.references]
    for team in _TEAMS:
        if ("2026-10", team) not in newest:
            yield f"there is no card of 2026-10/{team}"
    for (period, team), row in newest.items():
        for kpi_id, said in _figures(row["card_json"]).items():
            file = file_of_kpi(period, kpi_id)
            variant = 0 if file is None else left.variants[file] or 0
            expected = _figures(references[variant][period, team]["card_json"])[kpi_id]
            if said != expected:
                yield f"{period}/{team}/r{row['revision']} says {said} of {kpi_id}, not {expected}"


def _of_people(left: Left) -> Iterator[str]:
    """Whoever was to get a card of a month got a revision of it, and October's newest in any case.

    A restatement of September is told on the next card, so the newest of that month need not be mailed.
    """
    of_card: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    cards = {row["id"]: row for row in _issues(left.dump)}
    newest = {row["id"] for row in _newest(left.dump).values()}
    served = set()
    for row in left.dump["ledger"]["deliveries"]:
        card = cards[row["issue_id"]]
        of_card[card["period"], card["team_id"], row["recipient"]].append(row["state"])
        if row["state"] == "sent" and row["issue_id"] in newest:
            served.add((card["period"], card["team_id"]))
    for (period, team, recipient), states in of_card.items():
        if "sent" not in states:
            yield f"no revision of {period}/{team} ever reached {recipient}: {', '.join(states)}"
    for team in _TEAMS:
        if ("2026-10", team) not in served:
            yield f"the newest card of 2026-10/{team} reached nobody"


def _of_facts(left: Left) -> Iterator[str]:
    """Each row of a fact and each measure is there once, as in a home where nothing happened."""
    for table in _FACTS:
        found = Counter(map(_spelled, left.dump["warehouse"].get(table, [])))
        expected: Counter[str] = Counter()
        for number, reference in enumerate(left.references):
            for row in reference["warehouse"].get(table, []):
                file = file_of_row(table, row)
                if number == (0 if file is None else left.variants[file] or 0):
                    expected[_spelled(row)] += 1
        lost, extra = (expected - found).total(), (found - expected).total()
        if lost or extra:
            yield f"{table}: {lost} rows lost, {extra} too many, and nothing says so"


def _spelled(row: Mapping[str, str]) -> str:
    return str(sorted(row.items()))


def _of_chain(left: Left) -> Iterator[str]:
    """The revisions of a card are 1, 2, 3 ..., and each after the first has its reason."""
    revisions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in _issues(left.dump):
        revisions[row["period"], row["team_id"]].append(int(row["revision"]))
    for card, numbers in revisions.items():
        if numbers != [*range(1, len(numbers) + 1)]:
            yield f"{card}: expected one chain of revisions, found {numbers}"
    reasons = {row["issue_id"] for row in left.dump["ledger"]["restatements"]}
    for row in _issues(left.dump):
        if int(row["revision"]) > 1 and row["id"] not in reasons:
            yield f"{row['period']}/{row['team_id']}/r{row['revision']} has no reason"


def _of_files(left: Left) -> Iterator[str]:
    """Every document of every revision has the bytes that were issued."""
    periods = {row["id"]: row["period"] for row in _issues(left.dump)}
    for row in left.dump["ledger"]["documents"]:
        name = f"scorecards/{periods[row['issue_id']]}/{row['name']}"
        if left.dump["files"].get(name) != row["sha256"]:
            yield f"{name} is not what was issued, and nothing says so"


def _of_strange_mails(left: Left) -> Iterator[str]:
    """Each mail that ever went out is of an issue that the ledger has."""
    known = {
        f"{row['period']}.{row['team_id']}.r{row['revision']}.{row['content_hash'][:10]}"
        for row in _issues(left.dump)
    }
    for message, recipient in left.mails:
        name = message.strip("<>").partition("@")[0]
        if re.sub(r"\.[0-9a-f]{10}$", "", name) not in known:
            yield f"{message} went to {recipient}, and the ledger has no such issue"


def _of_states(left: Left) -> Iterator[str]:
    """Each delivery is at an end, and one that is marked as sent has arrived."""
    arrived = {(message.strip("<>").partition("@")[0], recipient) for message, recipient in left.mails}
    for row in left.dump["ledger"]["deliveries"]:
        what = f"issue {row['issue_id']} to {row['recipient']}"
        if row["state"] not in ("sent", "superseded"):
            yield f"{what} is {row['state']} when all is said to be well"
        name = row["message_id"].strip("<>").partition("@")[0]
        is_there = (name, row["recipient"]) in arrived
        if row["state"] == "sent" and not is_there and name != "None":
            yield f"{what} is marked as sent and never arrived"
        if row["state"] == "superseded" and is_there:
            yield f"{what} is superseded and arrived"
