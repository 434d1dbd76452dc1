"""Rerun, permute, split, shrink and kill: whatever came before, the warehouse and the cards end the same.

The cards are issued undrawn, which is what makes many examples cheap; `test_backfill` draws them. The
number of examples grows by SCORING_EXAMPLES; the long campaign of `script/campaign` runs 200.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from archive.cards import CardRef
from book import Book, load_book
from pipeline.inputs.figures import gather_figures
from pipeline.preparing import prepare
from pipeline.run import gather_and_measure
from pipeline.site import Site
from pipeline.steps.issue import enter
from pipeline.steps.score import score
from scoring.canonical import NOT_CONTENT, from_json, of_its_own
from scoring.period import Period
from settings import Settings
from tests.book.books import VALID
from tests.pipeline.conftest import NOW
from tests.pipeline.drawn import CAMPAIGNS, MONTHS, exports_of, seasons
from tests.pipeline.exports import change
from warehouse.scores import FACTS_AND_DIMENSIONS

EXAMPLES = settings(
    max_examples=int(os.environ.get("SCORING_EXAMPLES", "2")),
    deadline=None,
    # an example takes a second; to make a failing one smaller would take an hour
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TWO_ACCOUNTS = """    - entity: more
      currency_code: USD
      time_zone: America/New_York
      files: ["more ads {month}.csv"]
