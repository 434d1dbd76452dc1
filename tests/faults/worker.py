"""A process that has everything imported and forks a child for each run, killed or not.

`python -m tests.faults.worker FOLDER` takes lines of JSON on its standard input. An object says what to work on:
the `line`, the `starts`, and maybe a `server` (the address of a PostgreSQL server); the answer is which kill
points each start reaches. A list is a case of those, and the answer is what came of it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from email.parser import BytesParser
from email.policy import SMTP as MAIL
from pathlib import Path
from typing import Any

import killpoints
import reports.pdf
from scoring.canonical import to_json
from scoring.scorecard import Scorecard
from tests.faults.databases import Databases
from tests.faults.dumps import dump
from tests.faults.forks import Ended, forked
from tests.faults.inbox import Inbox, opened_inbox
from tests.faults.invariants import Evidence, Verdict, judge
from tests.faults.naive import POINTS, run_naively
from tests.faults.place import SPARK, STARTS, Line, Place, Start, make
from tests.faults.rehearsing import rehearse

LINES: dict[str, Line] = {"real": Place.run, "lake": Place.run, "spark": Place.run, "naive": run_naively}
_DRAWN_FOR_REAL = 40
"""One case in so many draws its PDFs itself."""

Kill = tuple[str, int]
"""A kill point and at which of its occurrences."""


@dataclass(frozen=True)
class Ready:
    """A start made ready: its folder, what an undisturbed place becomes, and the points on the way."""

    folder: Path
    reference: dict[str, Any]
    mails_before: list[dict[str, str]]
    points: list[str]


class Bench:
    """Where cases are worked on, one after another, each at the same path."""

    def __init__(
        self,
        root: Path,
        inbox: Inbox,
        line: Line = Place.run,
        databases: Databases | None = None,
        pdfs: dict[str, bytes] | None = None,
        *,
        lake: bool = False,
        spark: str = "",
    ) -> None:
        self.root, self.inbox, self.line, self.databases, self.lake = root, inbox, line, databases, lake
        self.spark = spark
        self.pdfs: dict[str, bytes] = {} if pdfs is None else pdfs
        self.ready: dict[str, Ready] = {}

    def prepare(self, name: str, start: Start) -> list[str]:
        """Make a start and run it undisturbed; returns the kill points that such a run reaches."""
        folder = self.root / name
        self._clear()
        offset = self.inbox.size()
        _expect(forked(lambda: self._with_pdfs() or (make(self._case, start, self._urls(start)) and None)))
        before = self._mails(offset)
        shutil.copytree(self._case, folder)
        if self.databases is not None:
            self.databases.keep(name)
        offset = self.inbox.size()
        points = _expect(forked(lambda: self._listed(start)))
        self._keep_pdfs()
        reference = _expect(forked(lambda: self._run_and_dump(self._place(start), 2)))["dump"]
        self.ready[name] = Ready(folder, reference, before, points)
        return points

    def try_case(self, name: str, kills: list[Kill], *, draw: bool) -> dict[str, Any]:
        """Kill run after run at `kills`, then run twice, and judge what is there."""
        ready = self.ready[name]
        offset, died = self.inbox.size(), 0
        place = self._copy(name)
        for number, kill in enumerate(kills):
            died += forked(lambda number=number, kill=kill: self._run(place, number, draw, kill)).was_killed
        clean = [forked(lambda number=number: self._run_and_dump(place, number, draw)) for number in (8, 9)]
        for ended in clean:
            if ended.broken:
                return {"died": died, **asdict(Verdict(faults=[f"a clean run broke: {ended.broken}"]))}
        ends, dumps = ([ended.given[name] for ended in clean] for name in ("end", "dump"))
        mails = ready.mails_before + self._mails(offset)
        verdict = judge(Evidence(ready.reference, ends, *dumps, mails, place.home))
        return {"died": died, **asdict(verdict)}

    def warm_up(self) -> None:
        """Import all that a run imports, and do a run in this very process."""
        place = self._new("by folder")
        for module in _expect(forked(lambda: self._modules(place))):
            with suppress(ImportError):
                importlib.import_module(module)
        self._keep_pdfs()
        self.rehearse()

    def rehearse(self) -> None:
        """Fill every cache of text by a run that closes its stores again, and neither draws nor loads."""
        threads = _threads()
        self._with_pdfs()
        rehearse(self._new("by folder"))
        reports.pdf.render_pdf = _draw
        if _threads() > threads:
            raise RuntimeError("the run left a thread: a fork would not have it, but might wait for it")
        gc.collect()
        gc.freeze()

    def _new(self, name: str) -> Place:
        """The place of a start that nothing comes before."""
        self._clear()
        return make(self._case, STARTS[name], self._urls(STARTS[name]))

    def _modules(self, place: Place) -> list[str]:
        place.run()
        return sorted(sys.modules)

    def _copy(self, name: str) -> Place:
        self._clear()
        shutil.copytree(self.ready[name].folder, self._case)
        if self.databases is not None:
            self.databases.restore(name)
        return self._place(STARTS[name])

    @property
    def _case(self) -> Path:
        return self.root / "case"

    def _clear(self) -> None:
        with suppress(FileNotFoundError):
            shutil.rmtree(self._case)
        if self.databases is not None:
            self.databases.empty()

    def _urls(self, start: Start) -> dict[str, str]:
        urls = {} if self.databases is None else self.databases.urls
        urls |= {"lake": str(self._case / "lake")} if self.lake else {}
        urls |= {"spark": self.spark} if self.spark else {}
        return urls if start.by_folder else urls | {"delivery": f"{self.inbox.url}?tls=never"}

    def _place(self, start: Start) -> Place:
        return Place(self._case, self._urls(start))

    def _run_and_dump(self, place: Place, number: int, draw: bool = False) -> dict[str, Any]:
        end = self._run(place, number, draw)
        return {"end": end, "dump": dump(place)}

    def _listed(self, start: Start) -> list[str]:
        self._with_pdfs()
        names: list[str] = []
        killpoints.record(names)
        end = self.line(self._place(start), 0)
        if end["code"]:
            raise RuntimeError(f"an undisturbed run ended with {end}")
        return names

    def _run(self, place: Place, number: int, draw: bool, kill: Kill | None = None) -> Any:
        if not draw:
            self._with_pdfs()
        if kill is not None:
            killpoints.kill_at(*kill)
        return self.line(place, number)

    def _with_pdfs(self) -> None:
        reports.pdf.render_pdf = self._drawn_before

    def _drawn_before(self, card: Scorecard) -> bytes:
        """The bytes that drawing gave for exactly this card in the undisturbed run.

        Drawing touches no file, so to die in it leaves what to die before it leaves; all around it,
        from the draft that is read to the mark that is written, is the program's own.
        """
        found = self.pdfs.get(to_json(card))
        return _draw(card) if found is None else found

    def _keep_pdfs(self) -> None:
        for path in (self._case / "home" / "scorecards").rglob("*.json"):
            self.pdfs[path.read_text("utf-8")] = path.with_suffix(".pdf").read_bytes()

    def _mails(self, offset: int) -> list[dict[str, str]]:
        outbox = [_headers(path) for path in sorted((self._case / "home" / "outbox").glob("*.eml"))]
        return outbox + self.inbox.since(offset)


_draw: Callable[[Scorecard], bytes] = reports.pdf.render_pdf


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))


def _headers(path: Path) -> dict[str, str]:
    read = BytesParser(policy=MAIL).parsebytes(path.read_bytes(), headersonly=True)
    return {
        "recipient": read["To"].addresses[0].addr_spec,
        "message_id": str(read["Message-ID"]).strip(),
    }


def _expect(ended: Ended) -> Any:
    if ended.code or ended.broken:
        raise RuntimeError(ended.broken or f"a child ended with {ended.code}")
    return ended.given


def main(root: Path) -> None:
    """Serve until the standard input ends."""
    root.mkdir(parents=True)
    with opened_inbox(root / "inbox") as inbox:
        warm = Bench(root / "warm", inbox)
        warm.warm_up()
        bench, number = warm, 0
        for work in map(json.loads, sys.stdin):
            if isinstance(work, dict):
                bench, number = _engaged(warm, **work), 0
            else:
                number += 1
                _say(bench.try_case(*work, draw=number % _DRAWN_FOR_REAL == 0))


def _engaged(warm: Bench, number: int, line: str, starts: list[str], server: str | None) -> Bench:
    """A bench for the cases of `starts`, each made ready; says which kill points they reach."""
    root = warm.root.with_name(f"work-{number}")
    databases = None if server is None else Databases(server, warm.root.parent.name.replace("-", "_"))
    spark = os.environ[SPARK] if line == "spark" else ""
    bench = Bench(
        root, warm.inbox, LINES[line], databases, warm.pdfs, lake=line in ("lake", "spark"), spark=spark
    )
    if databases is not None:
        bench.rehearse()
    listed = {name: bench.prepare(name, STARTS[name]) for name in starts}
    if line == "naive":
        listed = {name: [p for p in points if p.startswith(POINTS)] for name, points in listed.items()}
    _say(listed)
    return bench


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
