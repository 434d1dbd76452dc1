"""Superiors are reminded of the marks that they owe, of nobody else's and of no mark that was given."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest

from appraisal import write_form
from appraisal.reminding import owed_in, refuse_unfinished, remind
from auditing.everything import audit
from scoring.errors import UsageError
from scoring.period import Period
from tests.appraisal.test_form import FILLED, NOW, enter, fill
from tests.pipeline.exports import OCTOBER, change

TOVE = "tove.lind@lantern.example"


@pytest.fixture
def owed(judged, tmp_path):
    """Tove Lind, who has an address, owes marks of north; Li Na has none."""
    change(
        judged.root / "config/teams.yaml",
        lambda book: book.replace("{name: Tove Lind}", f"{{name: Tove Lind, email: {TOVE}}}"),
    )
    write_form(judged.open(), OCTOBER, (), tmp_path / "form.xlsx", lambda _: None)
    return judged


def reminded(place, now=NOW, teams=()):
    site = place.open()
    return remind(site, owed_in(site, OCTOBER, teams), now=lambda: now)


def mails(place):
    for path in sorted((place.home / "outbox").glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        yield (
            mail["To"].addresses[0].addr_spec,
            mail["Subject"],
            mail.get_body(("plain",)).get_content().replace("\r\n", "\n"),
        )


def test_a_superior_is_mailed_the_kpis_without_a_mark_once_a_day(owed):
    first = reminded(owed)
    assert first == (
        "Tove Lind: 2 marks of north 2026-10; reminded",
        "李娜: 2 marks of south 2026-10; has no address in teams.yaml (`email` of `appraiser`), so nobody was mailed",
    )
    ((to, subject, text),) = mails(owed)
    assert (to, subject) == (TOVE, "Your marks are missing for 1 team")
    assert "Marketing North · October 2026\n- Ad clicks\n- Cost per click\n" in text
    assert "South" not in text
    assert "scorewright appraisal form 2026-10" in text
    assert reminded(owed)[0].endswith("was reminded today before")
    assert len([*mails(owed)]) == 1
    assert reminded(owed, NOW + timedelta(days=1))[0].endswith("; reminded")
    assert len([*mails(owed)]) == 2
    assert audit(owed.open()).findings == []


def test_marks_that_were_given_are_not_asked_for_and_stand_in_no_mail(owed, tmp_path):
    enter(
        owed,
        fill(tmp_path / "form.xlsx", {name: FILLED[name] for name in FILLED if name not in ("J7", "H7")}),
    )
    (said, _) = reminded(owed)
    assert said == "Tove Lind: 1 mark of north 2026-10; reminded"
    ((_, _, text),) = mails(owed)
    assert "Cost per click" in text
    assert "Ad clicks" not in text
    assert "92.5" not in text
    assert "100" not in text


def test_nobody_is_reminded_where_nothing_is_owed(owed, tmp_path):
    enter(owed, fill(tmp_path / "form.xlsx", FILLED))
    assert reminded(owed, teams=("north",)) == ()
    assert [*mails(owed)] == []


def test_the_command_says_who_owes_what(owed, command):
    done = command(owed, "appraisal", "remind", "2026-10", "--team", "north")
    assert (done.code, done.out) == (0, "Tove Lind: 2 marks of north 2026-10; reminded\n")


def test_before_a_period_is_over_nobody_owes_marks(owed):
    with pytest.raises(UsageError, match="2026-11: expected a period that is over"):
        refuse_unfinished(owed.open(), Period.parse("2026-11"), NOW)
