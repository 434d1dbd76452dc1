"""Bad exports and killed runs: what was good stays as it was, and the next run puts all else right."""

from __future__ import annotations

import email
import email.policy
import signal
import subprocess
import time
from datetime import date

import pytest
import sqlalchemy as sa

from scoring.errors import BadFileError, DataError
from tests.pipeline.command import PROGRAM, surroundings
from tests.pipeline.conftest import take
from tests.pipeline.exports import ADS, ANSWERS, RATES, ads, answers, change, rates
from warehouse.scores import FACTS_AND_DIMENSIONS


def contents(place, *but):
    """Every row of every table made of exports but what was refused, without the columns `but`."""
    warehouse = place.open().warehouse
    with warehouse.opened() as connection:
        tables = {}
        for name in set(sa.inspect(connection).get_table_names()) - {"refusal", *FACTS_AND_DIMENSIONS}:
            rows = connection.execute(sa.text(f"select * from {name}")).mappings()
            tables[name] = sorted(tuple(str(row[key]) for key in row if key not in but) for row in rows)
        return tables


def of_source(tables, source):
    """What the facts and records hold of one source."""
    return {name: [row for row in rows if row[0] == source] for name, rows in tables.items()}


def load(place, source):
    site = place.open()
    return take(site, source)


def spoil(place, name):
    change(place.export(name), lambda text: text.replace("900,17,", "9x0,17,", 1))


def test_a_bad_export_leaves_its_account_as_it_was_and_stops_nobody_else(issued):
    before = contents(issued)
    assert len(before["fct_ad_daily"]) == 62
    spoil(issued, ADS)
    issued.export(ANSWERS).write_text(answers([0] * 7), "utf-8")
    with pytest.raises(BadFileError, match="row 4, column 'Impr"):
        issued.run(send=False)
    after = contents(issued)
    for source in ("google_ads", "fx_rates"):
        assert of_source(after, source) == of_source(before, source)
    assert len(after["fct_survey_response"]) == 7
    assert [issue.revision for issue in issued.issues()] == [2, 2]


def test_a_good_month_beside_a_bad_one_of_the_same_account_is_loaded(issued):
    before = contents(issued)
    september = [date(2026, 9, day) for day in range(1, 31)]
    issued.export(ADS.replace("10", "09")).write_text(ads(september), "utf-8")
    spoil(issued, ADS)
    with pytest.raises(BadFileError):
        load(issued, "google_ads")
    after = contents(issued)["fct_ad_daily"]
    assert len(after) == 62 + 60
    assert set(before["fct_ad_daily"]) < set(after)


def test_a_source_that_is_bad_does_not_keep_others_from_loading(issued):
    before = contents(issued)
    spoil(issued, ADS)
    issued.export(ANSWERS).write_text(answers([10]), "utf-8")
    with pytest.raises(BadFileError):
        load(issued, "google_ads")
    assert load(issued, "survey") == 1
    after = contents(issued)
    assert len(after["fct_survey_response"]) == 1
    for source in ("google_ads", "fx_rates"):
        assert of_source(after, source) == of_source(before, source)


def test_after_the_file_is_put_right_the_run_completes(place, issued):
    """The same rows and cards as where the file was never bad."""
    spoil(place, ADS)
    with pytest.raises(BadFileError):
        place.cards()
    place.export(ADS).write_text(ads(), "utf-8")
    cards = place.cards()
    # the file that was never bad is the first pull of its account
    assert contents(place, "landing_seal") == contents(issued, "landing_seal")
    assert cards == issued.cards()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (ADS, "", "expected a table, found an empty file"),
        (ADS, ads()[: ads().index("Total")], "expected one row of totals"),
        (ANSWERS, answers() + "r1,2026-10-30T00:00:00Z,Service,10,5\n", "a second one for r1"),
        (ANSWERS, answers().replace("2026-10-01", "2026-11-01"), "the file begins within the month"),
        (RATES, rates("0"), "expected a quote above 0"),
    ],
)
def test_no_bad_export_changes_a_row(issued, name, text, message):
    before = contents(issued)
    issued.export(name).write_text(text, "utf-8")
    with pytest.raises(BadFileError, match=message):
        issued.run(send=False)
    assert contents(issued) == before


def test_half_of_an_accounts_month_in_two_files_is_refused(issued):
    before = contents(issued)
    pattern = 'files: ["answers {month}.csv"]'
    change(
        issued.root / "config/sources.yaml",
        lambda text: text.replace(pattern, 'files: ["answers*{month}.csv"]'),
    )
    issued.export("answers copy 2026-10.csv").write_text(answers(), "utf-8")
    with pytest.raises(BadFileError, match="expected one file, found answers 2026-10"):
        issued.run(send=False)
    assert contents(issued) == before


def test_rates_that_vanish_take_the_sums_with_them_and_nothing_else(issued):
    """The rates are in the warehouse, and not those that the month needs now."""
    before = contents(issued)["measure_daily"]
    issued.export(ADS).write_text(ads().replace("USD", "CNY"), "utf-8")
    change(
        issued.root / "config/sources.yaml",
        lambda text: text.replace("currency_code: USD", "currency_code: CNY"),
    )
    with pytest.raises(DataError, match="expected a rate for CNY on 2026-10-01"):
        issued.run(send=False)
    counts = [row for row in before if row[2] not in ("ad_spend", "ad_revenue")]
    assert len(counts) < len(before)
    assert contents(issued)["measure_daily"] == counts


def start(place):
    """The program, running by itself."""
    return subprocess.Popen(
        [PROGRAM, "run", "--period", "2026-10"],
        env=surroundings(place.settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_when(process, seen):
    """Kill -9 as soon as `seen` is there; the run must not have ended by itself."""
    while not seen():
        assert process.poll() is None, "the run ended before it could be killed"
        # to look without a break would take half of the two cores from the run itself
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL


def recipients(place):
    return sorted(
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)["To"].addresses[0].addr_spec
        for path in (place.home / "outbox").glob("*.eml")
    )


TIMES = ("landed_at", "landing_seal", "loaded_at")


@pytest.mark.parametrize("sign", ["home/landing/pulls/survey/*/*/*.json", "home/outbox/*.eml"])
def test_a_killed_run_is_completed_by_the_next_one(place, unsent, sign):
    kill_when(start(place), lambda: any(place.root.glob(sign)))
    place.run()
    assert recipients(place) == ["ana.ruiz@lantern.example", "wang.wei@lantern.example"]
    assert place.mail_states() == {"north": ["sent"], "south": ["sent"]}
    fields = ("period", "team_id", "revision", "content_hash", "documents", "card_json")
    disturbed, undisturbed = (
        [tuple(getattr(issue, field) for field in fields) for issue in where.issues()]
        for where in (place, unsent)
    )
    assert disturbed == undisturbed
    assert contents(place, *TIMES) == contents(unsent, *TIMES)
