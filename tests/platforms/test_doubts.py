"""Figures that are all there and not what they seem: Google Analytics says so in its metadata."""

from __future__ import annotations

import logging
from datetime import date

import pytest

from etl.sources import registry
from scoring.errors import BadFileError
from tests.platforms.pulled import NOW, OCTOBER

SAMPLED = {"samplingMetadatas": [{"samplesReadCount": "500000", "samplingSpaceSize": "9000000"}]}
RESTRICTED = {
    "schemaRestrictionResponse": {
        "activeMetricRestrictions": [
            {"metricName": "totalRevenue", "restrictedMetricTypes": ["REVENUE_DATA"]}
        ]
    }
}


def findings_of(theirs):
    account = theirs.account()
    pull = theirs.landing.latest(account.source, account.entity, OCTOBER)
    return registry()[account.source].read(pull.files, account, OCTOBER).findings


def days_of(span):
    return (date.fromisoformat(span["endDate"]) - date.fromisoformat(span["startDate"])).days + 1


@pytest.fixture
def theirs(standing):
    made = standing("ga4")
    # October is not final yet
    made.now = NOW.replace(day=5)
    return made


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (SAMPLED, "figures that are estimated from a sample of its events"),
        ({"dataLossFromOtherRow": True}, "channels that it has put into one row of others"),
        (RESTRICTED, "metrics that the token may not read, such as revenue, as 0"),
    ],
)
def test_what_it_says_of_every_day_is_refused(theirs, said, found):
    theirs.land()
    before = theirs.rows()
    theirs.standin.state["said"] = lambda _: said
    with pytest.raises(BadFileError, match=f"a whole answer of Google Analytics, found .*{found}"):
        theirs.land()
    assert theirs.rows() == before


def test_what_it_says_of_many_days_is_asked_for_in_fewer(theirs):
    theirs.land()
    before = theirs.rows()
    theirs.standin.state["said"] = lambda span: SAMPLED if days_of(span) > 9 else {}
    assert theirs.land()
    assert theirs.rows() == before


def test_a_day_that_stays_estimated_is_not_asked_for_again_and_again(theirs):
    theirs.standin.state["said"] = lambda _: SAMPLED
    with pytest.raises(BadFileError):
        theirs.land()
    assert len(theirs.standin.asked) < 40


def test_that_rows_may_be_left_out_is_a_warning_and_no_more(theirs, caplog):
    theirs.standin.state["said"] = lambda _: {"subjectToThresholding": True}
    with caplog.at_level(logging.WARNING):
        assert theirs.land()
    assert [each.getMessage() for each in caplog.records] == [
        f"{OCTOBER} of ga4/1001: Google Analytics may have left out rows of few visitors"
    ]
    # and on the card
    assert findings_of(theirs) == ("rows_withheld",)


def test_a_finding_of_one_question_is_one_of_the_month_and_goes_with_it(theirs):
    theirs.platform = theirs.platform.model_copy(update={"window_days": 10})
    before = theirs.land() and theirs.rows()
    assert findings_of(theirs) == ()
    theirs.standin.state["said"] = lambda span: {"subjectToThresholding": span["startDate"] == "2026-10-11"}
    assert theirs.land()
    assert findings_of(theirs) == ("rows_withheld",)
    assert theirs.rows() == before
    theirs.standin.state["said"] = lambda _: {}
    assert theirs.land()
    assert findings_of(theirs) == ()


@pytest.mark.parametrize(
    "said", [{"samplingMetadatas": []}, {"dataLossFromOtherRow": False, "subjectToThresholding": False}]
)
def test_what_says_that_nothing_is_wrong_is_no_doubt(theirs, said, caplog):
    theirs.standin.state["said"] = lambda _: said
    assert theirs.land()
    assert caplog.records == []
