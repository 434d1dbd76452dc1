"""A small installation: the valid book of tests/book, three export files, and a home of its own."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import reports.pdf

# it keeps the function that lays out under a name of its own: before another one is put in its place
import reports.revision
from archive.cards import CardRef
from ledger import Issue, migrate_ledger
from pipeline.run import RunOptions, run
from pipeline.site import Site, open_site
from pipeline.steps import Steps
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from reports.attached import Attached
from scoring.period import Period
from scoring.scorecard import Scorecard
from settings import Settings
from terminal.cli import main
from tests.book.books import VALID
from tests.delivery.conftest import OnOwnSocket, Post
from tests.pipeline import late_months
from tests.pipeline.command import Done, scorewright, surroundings
from tests.pipeline.exports import OCTOBER, write_exports
from warehouse import create_schema

NOW = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)

_lay_out = reports.pdf.html_to_pdf
_laid_out: dict[tuple[Any, ...], bytes] = {}


@dataclass(frozen=True)
class Place:
    """Where an installation lies: `config`, `exports` and `home` below `root`."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def settings(self) -> dict[str, str]:
        return {name: str(self.root / name) for name in ("config", "exports", "home")}

    def open(self, **settings: str) -> Site:
        given = {**self.settings, **settings}
        return open_site(
            Settings.from_environment({f"SCOREWRIGHT_{key.upper()}": given[key] for key in given})
        )

    def run(self, *teams: str, send: bool = True, **settings: str) -> tuple[str, ...]:
        """October, in this process."""
        options = RunOptions(OCTOBER, teams, send)
        return run(self.open(**settings), options, now=lambda: NOW, say=lambda _: None)

    def command(self, *arguments: str) -> Done:
        """The program itself."""
        return scorewright(*arguments, **self.settings)

    def cards(self, **settings: str) -> dict[str, Scorecard]:
        """October's drafted cards by team, without rendering them."""
        site, steps = self.open(**settings), Steps()
        site.settings.home.mkdir(exist_ok=True)
        create_schema(site.warehouse)
        migrate_ledger(site.settings.ledger_url)
        for source in site.book.source_names:
            take(site, source)
        steps.measure(site, OCTOBER)
        store = site.cards
        drafted = [store.read_card(CardRef.parse(name)) for name in steps.score(site, OCTOBER, ())]
        return {card.team_id: card for card in drafted}

    def export(self, name: str) -> Path:
        return self.root / "exports" / name

    def mails(self) -> list[str]:
        """The names of the mails written, hidden drafts included."""
        return sorted(path.name for path in (self.home / "outbox").glob("*"))

    def issues(self) -> tuple[Issue, ...]:
        return self.open().ledger.latest_revisions(str(OCTOBER))

    def mail_states(self) -> dict[str, list[str]]:
        """How far each team's mail is."""
        ledger = self.open().ledger
        return {issue.team_id: [*ledger.delivery_states(issue.id).values()] for issue in self.issues()}


def new_place(root: Path) -> Place:
    """An installation in which nothing was done yet."""
    shutil.copytree(VALID, root / "config")
    write_exports(root / "exports")
    return Place(root)


def take(site: Site, source: str, period: Period = OCTOBER, now: datetime = NOW, **options: Any) -> int:
    """Land and load one source; returns how many slices changed. Raises what was refused."""
    extract(site, period, source, now=now).or_raise()
    return load(site, period, source, now=now, **options).or_raise()


@contextmanager
def drawn_once() -> Iterator[None]:
    """Lay pages out the first time that they are met, and then give the same bytes.

    Half of what a run costs is the layout of two cards, which are the same in most tests. That the same
    pages always give the same bytes is what the tests of `reports` and `auditing` prove: they do without this.
    """

    def look_up(html: str, files: Iterable[Attached]) -> bytes:
        pages = html, *files
        if pages not in _laid_out:
            _laid_out[pages] = _lay_out(html, pages[1:])
        return _laid_out[pages]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports.pdf, "html_to_pdf", look_up)
        yield


@contextmanager
def not_laid_out() -> Iterator[None]:
    """In place of each PDF its pages as they are written, for tests that look at none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports.pdf, "html_to_pdf", lambda html, files: html.encode())
        yield


@pytest.fixture(scope="module", autouse=True)
def pages_drawn_once() -> Iterator[None]:
    """All tests of this folder draw the same pages once."""
    with drawn_once():
        yield


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place(tmp_path)


@pytest.fixture(scope="session")
def unsent(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One that has issued October and mailed nothing; only to be looked at and copied."""
    place = new_place(tmp_path_factory.mktemp("unsent"))
    with drawn_once():
        place.run(send=False)
    return place


@pytest.fixture
def issued(unsent: Place, tmp_path: Path) -> Place:
    """A copy of it, to work on: its cards need not be drawn again."""
    return Place(shutil.copytree(unsent.root, tmp_path / "issued"))


@pytest.fixture
def open_post():
    """Opens a mail server, with aiosmtpd's options."""
    with ExitStack() as stack:

        def open_one(**options):
            sock = socket.create_server(("127.0.0.1", 0))
            post = Post(sock.getsockname()[1])
            controller = OnOwnSocket(post, sock, **options)
            controller.start()
            stack.callback(controller.stop)
            return post

        yield open_one


@pytest.fixture
def post(open_post):
    return open_post()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """The command line in this process: `command(place, "status", "2026-10")`."""

    def run_main(place: Place, *arguments: object, **settings: str) -> Done:
        with monkeypatch.context() as patch:
            wanted = surroundings({**place.settings, **settings})
            for name in set(os.environ) - set(wanted):
                patch.delenv(name)
            for name, value in wanted.items():
                patch.setenv(name, value)
            patch.setattr("sys.argv", ["scorewright", *map(str, arguments)])
            # the usage names the program by it
            patch.setattr(sys.modules["__main__"], "__package__", None)
            capfd.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        said = capfd.readouterr()
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, said.out, said.err)

    return run_main


@pytest.fixture(scope="session")
def september(tmp_path_factory):
    """September issued and mailed in time; October's exports are there."""
    place = new_place(tmp_path_factory.mktemp("september"))
    late_months.export(place, 9)
    with drawn_once():
        late_months.do(place, late_months.SEPTEMBER, late_months.OCTOBER_3)
    return place


@pytest.fixture(scope="session")
def october(september, tmp_path_factory):
    """Then a late export of September, which is closed, and the run of October."""
    place = Place(shutil.copytree(september.root, tmp_path_factory.mktemp("october") / "place"))
    late_months.export(place, 9, late_months.BAD)
    with drawn_once():
        said = late_months.do(place, OCTOBER, late_months.NOVEMBER_3)
    assert (
        "restated: 2 earlier cards with a new revision, which cards of 2026-10 report if its month was closed"
        in said
    )
    return place
