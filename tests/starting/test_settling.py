"""What is said of single files when a book begins: how their days and numbers are written."""

from __future__ import annotations

import shlex
from collections import Counter

import pytest
import yaml

from scoring.errors import RefusedError, UsageError
from scoring.period import Period
from starting import Wishes, first_reading, start
from tests.starting.test_starting import LEADS, NOW, ads, done, put

# the third of April, or the fourth of March
EITHER = LEADS.replace("2026-10-03", "03/04/2026")
DEALS = (
    "Record ID - Deal,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
    '9,Closed won,2026-10-20,"1.234",EUR,1\n'
)
CONTACTS = "Record ID - Contact,Create Date\n1,2026-10-03 14:22\n"


def refused_for(tmp_path, files, **wishes) -> str:
    exports = put(tmp_path / "in", files)
    with pytest.raises((RefusedError, UsageError)) as error:
        start(tmp_path / "x", [exports], Wishes(**wishes), NOW)
    assert not (tmp_path / "x").exists()
    return str(error.value)


def test_days_of_which_the_month_is_not_known_are_never_guessed(tmp_path):
    said = refused_for(tmp_path, {"my leads.csv": EITHER})
    assert "my leads.csv, row 2, column 'Date': expected days of which the month is known" in said
    assert "`--days 'my leads.csv=month_first'` or `--days 'my leads.csv=day_first'`" in said
    assert "sources.yaml" not in said


@pytest.mark.parametrize(("order", "month"), [("day_first", 4), ("month_first", 3)])
def test_a_file_is_read_with_the_order_that_is_said(tmp_path, order, month):
    exports = put(tmp_path / "in", {"leads.csv": EITHER})
    started = start(tmp_path / "x", [exports], Wishes(days=[f"leads.csv={order}"]), NOW)
    assert (started.month, started.left_out) == (Period(2026, month), ())
    (account,) = yaml.safe_load((tmp_path / "x/config/sources.yaml").read_text())["leads_sheet"]["accounts"]
    assert account["days"] == order


def test_the_numbers_of_a_file_are_read_as_is_said(tmp_path):
    files = {"contacts.csv": CONTACTS, "deals.csv": DEALS}
    (left,) = start(tmp_path / "x", [put(tmp_path / "in", files)], Wishes(), NOW).left_out
    assert "say which it is with `--numbers deals.csv=STYLE`" in left
    assert "Left out" not in done(tmp_path, "init", "book", "in", "--numbers", "deals.csv=german")
    assert "  numbers: german\n" in (tmp_path / "book/config/sources.yaml").read_text()


def test_contacts_by_days_that_may_be_of_two_months_are_refused_and_not_put_into_one(tmp_path):
    files = {
        "contacts.csv": CONTACTS.replace("2026-10-03", "03/04/2026"),
        "deals.csv": DEALS.replace('"1.234"', "9"),
    }
    said = refused_for(tmp_path, files)
    assert "contacts.csv, row 2, column 'Create Date': expected days of which the month is known" in said
    exports = tmp_path / "in"
    started = start(tmp_path / "y", [exports], Wishes(days=["contacts.csv=day_first"]), NOW)
    assert started.month == Period(2026, 4)


def test_one_file_alone_need_not_be_named(tmp_path):
    path = put(tmp_path / "in", {"leads.csv": EITHER}) / "leads.csv"
    assert start(tmp_path / "x", [path], Wishes(days=["day_first"]), NOW).month == Period(2026, 4)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["leads.csv=dayfirst"], "found 'leads.csv=dayfirst' (did you mean day_first?)"),
        (
            ["lead.csv=day_first"],
            "one of the 2 files with =, found 'lead.csv=day_first' (did you mean leads.csv",
        ),
        (["day_first"], "the name of one of the 2 files with =, found 'day_first'"),
    ],
)
def test_what_names_no_file_or_no_order_is_refused(tmp_path, words, sentence):
    assert sentence in refused_for(tmp_path, {"leads.csv": EITHER, "ads.csv": ads("10")}, days=words)


def test_the_files_of_an_account_are_written_in_one_way(tmp_path):
    files = {"contacts.csv": CONTACTS, "deals.csv": DEALS}
    said = refused_for(tmp_path, files, numbers=["contacts.csv=english", "deals.csv=german"])
    assert (
        "--numbers: expected the same for all files of an account of hubspot, found english and german"
        in said
    )


def test_each_file_is_read_once_however_many_are_left_out(tmp_path, monkeypatch):
    read = Counter[str]()
    landed = first_reading._landed
    monkeypatch.setattr(first_reading, "_landed", lambda file: read.update([file.called]) or landed(file))
    bad = {
        f"bad {at}.csv": ads("10", account=f"111-222-000{at}").replace("336.00", "9.00") for at in range(4)
    }
    good = {f"good {at}.csv": ads("10", account=f"111-222-100{at}") for at in range(4)}
    exports = put(tmp_path / "in", {**bad, **good, "leads.csv": LEADS})
    assert len(start(tmp_path / "x", [exports], Wishes(), NOW).left_out) == len(bad)
    assert read == dict.fromkeys([*bad, *good, "leads.csv"], 1)