survey:
"""


PLACES = ("config", "home", "exports")


@dataclass(frozen=True)
class Template:
    """A home with empty stores, to be copied, and the books."""

    home: Path
    book: Book
    two_accounts: Book

    @contextmanager
    def place(self, *, two_accounts: bool = False) -> Iterator[Place]:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.home, Path(folder) / "home")
            (Path(folder) / "exports").mkdir()
            config = "two" if two_accounts else "config"
            shutil.copytree(self.home.parent / config, Path(folder) / "config")
            yield Place(Path(folder), self.two_accounts if two_accounts else self.book)


@dataclass(frozen=True)
class Place:
    """One installation over generated exports."""

    root: Path
    book: Book

    @property
    def site(self) -> Site:
        names = {f"SCOREWRIGHT_{name.upper()}": str(self.root / name) for name in PLACES}
        return Site(Settings.from_environment(names), self.book)

    def export(self, season, **how):
        for export in season:
            export.write(self.root / "exports", **how)

    def do(self, *months):
        """Every step of consecutive months but drawing and mailing."""
        site = self.site
        gather_and_measure(site, months, now=lambda: NOW, say=lambda _: None)
        figures, store = gather_figures(site, months), site.cards
        for month in months:
            for name in score(site, month, (), figures):
                enter(site, store.read_card(CardRef.parse(name)), (), now=NOW)

    def rows(self, *but):
        """Every row of every table made of exports, but for those columns that only tell of the way there."""
        with self.site.warehouse.opened() as connection:
            return {
                name: sorted(
                    # the seals of an account's pulls follow the order in which they were landed
                    tuple(str(row[key]) for key in row if key not in {*but, "landing_seal"})
                    for row in connection.execute(sa.text(f"select * from {name}")).mappings()
                )
                for name in set(sa.inspect(connection).get_table_names()) - {*FACTS_AND_DIMENSIONS}
            }

    def facts_and_measures(self):
        """The rows that figures are made of, and from which bytes; not the way by which they came."""
        rows = without_states(self.rows("vintage", "loaded_at", "landed_at", "landing_seal"))
        return {name: found for name, found in rows.items() if name != "load_history"}

    def issues(self):
        """What the newest issues say, under which revision."""
        ledger = self.site.ledger
        return {
            (issue.period, issue.team_id): (issue.revision, issue.card_json)
            for month in MONTHS
            for issue in ledger.latest_revisions(str(month))
        }

    def contents(self):
        """What the newest issues say, however many came before."""
        return {key: said(from_json(card_json)) for key, (_, card_json) in self.issues().items()}


def without_states(rows):
    """The rows without what says of each month which loads it was measured after."""
    return {name: found for name, found in rows.items() if name != "measured_month"}


def said(card):
    """The card without its revision and what it tells of earlier revisions, which are the way it came, and
    without its files and trends: other files with the same numbers, and late rows of other months, revise
    nothing.
    """
    card = of_its_own(card)
    left_out = {*NOT_CONTENT, "restatements"}
    return {name: getattr(card, name) for name in card.__slots__ if name not in left_out}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    root = tmp_path_factory.mktemp("template")
    shutil.copytree(VALID, root / "config")
    book = load_book(root / "config")
    shutil.copytree(VALID, root / "two")
    change(root / "two/sources.yaml", lambda text: text.replace("survey:\n", TWO_ACCOUNTS))
    change(
        root / "two/teams.yaml",
        lambda text: text.replace(
            '    - {source: google_ads, entity: shop, keys: ["201", "202"]}\n',
            '    - {source: google_ads, entity: shop, keys: ["201", "202"]}\n'
            '    - {source: google_ads, entity: more, keys: ["201", "202"]}\n',
        ),
    )
    settings = Settings.from_environment({"SCOREWRIGHT_HOME": str(root / "home")})
    prepare(Site(settings, book))
    return Template(root / "home", book, load_book(root / "two"))


def whole(template, season):
    """The rows and cards of a season that came at once and was done once."""
    with template.place() as place:
        place.export(season)
        place.do(*MONTHS)
        return place.rows(), place.issues(), place.facts_and_measures(), place.contents()


@given(season=seasons(), times=st.integers(2, 5))
@EXAMPLES
def test_done_again_is_done_once(template, season, times):
    rows, issues, _, _ = whole(template, season)
    with template.place() as place:
        place.export(season)
        for _ in range(times):
            place.do(*MONTHS)
        assert place.rows() == rows
        assert place.issues() == issues


def orders() -> st.SearchStrategy[list[tuple[Period, ...]]]:
    """Runs and backfills of the three months: each month at least once, in any order, repeated at will."""
    ranges = [MONTHS[start:end] for start in range(3) for end in range(start + 1, 4)]
    more = st.lists(st.sampled_from(ranges), max_size=2)
    singles = st.permutations([(month,) for month in MONTHS])
    return st.tuples(singles, more).flatmap(lambda parts: st.permutations([*parts[0], *parts[1]]))


@given(season=seasons(), order=orders())
@EXAMPLES
def test_the_order_of_runs_and_backfills_and_their_repetition_do_not_matter(template, season, order):
    rows, issues, _, _ = whole(template, season)
    with template.place() as place:
        place.export(season)
        for months in order:
            place.do(*months)
        assert without_states(place.rows()) == without_states(rows)
        assert place.issues() == issues
        # a month that was measured before an earlier one came is marked as such, until it is asked for again
        place.do(*MONTHS)
        assert place.rows() == rows
        assert place.issues() == issues


@given(
    season=seasons(),
    shares=st.lists(st.integers(0, 100), min_size=1, max_size=3),
    runs=st.lists(st.sampled_from(MONTHS), min_size=3, max_size=3),
)
@EXAMPLES
def test_a_month_that_came_in_parts_is_the_month_that_came_whole(template, season, shares, runs):
    *_, facts, contents = whole(template, season)
    with template.place() as place:
        for share, month in zip(sorted(shares), runs, strict=False):
            place.export([export.part(share) for export in season])
            place.do(month)
        place.export(season)
        place.do(*MONTHS)
        assert place.facts_and_measures() == facts
        assert place.contents() == contents


@given(season=seasons(), first_account=st.sets(st.sampled_from(CAMPAIGNS)))
@EXAMPLES
def test_rows_split_over_two_accounts_make_the_measures_of_one(template, season, first_account):
    *_, facts, _ = whole(template, season)
    with template.place(two_accounts=True) as place:
        place.export(season, first_account=first_account)
        place.do(*MONTHS)
        assert place.facts_and_measures()["measure_daily"] == facts["measure_daily"]


@given(season=seasons(), seed=st.integers(0, 10**6), month=st.sampled_from(MONTHS))
@EXAMPLES
def test_of_an_export_that_shrank_no_row_stays(template, season, seed, month):
    smaller = [export.thinned(seed) for export in season]
    *_, facts, contents = whole(template, smaller)
    with template.place() as place:
        place.export(season)
        place.do(month)
        place.export(smaller)
        place.do(*MONTHS)
        assert place.facts_and_measures() == facts
        assert place.contents() == contents


@given(season=seasons(), earlier=exports_of(MONTHS[1]), back=st.booleans())
@EXAMPLES
def test_of_any_exports_of_a_month_the_last_one_counts(template, season, earlier, back):
    """Other rows under the same ids, and back again to bytes that were landed before."""
    *_, facts, contents = whole(template, season)
    with template.place() as place:
        if back:
            place.export(season)
            place.do(*MONTHS)
        place.export([earlier])
        for export in season[::2]:
            export.write(place.root / "exports")
        place.do(*MONTHS)
        place.export(season)
        place.do(*MONTHS)
        assert place.facts_and_measures() == facts
        assert place.contents() == contents


def killed_at(place, statement, months):
    """Do the months in a process of its own that kills itself before its n-th SQL statement."""
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        return os.WIFSIGNALED(status)
    seen = 0

    def count(*_):
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        place.do(*months)
    finally:
        os._exit(0)


@given(season=seasons(), kills=st.lists(st.integers(1, 260), min_size=1, max_size=2), seed=st.integers(0, 99))
@EXAMPLES
def test_killed_before_any_statement_and_done_again_is_done_once(template, season, kills, seed):
    before = [export.thinned(seed) for export in season]
    *_, facts, contents = whole(template, season)
    with template.place() as place:
        if seed % 2:
            place.export(before)
            place.do(*MONTHS)
        place.export(season)
        for statement in kills:
            killed_at(place, statement, MONTHS)
        place.do(*MONTHS)
        assert place.facts_and_measures() == facts
        assert place.contents() == contents
