"""What came of a period: what was issued, held and sent, and what there should be and is not."""

from __future__ import annotations

import pytest

from disk.home import name_of_home
from pipeline.steps.refused import raise_all
from pipeline.steps.report import report, report_whole
from scoring.errors import DataError, RefusedError, ScorewrightError
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ADS, OCTOBER, change


def whole(place, finish=True, **settings):
    return report_whole(place.open(**settings), OCTOBER, (), now=lambda: NOW, finish=finish)


def test_a_month_that_is_done_has_nothing_to_say_but_its_counts(place):
    place.run()
    found = whole(place)
    found.or_raise()
    assert str(found) == "2026-10: 2 of 2 cards issued (2 final); mails: 2 sent"


def test_cards_without_mails_are_no_shortfall_where_none_was_asked_for(issued):
    found = report(issued.open(), OCTOBER)
    found.or_raise()
    assert str(found) == "2026-10: 2 of 2 cards issued (2 final); mails: none asked for"


def test_a_team_without_its_card_is_named(place):
    place.run("south", send=False)
    found = report(place.open(), OCTOBER)
    assert str(found) == "2026-10: 1 of 2 cards issued (1 final); mails: none asked for"
    with pytest.raises(ScorewrightError, match=r"^north: no card was issued$"):
        found.or_raise()
    report(place.open(), OCTOBER, ["south"]).or_raise()


def test_a_held_card_and_the_file_it_is_held_for_are_both_said(place):
    change(place.export(ADS), lambda text: text.replace(",17,", ",many,", 1))
    with pytest.raises(ScorewrightError):
        place.run()
    found = whole(place)
    assert str(found) == "2026-10: 2 of 2 cards issued (1 final, 1 held); mails: 1 sent"
    with pytest.raises(ScorewrightError) as refused:
        found.or_raise()
    assert "expected a whole number" in str(refused.value)
    assert "2026-10/north/r1 (Marketing North): held. google ads (shop): the file was refused" in str(
        refused.value
    )


def test_a_mail_that_could_not_go_out_is_named_with_its_recipient(place):
    nowhere = {"delivery": "smtp://127.0.0.1:1/?tls=never"}
    with pytest.raises(ScorewrightError):
        place.run(**nowhere)
    with pytest.raises(ScorewrightError) as missing:
        whole(place, finish=False, **nowhere).or_raise()
    assert "2026-10/south/r1 (issue 2): to wang.wei@lantern.example failed" in str(missing.value)


def test_a_home_keeps_its_name_and_no_other_has_it(place, tmp_path):
    place.run(send=False)
    assert name_of_home(place.home) == name_of_home(place.home) != name_of_home(tmp_path / "other")


def test_refusals_among_refusals_are_one_list():
    with pytest.raises(RefusedError) as told:
        raise_all([RefusedError(["a.", "b."], exit_code=3), DataError("c."), DataError("a.")])
    assert str(told.value) == "3 refusals; all else was done:\n  a.\n  b.\n  c."
    assert told.value.exit_code == 3