def test_a_day_that_the_said_order_does_not_have_asks_for_the_other_order(tmp_path):
    files = {"my leads.csv": LEADS.replace("2026-10-03", "13/04/2026")}
    said = refused_for(tmp_path, files, days=["my leads.csv=month_first"])
    assert "found '13/04/2026'; say `--days 'my leads.csv=day_first'`, or correct that cell" in said


BOTH = (
    "Date,Email,Status,Won date,Deal amount,Currency\n"
    '03/04/2026,a@x.example,Won,05/04/2026,"1.234",EUR\n04/04/2026,b@x.example,Won,05/04/2026,"2.500",EUR\n'
)


def test_all_that_must_be_said_is_asked_at_once_with_a_command_that_works(tmp_path):
    exports = put(tmp_path / "in", {"my leads.csv": BOTH})
    with pytest.raises(RefusedError) as error:
        start(tmp_path / "x", [exports], Wishes(team="Nord"), NOW)
    of_numbers, of_days, whole = error.value.sentences
    assert "`--numbers 'my leads.csv=STYLE'`" in of_numbers
    assert "found '03/04/2026'; say `--days 'my leads.csv=month_first'` or" in of_days
    words = shlex.split(whole.partition(": ")[2])
    assert words[:4] == ["scorewright", "init", str(tmp_path / "x"), str(exports)]
    assert "Left out" not in done(tmp_path, *words[1:])


def test_what_is_left_out_beside_others_is_asked_for_with_a_command_too(tmp_path):
    exports = put(tmp_path / "in", {"leads.csv": BOTH, "ads.csv": ads("10")})
    started = start(tmp_path / "x", [exports], Wishes(), NOW)
    assert len(started.left_out) == 2
    words = shlex.split(started.command)
    assert words[2] == str(tmp_path / "x-2")
    assert "Left out" not in done(tmp_path, *words[1:])


META = (
    "Reporting starts,Reporting ends,Day,Campaign name,Campaign ID,Results,Result indicator,Impressions,"
    "Amount spent (EUR),Link clicks\n"
    "2026-10-01,2026-10-01,2026-10-01,Web,111,10,actions:offsite_conversion.fb_pixel_lead,1000,50,100\n"
    "2026-10-01,2026-10-01,2026-10-01,Form,222,5,actions:onsite_conversion.lead_grouped,1000,50,100\n"
)


def test_results_of_several_kinds_are_asked_for_with_the_whole_command(tmp_path):
    said = refused_for(tmp_path, {"meta ads.csv": META})
    assert "say the kinds" not in said
    assert "`--counted 'meta ads.csv=KIND'`" in said
    assert "sources.yaml" not in said
    command = said.partition("where these are right: ")[2].splitlines()[0]
    assert shlex.split(command)[-2:] == [
        "--counted",
        "meta ads.csv=actions:offsite_conversion.fb_pixel_lead",
    ]


@pytest.mark.parametrize("kinds", ["lead", "lead,lead_grouped"])
def test_the_kinds_that_count_are_those_that_are_said(tmp_path, kinds):
    exports = put(tmp_path / "in", {"meta.csv": META})
    started = start(tmp_path / "x", [exports], Wishes(counted=[f"meta.csv={kinds}"]), NOW)
    assert started.left_out == ()
    (account,) = yaml.safe_load((tmp_path / "x/config/sources.yaml").read_text())["meta_ads"]["accounts"]
    assert account["counted"] == kinds.split(",")


def test_no_kind_is_none_that_counts(tmp_path):
    said = refused_for(tmp_path, {"meta.csv": META}, counted=["meta.csv="])
    assert said.startswith(
        "--counted: expected FILE= and one of the kinds of results that count, with commas"
    )


def test_a_month_that_was_cut_in_another_zone_asks_for_the_zone_of_the_book(tmp_path):
    orders = (
        "Name,Email,Financial Status,Currency,Total,Created at,Lineitem name,Shipping Country,Refunded Amount\n"
        "#2,b@x.example,paid,EUR,40.00,2026-10-01 00:30:00 +0200,A,DE,0\n"
    )
    said = refused_for(tmp_path, {"orders.csv": orders})
    assert "a time in 2026-10 as UTC counts its days" in said
    assert "cuts months in with `--time-zone`" in said
    started = start(tmp_path / "y", [tmp_path / "in"], Wishes(time_zone="Europe/Berlin"), NOW)
    assert started.sources == ("shopify",)
