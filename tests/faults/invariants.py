"""What must be true after a death and two clean runs, whatever the run died of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.dumps import timeless

_CONTENT = ("period", "team_id", "revision", "content_hash", "card_json")
_DOCUMENT = ("name", "media_type", "sha256")
_RESTATED = ("is_closed", "restatement_json", "received_json")


@dataclass
class Verdict:
    """What was found wrong, counted; `faults` says each in words. `uncertain` mails are no fault."""

    lost: int = 0
    duplicated: int = 0
    doubled: int = 0
    missing: int = 0
    uncertain: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Evidence:
    """What a case left behind, beside the `reference` of an undisturbed place from the same start.

    `ends` are the two clean runs, `first` and `second` the dumps after each; `mails` is the whole inbox,
    those of the start included.
    """

    reference: dict[str, Any]
    ends: list[dict[str, Any]]
    first: dict[str, Any]
    second: dict[str, Any]
    mails: list[dict[str, str]]
    home: Path


def judge(evidence: Evidence) -> Verdict:
    """Hold the evidence against every invariant."""
    verdict = Verdict()
    _judge_rows(evidence, verdict)
    _judge_mails(evidence, verdict)
    verdict.faults += [*_of_ledger(evidence), *_of_files(evidence), *_of_second_run(evidence)]
    return verdict


def _judge_rows(evidence: Evidence, verdict: Verdict) -> None:
    """Every fact, record and measure as in the undisturbed place, and as often."""
    reference, found = (timeless(dump["warehouse"]) for dump in (evidence.reference, evidence.second))
    for table in sorted(reference.keys() | found.keys()):
        expected, got = Counter(reference.get(table, [])), Counter(found.get(table, []))
        lost, duplicated = (expected - got).total(), (got - expected).total()
        if lost or duplicated:
            verdict.lost += lost
            verdict.duplicated += duplicated
            verdict.faults.append(f"{table}: {lost} rows lost, {duplicated} too many")


def _of_ledger(evidence: Evidence) -> Iterator[str]:
    """The same issues with the same content: one chain of revisions for each team, without a gap.

    And of each revision the same restatement.
    """
    for table, columns in (("issues", _CONTENT), ("documents", _DOCUMENT), ("restatements", _RESTATED)):
        expected, found = (
            sorted(tuple(row[name] for name in columns) for row in dump["ledger"][table])
            for dump in (evidence.reference, evidence.second)
        )
        if found != expected:
            revisions = sorted(
                (row["period"], row["team_id"], row["revision"])
                for row in evidence.second["ledger"]["issues"]
            )
            yield f"{table}: expected those of the undisturbed place, found {len(found)} beside {revisions}"


def _judge_mails(evidence: Evidence, verdict: Verdict) -> None:
    """Each (issue, recipient) at most once, and nothing missing that its state does not admit."""
    counted = Counter((mail["message_id"], mail["recipient"]) for mail in evidence.mails)
    verdict.doubled = sum(count - 1 for count in counted.values())
    if verdict.doubled:
        verdict.faults.append(f"mails: {verdict.doubled} doubles")
    rows = evidence.second["ledger"]["deliveries"]
    unqueued = _queued(evidence.reference) - _queued(evidence.second)
    silent = [f"{card} to {recipient} was never queued" for card, recipient in sorted(unqueued)]
    for row in rows:
        mails = counted.pop((row["message_id"], row["recipient"]), 0)
        silent += _silence(row, mails, evidence.ends)
        verdict.uncertain += row["state"] == "uncertain"
    verdict.missing = len(silent)
    verdict.faults += silent
    verdict.faults += [f"mail {mail} belongs to no delivery" for mail in counted]


def _queued(dump: dict[str, Any]) -> set[tuple[str, str]]:
    """The deliveries by card and recipient: a number of an issue may be skipped after a death."""
    cards = {
        row["id"]: f"{row['period']}/{row['team_id']}/r{row['revision']}" for row in dump["ledger"]["issues"]
    }
    return {(cards[row["issue_id"]], row["recipient"]) for row in dump["ledger"]["deliveries"]}


def _silence(row: dict[str, str], mails: int, ends: list[dict[str, Any]]) -> list[str]:
    """What the state of a delivery says wrongly, or keeps to itself."""
    what = f"issue {row['issue_id']} to {row['recipient']}"
    if row["state"] == "sent":
        return [] if mails else [f"{what} is marked as sent and never arrived"]
    if row["state"] == "superseded":
        return [f"{what} is superseded and arrived"] if mails else []
    if row["state"] not in ("uncertain", "failed"):
        return [f"{what} is still {row['state']}"]
    if not all(end["code"] == 6 and row["recipient"] in end["said"] for end in ends):
        return [f"{what} is {row['state']} and a clean run said nothing of it"]
    return []


_OF_ITS_RUN = (".issued", ".claimed", "/drafted.sha256")
"""These say when it was issued, the how-manieth attempt it was, and when its data were loaded."""


def _of_files(evidence: Evidence) -> Iterator[str]:
    """Whole files under final names only, and every file that a manifest or an issue names."""
    expected, found = evidence.reference["files"], evidence.second["files"]
    cards, others = (
        {name for name in found if name.startswith("scorecards/")} for found in (found, expected)
    )
    if cards != others:
        yield f"cards: expected {len(others)} files, found others: {sorted(cards ^ others)}"
    for name in sorted(cards & others):
        if found[name] != expected[name] and not name.endswith(_OF_ITS_RUN):
            yield f"{name}: other bytes than undisturbed"
    for name, sha256 in found.items():
        if name.startswith("landing/objects/") and Path(name).name != sha256:
            yield f"{name}: not the bytes of its name"
    yield from _of_manifests(evidence)
    periods = {row["id"]: row["period"] for row in evidence.second["ledger"]["issues"]}
    for row in evidence.second["ledger"]["documents"]:
        name = f"scorecards/{periods[row['issue_id']]}/{row['name']}"
        if found.get(name) != row["sha256"]:
            yield f"{name}: not what was issued"


def _of_manifests(evidence: Evidence) -> Iterator[str]:
    home, found = evidence.home, evidence.second["files"]
    pulls = [name for name in found if name.startswith("landing/pulls/")]
    if set(pulls) != {name for name in evidence.reference["files"] if name.startswith("landing/pulls/")}:
        yield f"landing: expected the pulls of the undisturbed place, found {sorted(pulls)}"
    for name in pulls:
        try:
            files = json.loads((home / name).read_text("utf-8"))["files"]
        except ValueError:
            yield f"{name}: not a whole manifest"
            continue
        for file in files:
            if f"landing/objects/{file['sha256'][:2]}/{file['sha256']}" not in found:
                yield f"{name}: names {file['name']}, which is not there"


def _of_second_run(evidence: Evidence) -> Iterator[str]:
    """Running again changes nothing at all, times and attempts included."""
    if evidence.first != evidence.second:
        yield "the second clean run changed something"
    for end in evidence.ends:
        if end["code"] not in (0, 6):
            yield f"a clean run ended with code {end['code']}: {end['said']}"
