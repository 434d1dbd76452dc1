"""What the terminal shows of a month and of a card."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import starmap

import pytest
from rich.console import Console

from auditing.standing import status_of
from ledger import MAIL, Claim, Recipient, Restated
from scoring.canonical import content_hash, from_json, to_json
from scoring.errors import BadFileError, RefusedError, UsageError
from scoring.evidence import Certificate, CertificateStatus, Finding
from scoring.kpi import Unit
from scoring.marks import Appraisal, AppraisedLine, Mark, MissingMark
from scoring.period import Period
from scoring.text import LocalText
from scoring.working import Operand, Working
from terminal import card as shown
from terminal.status import issued_card, print_status
from terminal.unowned import unowned
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ADS, OCTOBER, ads, change

NOVEMBER = Period(2026, 11)


def print_card(site, period, team_id, console=None):
    """What `show` prints."""
    card = issued_card(site, period, team_id)
    shown.print_card(card, lambda: unowned(site, period), console)


def printed(show, place, *arguments, width=80, terminal=False):
    """What is shown on a screen of that width."""
    colours = "standard" if terminal else "auto"
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=colours)
    show(place.open(), *arguments, console)
    return console.file.getvalue()


def table_rows(text):
    """The cells of the rows between the table's borders."""
    lines = [line for line in text.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def issue(place, **changes):
    """Enter North's card, changed, as if it had been scored so."""
    card = replace(from_json(place.issues()[0].card_json), **changes)
    return place.open().ledger.issue(
        to_json(card),
        period=card.period,
        team_id=card.team_id,
        revision=card.revision,
        content_hash=content_hash(card),
        documents=(),
        issued_at=NOW,
        restated=Restated("{}", is_closed=False),
    )


def test_the_status_has_a_row_for_every_team(unsent):
    rows = table_rows(printed(print_status, unsent, OCTOBER))
    assert rows == [
        ["north", "102.2", "● green", "final", "1", "not sent"],
        ["south", "85.6", "▲ amber", "final", "1", "not sent"],
    ]


def test_the_status_names_the_pdf_and_the_mail_of_every_team(issued):
    issued.run()
    text = printed(print_status, issued, OCTOBER)
    assert [row[-1] for row in table_rows(text)] == ["sent", "sent"]
    folder = issued.home / "scorecards" / "2026-10"
    paths = [line for line in text.splitlines() if line.startswith(("PDF", "Mail"))]
    assert paths == [
        f"PDF: {folder}/north-2026-10-r1.pdf",
        f"PDF: {folder}/south-2026-10-r1.pdf",
        *(f"Mail: {issued.home}/outbox/{name}" for name in issued.mails()),
    ]
    assert len(paths) == 4


def test_the_status_names_teams_without_a_card_and_runs_without_targets(place):
    place.run("north", send=False)
    change(
        place.root / "config/calendar.yaml", lambda text: text + "quarterly: {due: working day 3 at 06:00}\n"
    )
    said = printed(print_status, place, OCTOBER)
    assert "south: no card for 2026-10 yet; make it with `scorewright run --period 2026-10`\n" in said
    assert "calendar.yaml: quarterly: no team has targets per quarter after 2026-10-31, so" in said
    targets = place.root / "config/targets/2026.csv"
    change(targets, lambda text: re.sub("(south.*)2027-01-01", r"\g<1>2026-09-01", text))
    said = printed(print_status, place, OCTOBER)
    assert "south: no card for 2026-10: its targets end on 2026-08-31\n" in said
    assert "yet; make it" not in said


def test_paths_are_told_as_seen_from_here(unsent, monkeypatch):
    monkeypatch.chdir(unsent.home)
    assert "PDF: scorecards/2026-10/north-2026-10-r1.pdf\n" in printed(print_status, unsent, OCTOBER)


def test_the_status_shows_the_newest_revision_what_is_lacking_and_an_unknown_end(issued):
    provisional = Certificate(CertificateStatus.PROVISIONAL, ())
    newest = issue(issued, revision=2, certificate=provisional, total=None, band="not_available")
    issued.open().ledger.queue_delivery(newest.id, Recipient(MAIL, "ana.ruiz@lantern.example"))
    (north, _) = table_rows(printed(print_status, issued, OCTOBER))
    assert north == ["north", "–", "○ not available", "provisional", "2", "pending"]


def test_the_longest_names_of_teams_are_not_cut_at_80_columns(issued):
    ids = ["a" * 40, "b" * 39 + "-1", "b" * 39 + "-2"]
    for team_id in ids:
        issue(issued, team_id=team_id[:40])
    shown = [row[0] for row in table_rows(printed(print_status, issued, OCTOBER))]
    assert set(shown) >= {team_id[:40] for team_id in ids}


def test_there_is_no_colour_where_there_is_no_terminal(unsent):
    for show in (lambda *a: print_status(*a[:2], a[-1]), print_card):
        assert "\x1b" not in printed(show, unsent, OCTOBER, "north")
        assert "\x1b[32m● green" in printed(show, unsent, OCTOBER, "north", terminal=True)


def test_a_month_without_cards_says_how_to_make_some(unsent):
    with pytest.raises(UsageError) as refusal:
        print_status(unsent.open(), NOVEMBER)
    assert str(refusal.value) == (
        "2026-11: no scorecard was issued; run `scorewright run --period 2026-11` first."
    )


def test_a_card_is_shown_with_every_line_and_its_areas(unsent):
    text = printed(print_card, unsent, OCTOBER, "north", width=120)
    assert text.startswith("Marketing North · 2026-10 · revision 1 · data final")
    assert table_rows(text) == [
        ["Product promotion", "", "", "", "", "103.1", ""],
        ["Ad clicks", "1,054", "1,000", "105.4 %", "40", "105.4", "● green"],
        ["Cost per click", "0.50", "0.50", "100.0 %", "30", "100.0", "● green"],
        ["Customer relations", "", "", "", "", "100.0", ""],
        ["Net promoter score", "62.5", "40.0", "156.3 %", "30", "100.0", "● green"],
        ["total", "", "", "", "", "102.2", "● green"],
        # the objective of its quarter, after 31 of 92 days
        ["Clicks on ads", "0", "1,054", "3,000", "35.1 %", "50", "0.35"],
        ["Price of a click", "0.60", "0.57", "0.50", "30.0 %", "30", "0.42"],
        ["The second shop is open", "0 %", "40 %", "100 %", "40.0 %", "20", "0.00"],
        ["objective", "", "", "", "time 34 %", "", "0.30"],
    ]
    assert "supports Answers to the survey of Marketing South" in text


def test_the_scores_of_a_card_have_as_many_digits_as_on_its_pages(place):
    grading = place.root / "config" / "grading.yaml"
    grading.write_text(grading.read_text("utf-8").replace("digits: 1\n", "digits: 2\n"), "utf-8")
    place.run(send=False)
    rows = table_rows(printed(print_card, place, OCTOBER, "north", width=120))
    assert [row[5] for row in rows[:6]] == ["103.09", "105.40", "100.00", "100.00", "100.00", "102.16"]


def test_a_card_is_shown_with_what_its_data_lacks(issued):
    gap = Finding("missing_days", "google_ads", "shop", ("2026-10-09", "2026-10-17"), ("clicks",))
    issue(issued, revision=2, certificate=Certificate(CertificateStatus.PROVISIONAL, (gap,)))
    text = printed(print_card, issued, OCTOBER, "north")
    assert text.startswith("Marketing North · 2026-10 · revision 2 · data provisional")
    said = "Google Ads (shop): no data for 9 October, 17 October. Affects Ad clicks."
    assert text.endswith(f"\n{said}\n")


def worked_out(rule, **operands):
    return Working(rule, tuple(starmap(Operand, operands.items())), (), Decimal(90))


def test_a_target_is_shown_as_it_was_agreed_and_a_level_in_the_place_of_the_actual(issued):
    card = from_json(issued.issues()[0].card_json)
    area, line = card.areas[0], replace(card.areas[0].results[0], decimals=1)
    share = replace(line, unit=Unit.PERCENT, actual=Decimal("0.0046"), target=Decimal("0.00455"))
    level = replace(line, actual=None, working=worked_out("level", level="good 良好"))
    met = replace(line, actual=None, working=worked_out("met", met=Decimal(2), conditions=Decimal(3)))
    issue(issued, revision=2, areas=(replace(area, results=(share, level, met)),))
    rows = table_rows(printed(print_card, issued, OCTOBER, "north", width=120))[1:4]
    assert rows[0][1:3] == ["0.5 %", "0.455 %"]
    assert [row[1] for row in rows[1:]] == ["good", "2 of 3"]


def test_scores_and_pay_are_shown_with_all_the_digits_they_were_rounded_to(issued):
    """Pay without a grade as well."""
    card = from_json(issued.issues()[0].card_json)
    area, line = card.areas[0], replace(card.areas[0].results[0], score=Decimal("75.163"))
    pay = Working("bands", (), (), Decimal("0.7516"))
    total, areas = Decimal("75.16"), (replace(area, score=Decimal(75), results=(line,)),)
    issue(issued, revision=2, total=total, areas=areas, grade=None, pay=pay)
    text = printed(print_card, issued, OCTOBER, "north", width=120)
    first, second, third, *_ = table_rows(text)
    assert (first[5], second[5], third[5]) == ("75.000", "75.163", "75.160")
    assert "\nPay coefficient 0.7516\n" in text
    rows = table_rows(status_text(issued))
    assert rows[0][1] == "75.16"


def status_text(place):
    console = Console(file=io.StringIO(), width=120)
    print_status(place.open(), OCTOBER, console, NOW)
    return console.file.getvalue()


def test_the_keys_that_no_team_owns_are_named(place):
    strays = ads(campaigns=("201", "202", *(f"9{number}" for number in range(10, 20))))
    place.export(ADS).write_text(strays, "utf-8")
    place.run(send=False)
    for show in (lambda site, period, _, out: print_status(site, period, out, NOW), print_card):
        said = " ".join(printed(show, place, OCTOBER, "north", width=300).split())
        assert "google_ads/shop: rows of 2026-10 belong to no team, those with the key '910', '911'," in said
        assert "'917' and 2 more; name it in teams.yaml" in said


def test_the_keys_of_an_account_that_left_the_book_are_not_named(place):
    place.export(ADS).write_text(ads(campaigns=("201", "202", "910")), "utf-8")
    place.run(send=False)
    site = place.open()
    left = tuple(each for each in site.book.accounts if each.source != "google_ads")
    assert [*unowned(site, OCTOBER)]
    assert not [*unowned(replace(site, book=replace(site.book, accounts=left)), OCTOBER)]


def test_names_are_never_taken_for_markup(issued):
    card = from_json(issued.issues()[0].card_json)
    area = card.areas[0]
    line = replace(area.results[0], name=LocalText("[red]Clicks[/red]", "x"))
    area = replace(area, name=LocalText("[/]Area", "x"), results=(line,))
    issue(issued, revision=2, areas=(area,), team_name=LocalText("[b]North", "x"))
    text = printed(print_card, issued, OCTOBER, "north", width=120)
    assert all(name in text for name in ("[red]Clicks[/red]", "[/]Area", "[b]North"))


def test_a_team_without_a_card_and_a_team_that_there_is_not_are_told_apart(unsent):
    with pytest.raises(UsageError, match="2026-11/north: no scorecard was issued; run `scorewright run"):
        print_card(unsent.open(), NOVEMBER, "north")
    with pytest.raises(UsageError, match="team: expected one of north, south, found 'nroth'"):
        print_card(unsent.open(), OCTOBER, "nroth")


def appraised(own: Mark | None, missing: tuple[MissingMark, ...]) -> Appraisal:
    """North appraised: clicks by both, the score that customers give taken over."""
    superior = Mark(Decimal("92.5"), "[red]not markup[/red]", "Tove Lind", "2026-11-03")
    lines = (
        AppraisedLine(
            "clicks", Decimal(40), Decimal("105.4"), False, own, superior, own and Decimal("102.28")
        ),
        AppraisedLine("nps", Decimal(30), Decimal(100), True, None, None, Decimal(100)),
    )
    shares = (Decimal(70), Decimal(10), Decimal(20))
    total = None if missing else Decimal("100.9")
    return Appraisal(*shares, Decimal("102.2"), total, lines, missing)


def test_an_appraised_card_shows_the_three_scores_of_each_kpi(issued):
    own = Mark(Decimal(100), "", "Ana Ruiz", "2026-11-02")
    issue(issued, revision=2, total=Decimal("100.9"), appraisal=appraised(own, ()))
    text = printed(print_card, issued, OCTOBER, "north", width=120)
    assert re.search(r"system 70 % +┃ own 10 % +┃ superior 20 % +┃ appraised", text)
    rows = table_rows(text)
    at = next(number for number, row in enumerate(rows) if row == ["total", "102.2", "", "", "100.9"])
    assert rows[at - 2 : at] == [
        ["Ad clicks", "105.4", "100.0", "92.5", "102.28"],
        ["Net promoter score", "100.0", "–", "–", "100.00"],
    ]
    assert "pending" not in text


def test_a_card_that_waits_for_marks_shows_whose(issued):
    issue(issued, revision=2, appraisal=appraised(None, (MissingMark("clicks", "self"),)))
    text = printed(print_card, issued, OCTOBER, "north", width=120)
    assert ["Ad clicks", "105.4", "–", "92.5", "–"] in table_rows(text)
    assert "Appraisal pending, without grade and pay until then: clicks (self)\n" in text


def test_a_vetoed_card_shows_by_which_kpi(issued):
    area = replace(
        from_json(issued.issues()[0].card_json).areas[0], score=Decimal(20), overruled_by="cost_per_click"
    )
    issue(issued, revision=2, total=Decimal(50), overruled_by="nps", areas=(area,))
    lines = printed(print_card, issued, OCTOBER, "north", width=120).splitlines()
    assert [line for line in lines if "vetoed" in line] == [
        f"{area.name.en}: 20.0, vetoed by Cost per click",
        "total: 50.0, vetoed by nps",
    ]


def test_the_status_says_until_when_a_month_is_open(unsent):
    def said(day, hour):
        console = Console(file=io.StringIO(), width=80)
        now = datetime(2026, 11, day, hour, 59, tzinfo=UTC)
        print_status(unsent.open(), OCTOBER, console, now)
        return [line for line in console.file.getvalue().splitlines() if line.startswith("2026-10: ")]

    # midnight in Berlin is 23:00 UTC
    assert said(14, 22) == ["2026-10: open until 2026-11-15"]
    assert said(14, 23) == ["2026-10: closed since 2026-11-15"]


def as_json(place, now=NOW, period=OCTOBER):
    return status_of(place.open(), period, now).as_json()


def test_a_month_in_which_nothing_is_missing_says_so_and_exits_with_0(issued, command):
    issued.run()
    done = command(issued, "status", "2026-10", "--json")
    said = json.loads(done.out)
    assert (done.code, said["is_complete"], said["missing"]) == (0, True, [])
    assert said["cards"] == {"expected": 2, "final": 2, "provisional": 0, "held": 0, "missing": 0}
    assert said["mails"] == {"sent": 2}
    assert {one["to"] for one in said["deliveries"]} == {
        str(to) for issue in issued.issues() for to in issued.open().ledger.delivery_states(issue.id)
    }
    assert {(one["source"], one["newest_month"]) for one in said["sources"]} >= {("google_ads", "2026-10")}
    assert said["quarantined_rows"] == 0
    assert said["minutes_to_last_mail"] == 0


def test_a_card_that_was_never_issued_is_missing_once_its_month_is_over(place, command):
    place.run("north")
    assert as_json(place)["missing"] == ["south: no card was issued"]
    assert as_json(place, datetime(2026, 10, 31, 12, tzinfo=UTC))["missing"] == []
    done = command(place, "status", "2026-10")
    assert done.code == 4
    assert "│ north" in done.out
    assert done.err == "scorewright: south: no card was issued\n"


def test_a_mail_that_nobody_knows_of_is_missing_with_its_age(issued):
    site = issued.open()
    to = Recipient(MAIL, "wang.wei@lantern.example")
    site.ledger.queue_delivery(2, to)
    claim = Claim("t", "h", 1, "s", NOW, "file:", "cards@lantern.example", "<m@x>")
    assert site.ledger.claim_delivery(2, to, claim)
    said = as_json(issued)
    assert said["missing"] == [f"2026-10/south/r1 (issue 2): to {to} sending"]
    (delivery,) = said["deliveries"]
    assert (delivery["state"], delivery["claimed_at"]) == ("sending", "2026-11-03T05:00:00+00:00")


def test_a_refused_file_is_missing(place, command):
    export = place.export("ads 2026-10.csv")
    place.run(send=False)
    export.write_text(export.read_text("utf-8").replace(",17,", ",many,", 1), "utf-8")
    with contextlib.suppress(RefusedError, BadFileError):
        place.run(send=False)
    done = command(place, "status", "2026-10")
    assert done.code == 3
    assert "ads 2026-10.csv" in done.err


def test_a_warehouse_that_cannot_be_read_is_said_and_cards_are_shown(issued):
    (issued.home / "warehouse.duckdb").write_bytes(b"no database")
    said = as_json(issued)
    assert (said["cards"]["final"], said["is_complete"]) == (2, True)
    assert (said["quarantined_rows"], said["sources"]) == (None, [])
    assert "warehouse" in said["unread"]


def test_neither_book_nor_warehouse_is_loaded_to_show_a_card():
    asked = "import sys, terminal.card; print({'book', 'warehouse', 'pyarrow'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_nothing_that_mails_are_made_with_is_loaded_to_say_how_a_month_stands():
    asked = (
        "import sys, auditing.standing, terminal.status;"
        "print({'jinja2', 'reports.mail', 'delivery.outbox', 'archive.letters'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
