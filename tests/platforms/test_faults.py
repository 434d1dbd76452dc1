"""What is said when something goes wrong, and what single platforms do in their own ways.

What comes of everything that can go wrong, for every platform, is in `test_every_platform`.
"""

from __future__ import annotations

import json
import logging
import socket
from dataclasses import replace
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from pulling.asking import Patience
from pulling.filling import Window
from scoring.errors import BadFileError
from tests.platforms.pulled import NOW, OCTOBER
from tests.platforms.standin import (
    MAY_ASK,
    SECRETS,
    bad_gzip,
    brotli,
    expired,
    how,
    html,
    huge,
    redirect,
    status,
    truncated,
)

PLACES = {"first": lambda pages: 0, "middle": lambda pages: pages // 2, "last": lambda pages: pages - 1}
TRIES = Patience().tries


def whole(theirs):
    """What is landed of the month: the same rows are the same bytes, and `test_platforms` holds the rows."""
    account = theirs.account()
    return theirs.landing.latest(account.source, account.entity, OCTOBER).content_sha256


def good_rows(standing, name):
    theirs = standing(name)
    if name == "hubspot_contacts":
        theirs.platform = theirs.platform.model_copy(update={"window_days": 31})
    assert theirs.land()
    return theirs, whole(theirs)


def again(theirs, **faults):
    """The same installation a little later, when the month is pulled once more."""
    theirs.standin.pages.clear()
    theirs.standin.asked.clear()
    theirs.standin.state.pop("polls", None)
    theirs.standin.faults = {**faults}
    theirs.clock.waits.clear()


def no_secret_is_anywhere(theirs, *texts):
    secrets = [each.encode() for each in (MAY_ASK, *SECRETS.values()) if each.startswith("canary")]
    secrets += [b"canary-T0ken%2F", b"canary-signature", b"canary-fresh", rb"canary-T0ken\/"]
    for content in (*theirs.texts(), *(text.encode() for text in texts)):
        assert [each for each in secrets if each in content] == []


LASTING = {
    "429": (status(429), "HTTP 429"),
    "429 for an hour": (status(429, **{"Retry-After": "3600"}), "only in 3,600 s"),
    "500": (status(500), "HTTP 500"),
    "400": (status(400), "HTTP 400"),
    "silence": (how("silent"), "no answer in time"),
    "reset": (how("reset"), "a connection that broke off"),
    "truncated JSON": (truncated, "no whole JSON"),
    "HTML with 200": (html, "a page of HTML"),
    "bad gzip": (bad_gzip, "cannot be unpacked"),
    "brotli": (brotli, "packed as 'br'"),
    "huge": (huge, "too large"),
    "redirect": (redirect, "a redirect to evil.example"),
}


@pytest.mark.parametrize("fault", LASTING)
def test_what_stays_is_said_in_one_sentence(standing, caplog, fault):
    """What comes of it, for every platform, is in the matrix."""
    caplog.set_level(logging.DEBUG)
    theirs, rows = good_rows(standing, "mailchimp")
    theirs.patience = replace(theirs.patience, read=0.05 if fault == "silence" else 2)
    pages = max(theirs.standin.pages) + 1
    behave, said = LASTING[fault]
    for place in dict.fromkeys(at(pages) for at in PLACES.values()):
        again(theirs)
        theirs.standin.faults[place] = [behave] * 100
        with pytest.raises(BadFileError) as raised:
            theirs.land()
        sentence = str(raised.value)
        assert said in sentence, sentence
        assert sentence.count("expected") == 1
        assert "\n" not in sentence
        assert whole(theirs) == rows
        assert theirs.standin.pages.count(place) <= TRIES
        assert sum(theirs.clock.waits) < 120
        no_secret_is_anywhere(theirs, sentence)
    no_secret_is_anywhere(theirs, caplog.text)


def test_a_platform_that_does_not_answer_is_waited_for_once_and_not_for_each_month(standing):
    theirs, rows = good_rows(standing, "mailchimp")
    again(theirs)
    theirs.standin.faults[0] = [status(500)] * 100
    puller = theirs.puller
    for month in (OCTOBER, OCTOBER.shift(-1), OCTOBER.shift(-2)):
        with pytest.raises(BadFileError, match=rf"mailchimp {month} .* found HTTP 500, 6 times"):
            puller(theirs.account(), month)
    assert len(theirs.standin.asked) == TRIES
    assert whole(theirs) == rows


def test_an_answer_that_drips_is_given_up_in_time(standing):
    theirs, rows = good_rows(standing, "mailchimp")
    again(theirs)

    def dripping(reply, _):
        theirs.clock.cost = 200.0
        return replace(reply, how="drip")

    theirs.standin.faults[1] = [dripping] * 100
    with pytest.raises(BadFileError, match="was not there after 180 s"):
        theirs.land()
    assert whole(theirs) == rows


def changed(change):
    def fault(reply, _):
        value = json.loads(reply.payload)
        change(value)
        return replace(reply, value=value)

    return fault


def without_total(reply, _):
    value = json.loads(reply.payload)
    return replace(reply, value={k: v for k, v in value.items() if k not in ("total", "total_items")})


@pytest.mark.parametrize("name", ["hubspot_contacts", "mailchimp"])
def test_an_answer_without_its_number_of_rows_is_not_taken_for_a_whole_one(standing, name):
    theirs, rows = good_rows(standing, name)
    again(theirs)
    theirs.standin.faults = {page: [without_total] * 100 for page in range(20)}
    with pytest.raises(BadFileError, match="no number of its rows at 'total"):
        theirs.land()
    assert whole(theirs) == rows


def back_to_the_start(value):
    if "next" in value.get("paging", {}) and "cursors" in value["paging"]:
        value["paging"]["cursors"]["after"] = "MA=="
    elif "paging" in value:
        value["paging"]["next"]["after"] = "0"


@pytest.mark.parametrize("name", ["meta_ads", "hubspot_contacts"])
def test_a_cursor_that_leads_back_is_found(standing, name):
    theirs, rows = good_rows(standing, name)
    for place in (0, 1):
        again(theirs)
        theirs.standin.faults[place] = [changed(back_to_the_start)] * 100
        with pytest.raises(BadFileError, match=r"leads back to one before it|rows twice|declares"):
            theirs.land()
        assert len(theirs.standin.pages) <= 6
        assert whole(theirs) == rows


def test_a_stream_that_lost_rows_is_found_by_its_sums(standing):
    theirs, rows = good_rows(standing, "google_ads")

    def lost(reply, _):
        value = json.loads(reply.payload)
        value[1]["results"].pop()
        return replace(reply, value=value)

    def without_sums(reply, _):
        value = json.loads(reply.payload)
        del value[-1]["summaryRow"]
        return replace(reply, value=value)

    def without_rows(reply, _):
        value = [{**each, "results": []} for each in json.loads(reply.payload)]
        return replace(reply, value=value)

    faults = ((lost, "add up to"), (without_sums, "no sums"), (without_rows, "add up to 0 and not to"))
    for fault, said in faults:
        again(theirs)
        theirs.standin.faults[0] = [fault]
        with pytest.raises(BadFileError, match=said):
            theirs.land()
        assert whole(theirs) == rows


@pytest.mark.parametrize(("name", "place"), [("google_ads", 0), ("ga4", 0), ("ga4", 2), ("ga4", 3)])
def test_a_token_that_expires_in_the_middle_is_renewed(standing, caplog, name, place):
    caplog.set_level(logging.DEBUG)
    theirs, rows = good_rows(standing, name)
    # a month that GA4 still changes
    theirs.platform = theirs.platform.model_copy(update={"restated_days": 30})
    again(theirs)
    theirs.standin.faults[place] = [expired]
    assert theirs.land()
    assert whole(theirs) == rows
    no_secret_is_anywhere(theirs, caplog.text)


def test_a_token_that_cannot_be_renewed_says_so(standing):
    theirs, rows = good_rows(standing, "mailchimp")
    again(theirs)
    theirs.standin.faults[1] = [expired]
    with pytest.raises(BadFileError, match=r"HTTP 401; put a new token into the connection"):
        theirs.land()
    assert whole(theirs) == rows


def test_an_error_with_http_200_is_waited_out_or_said(standing):
    theirs, rows = good_rows(standing, "tiktok_ads")
    busy = replace_value({"code": 40100, "message": "Too many requests"})
    again(theirs)
    theirs.standin.faults[1] = [busy]
    assert theirs.land()
    assert whole(theirs) == rows
    again(theirs)
    theirs.standin.faults[1] = [replace_value({"code": 40002, "message": f"no metric x for {MAY_ASK}"})]
    with pytest.raises(BadFileError, match=r"HTTP 200 \(no metric x for \*\*\*\)"):
        theirs.land()


def replace_value(value):
    return lambda reply, _: replace(reply, value=value)


def test_a_wait_is_as_long_as_the_platform_says_in_its_own_way(standing):
    theirs, rows = good_rows(standing, "google_ads")
    again(theirs)
    error = {
        "errorCode": {"quotaError": "RESOURCE_EXHAUSTED"},
        "details": {"quotaErrorDetails": {"retryDelay": "30s"}},
    }
    value = [{"error": {"code": 429, "message": "quota", "details": [{"errors": [error]}]}}]
    theirs.standin.faults[0] = [lambda reply, _: replace(reply, status=429, value=value)]
    assert theirs.land()
    assert theirs.clock.waits == [30.0]
    again(theirs)
    dates = {"Retry-After": "Fri, 20 Nov 2026 06:02:00 GMT", "Date": "Fri, 20 Nov 2026 06:00:00 GMT"}
    theirs.standin.faults[0] = [status(503, **dates)]
    assert theirs.land()
    assert theirs.clock.waits == [120.0]
    assert whole(theirs) == rows


def test_a_month_that_does_not_change_any_more_is_not_asked_for(standing):
    theirs, _ = good_rows(standing, "google_ads")
    theirs.now = theirs.now.replace(month=12, day=20)
    assert theirs.land()
    again(theirs)
    assert not theirs.land()
    assert theirs.standin.asked == []


def test_rows_that_are_gone_are_not_taken_for_an_empty_month(standing):
    theirs, rows = good_rows(standing, "mailchimp")
    again(theirs)
    theirs.standin.faults[0] = [replace_value({"reports": [], "total_items": 0})]
    with pytest.raises(BadFileError, match="expected rows, as before, found none; see in Mailchimp whether"):
        theirs.land()
    assert whole(theirs) == rows


def test_more_rows_than_a_search_gives_are_asked_for_by_fewer_days(standing):
    theirs = standing("hubspot_contacts")
    theirs.platform = with_most(theirs.platform, 20)
    theirs.standin.state["most"] = 20
    assert theirs.land()
    assert len(theirs.rows()) == 62
    theirs.platform = with_most(theirs.platform, 1)
    with pytest.raises(BadFileError, match="1 rows, as many as it gives at most or more"):
        theirs.land()


def test_a_day_with_more_rows_than_a_search_gives_is_asked_for_in_parts(standing):
    theirs = standing("hubspot_deals")
    theirs.now = NOW.replace(month=10, day=2)
    theirs.platform = with_most(theirs.platform, 20)
    theirs.standin.state.update(most=20, a_day=50)
    assert theirs.land()
    rows = theirs.rows()
    assert len(rows) == len({row["lead_id"] for row in rows}) == 2 * 50


def test_the_parts_of_a_day_have_no_gap_also_where_clocks_are_put_back():
    berlin = ZoneInfo("Europe/Berlin")
    day = Window(date(2026, 10, 25), date(2026, 10, 26))
    parts = [day]
    for _ in range(3):
        parts = [half for part in parts for half in part.halves()]
    edges = [each.moments(berlin) for each in parts]
    assert [end for _, end in edges[:-1]] == [start for start, _ in edges[1:]]
    assert (edges[0][0], edges[-1][1]) == day.moments(berlin)
    hours = {(end.timestamp() - start.timestamp()) / 3600 for start, end in edges}
    assert hours == {25 / 8}
    while len(parts := parts[0].halves()) > 1:
        pass
    assert parts[0].last <= Fraction(1, 1440)


def with_most(platform, most):
    (asked,) = platform.questions
    pages = asked.pages.model_copy(update={"most_rows": most, "size": 5})
    return platform.model_copy(
        update={"questions": (asked.model_copy(update={"pages": pages}),), "window_days": 31}
    )


@pytest.mark.parametrize("name", ["ecb", "mailchimp"])
def test_a_month_that_has_not_begun_is_not_asked_for(standing, name):
    theirs = standing(name)
    theirs.now = NOW.replace(month=9)
    assert not theirs.land()
    assert theirs.standin.asked == []


@pytest.mark.parametrize("token", ["canary-p\nt", "canary-p\u00e4t", "canary\u2026"])
def test_a_token_that_no_header_can_carry_is_refused_without_a_word_of_it(standing, token):
    theirs = standing("meta_ads")
    theirs.token = token
    with pytest.raises(BadFileError, match="signs in the connection that the header Authorization") as found:
        theirs.land()
    assert "canary" not in str(found.value)
    assert theirs.standin.asked == []


def test_a_host_that_is_not_there_is_told_from_one_that_breaks_off(standing):
    theirs = standing("meta_ads")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        theirs.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(
            BadFileError, match=r"no connection to its host, 6 times; see that the connection"
        ):
            theirs.land()
