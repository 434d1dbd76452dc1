"""Works through cases: processes are let loose, then the home is mended and judged."""

from __future__ import annotations

import gc
import hashlib
import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pipeline.site
import reports.pdf
from auditing.everything import audit
from ledger import DeliveryState
from scoring.canonical import to_json
from scoring.scorecard import Scorecard
from tests.faults.adversary import exports
from tests.faults.adversary.grounds import Grounds, Mail, given, new_place, run_both
from tests.faults.adversary.judging import Left, Wrong, judge_ends, judge_left, judge_mails
from tests.faults.adversary.obeying import Obedient, Uncertain
from tests.faults.adversary.plans import FILES, RUN, VARIANTS, Case, Process, Round
from tests.faults.adversary.processes import End, begin, watch
from tests.faults.adversary.weakened import weakened
from tests.faults.databases import Databases
from tests.faults.dumps import dump
from tests.faults.forks import forked
from tests.faults.inbox import Inbox
from tests.faults.place import Place, load_cached
from tests.faults.rehearsing import rehearse

_draw = reports.pdf.render_pdf


@dataclass
class Story:
    """What happened in a case so far: what was done to stores, how processes ended, what is wrong."""

    since: tuple[int, int]
    mails_before: list[Mail]
    damages: list[str] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    wrong: Wrong = field(default_factory=Wrong)
    gave_up: bool = False

    def told(self) -> dict[str, Any]:
        """As JSON, for who counts."""
        return {
            "wrong": self.wrong.all(),
            "counts": {
                "processes": len(self.ends),
                "killed": sum(end.code == -signal.SIGKILL for end in self.ends),
                "aborted by DuckDB when the disk failed it": sum(
                    end.code == -signal.SIGABRT for end in self.ends
                ),
                "refused in a sentence": sum(end.code > 0 for end in self.ends),
                "damages": len(self.damages),
                "given up for want of a backup": int(self.gave_up),
            },
            "damages": self.damages,
            "ends": [
                f"{' '.join(end.words)} -> {end.code}: {end.said if end.code else ''}" for end in self.ends
            ],
        }


class Bench:
    """Works through cases one after another; each process of a case is a fork of this one."""

    def __init__(self, root: Path, inbox: Inbox, databases: Databases | None) -> None:
        self.root = root
        self.grounds = Grounds(root, inbox, databases)
        self.references: list[Mapping[str, Any]] = []
        pipeline.site.load_book = load_cached

    def warm_up(self) -> None:
        """Import all that a run imports, do a run in this very process, and make the references.

        Such a run fills every cache of text and closes its stores again; it neither draws nor loads, which
        would leave threads.
        """
        place = Place(self.root / "warm", {})
        new_place(place.root)
        for module in given(forked(lambda: _modules(place))):
            with suppress(ImportError):
                importlib.import_module(module)
        reports.pdf.render_pdf = _drawn_cheaply
        threads = len(os.listdir("/proc/self/task"))
        new_place(place.root)
        rehearse(place)
        if len(os.listdir("/proc/self/task")) > threads:
            raise RuntimeError("the run left a thread: a fork would not have it, but might wait for it")
        self.references = [given(forked(partial(_reference, place.root, each))) for each in range(VARIANTS)]
        gc.collect()
        gc.freeze()

    def try_case(self, case: Case, line: str = "") -> dict[str, Any]:
        """Let everything happen that the case says, mend the home, and say what is wrong with it.

        `line` is a weakened program (`weakened.py`).
        """
        self.grounds.way = (case.by_folder, case.on_server)
        reports.pdf.render_pdf = _draw if case.is_drawn else _drawn_cheaply
        ready = self.grounds.start(case.start)
        for each in case.rounds:
            self.grounds.older(each.damage.older if each.damage else "")
        self.grounds.copy(case.start)
        story = Story(self.grounds.so_far(), ready.mails)
        with weakened(line):
            try:
                self._work_through(case, story)
            except TimeoutError as error:
                story.wrong.stuck.append(str(error))
        return {"kinds": [*case.kinds()], **story.told()}

    def _work_through(self, case: Case, story: Story) -> None:
        for number, each in enumerate(case.rounds):
            story.ends += self._round(each, number, story.damages)
        is_well = self._mend(case, story)
        mails = self._mails(story)
        judge_ends(story.ends, story.wrong)
        judge_mails(mails, story.wrong)
        if is_well:
            kept = given(forked(lambda: dump(self.grounds.place())))
            variants = exports.variants_in(self.grounds.exports)
            judge_left(Left(kept, self.references, variants, mails), story.wrong)
            if case.is_run_again:
                self._run_again(mails, story)

    def _round(self, each: Round, number: int, damages: list[str]) -> list[End]:
        """Start the processes of a round at once, and let happen around them what is to happen."""
        acts: list[tuple[float, Callable[[], None]]] = [
            (change.after, partial(exports.put, self.grounds.exports, change.file, change.variant))
            for change in each.changes
        ]
        damage = each.damage
        if damage is not None:
            self.grounds.back_up()
            older = self.grounds.older(damage.older)
            known = replace(damage, older=self.grounds.kept(damage.older))
            acts.append(
                (damage.after or 0.0, lambda: damages.append(self.grounds.stores.damage(known, older)))
            )
        for _, act in (one for one in acts if not one[0]):
            act()
        running = [self._begin(process, f"{number}-{at}") for at, process in enumerate(each.processes)]
        return watch(running, [one for one in acts if one[0]])

    def _begin(self, process: Process, name: str) -> Any:
        settings, folder = self.grounds.settings(), self.root / "said" / name
        return begin(process.words, settings, process.clock, process.strike, folder)

    def _do(self, words: Sequence[str]) -> End:
        return watch([self._begin(Process(tuple(words)), "mending")], ())[0]

    def _mend(self, case: Case, story: Story) -> bool:
        """All exports are there again, and whoever mends does what is said; whether all is well then."""
        for file, variant in exports.variants_in(self.grounds.exports).items():
            if variant is None:
                exports.put(self.grounds.exports, file, case.seed % VARIANTS)
        is_damaged = any(each.damage for each in case.rounds)
        backup = self.grounds.backup if is_damaged and case.has_backups else None
        mending = Obedient(self.grounds.stores, self._do, lambda: self._uncertain(story), backup)
        is_well = mending.mend()
        story.ends += mending.ends
        story.gave_up = mending.given_up is not None
        if mending.puzzled:
            story.wrong.stuck.append(mending.puzzled)
        if mending.given_up and not is_damaged:
            story.wrong.stuck.append(f"nothing was damaged, and a backup is asked for: {mending.given_up}")
        return is_well

    def _run_again(self, mails: list[Mail], story: Story) -> None:
        """Another run has nothing to do, and mails nothing."""
        end = self._do(RUN)
        story.ends.append(end)
        if end.code or self._mails(story) != mails:
            story.wrong.silent.append(f"all was well, and another run was not without news: {end.said}")

    def _mails(self, story: Story) -> list[Mail]:
        return story.mails_before + self.grounds.mails(story.since)

    def _uncertain(self, story: Story) -> list[Uncertain]:
        """What is to be settled, as somebody finds it out who asks the recipients."""
        mails = self._mails(story)
        rows = given(forked(lambda: _uncertain_rows(self.grounds.place())))
        return [
            Uncertain(issue_id, channel, to, any(name in mail and to == who for mail, who in mails))
            for issue_id, channel, to, name in rows
        ]


def _drawn_cheaply(card: Scorecard) -> bytes:
    """Bytes that the card alone determines, as a PDF is."""
    return b"%PDF-1.7 of " + hashlib.sha256(to_json(card).encode()).hexdigest().encode() + b"\n"


def _modules(place: Place) -> list[str]:
    """Everything that is imported by a run with news and by verifying."""
    run_both(place)
    audit(place.open())
    return sorted(sys.modules)


def _reference(like: Path, variant: int) -> dict[str, Any]:
    """What an undisturbed home has of exports that all have this content."""
    place = Place(like.with_name(f"reference-{variant}"), {})
    new_place(place.root)
    for file in FILES:
        exports.put(place.root / "exports", file, variant)
    run_both(place)
    return dump(place)


def _uncertain_rows(place: Place) -> list[tuple[int, str, str, str]]:
    """The issue, the channel, the recipient and how the message's id begins, of each open delivery."""
    ledger = place.open().ledger
    found = []
    for one in ledger.deliveries_in(DeliveryState.UNCERTAIN, DeliveryState.SENDING):
        issue = ledger.get_issue(one.issue_id)
        name = f"{issue.period}.{issue.team_id}.r{issue.revision}.{issue.content_hash[:10]}."
        found.append((one.issue_id, one.recipient.channel, one.recipient.address, name))
    return found
