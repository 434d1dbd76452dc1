"""Whatever goes wrong with the first, a middle or the last page: exact rows, or the old slice and one sentence.

Questions and time are bounded, and no secret is anywhere.
"""

from __future__ import annotations

import json
import logging
import socket
from dataclasses import replace

import pytest

from pulling.asking import Patience
from scoring.errors import BadFileError
from tests.platforms.behaving import BEHAVIOURS
from tests.platforms.pulled import NOW, OCTOBER
from tests.platforms.standin import (
    MAY_ASK,
    SECRETS,
    bad_gzip,
    brotli,
    expired,
    half_gzip,
    how,
    html,
    huge,
    redirect,
    status,
    truncated,
)

# a platform for each style of pulling, with what its pages say
STYLES = {
    "google_ads": 1,
    "meta_ads": 4,
    "hubspot_contacts": 3,
    "mailchimp": 3,
    "tiktok_ads": 5,
    "pingcode": 3,
}
PLACES = {"first": lambda pages: 0, "middle": lambda pages: pages // 2, "last": lambda pages: pages - 1}
TRIES = Patience().tries

PASSING = {
    "429": status(429),
    "429 with Retry-After": status(429, **{"Retry-After": "7"}),
    "500": status(500),
    "503": status(503),
    "silence": how("silent"),
    "reset": how("reset"),
    "cut off": how("cut"),
    "truncated JSON": truncated,
    "HTML with 200": html,
    "bad gzip": bad_gzip,
    "half gzip": half_gzip,
}
"""What is gone when it is asked again."""


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


WHOLLY = ("google_ads", "meta_ads", "mailchimp")
"""A stream, an ordered report with a token, and an offset; what the wire does is the same for the others."""
SOME = ("429 with Retry-After", "reset", "truncated JSON")


@pytest.mark.parametrize(
    ("name", "fault"), [(name, fault) for name in STYLES for fault in (PASSING if name in WHOLLY else SOME)]
)
def test_what_passes_leaves_exact_rows(standing, caplog, name, fault):
    caplog.set_level(logging.DEBUG)
    theirs, rows = good_rows(standing, name)
    theirs.patience = replace(theirs.patience, read=0.1 if fault == "silence" else 2)
    pages = max(theirs.standin.pages) + 1
    assert pages == STYLES[name] or name == "tiktok_ads"
    for place in dict.fromkeys(at(pages) for at in PLACES.values()):
        again(theirs)
        theirs.standin.faults[place] = [PASSING[fault]]
        assert theirs.land()
        assert whole(theirs) == rows
        assert theirs.standin.pages.count(place) >= 2
        assert (7.0 in theirs.clock.waits) == (fault == "429 with Retry-After")
    no_secret_is_anywhere(theirs, caplog.text)


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
@pytest.mark.parametrize("name", WHOLLY)
def test_what_stays_leaves_the_old_slice_and_one_sentence(standing, caplog, name, fault):
    caplog.set_level(logging.DEBUG)
    theirs, rows = good_rows(standing, name)
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


def rows_in(value):
    """The list with the rows of a page, however it is called."""
    places = (value.get("data"), value.get("results"), value.get("reports"), value.get("values"))
    found = next(each for each in places if each)
    return found["list"] if isinstance(found, dict) else found


def changed(change):
    def fault(reply, standin):
        value = json.loads(reply.payload)
        change(value, rows_in(value), standin)
        return replace(reply, value=value)

    return fault


def keep_first_page(value, rows, standin):
    """The page of before, as a server gives it whose rows moved."""
    if "kept" in standin.state:
        rows[:] = standin.state["kept"]
    standin.state["kept"] = [*rows]


def another_total(value, rows, standin):
    for place in (value, value.get("data", {})):
        info = place.get("page_info", place) if isinstance(place, dict) else {}
        for name in ("total", "total_items", "total_number"):
            if name in info:
                info[name] += 1


UNSOUND = {
    "a row twice": changed(lambda value, rows, _: rows.append(rows[0])),
    "a row instead of another": changed(lambda value, rows, _: rows.__setitem__(-1, rows[0])),
    "a short page": changed(lambda value, rows, _: rows.pop()),
    "a page without rows": changed(lambda value, rows, _: rows.clear()),
    "another total": changed(another_total),
}


@pytest.mark.parametrize("fault", UNSOUND)
@pytest.mark.parametrize("name", ["hubspot_contacts", "mailchimp", "tiktok_ads", "pingcode"])
def test_pages_that_make_no_whole_are_found(standing, name, fault):
    theirs, rows = good_rows(standing, name)
    pages = max(theirs.standin.pages) + 1
    said = r"rows of the \d+ that it declares|rows twice|rows after a page that was not full|that changes, "
    for place in dict.fromkeys(at(pages) for at in PLACES.values()):
        again(theirs)
        theirs.standin.faults[place] = [UNSOUND[fault]] * 100
        with pytest.raises(BadFileError, match=said):
            theirs.land()
        assert len(theirs.standin.pages) <= 2 * pages
        assert whole(theirs) == rows
        # nothing of what did not fit together is used again
        again(theirs)
        assert theirs.land()
        assert whole(theirs) == rows


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


def back_to_the_start(value, rows, standin):
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


class KilledError(BaseException):
    """The process is gone: nothing catches it."""


@pytest.mark.parametrize("name", ["meta_ads", "mailchimp", "hubspot_contacts", "tiktok_ads"])
def test_killed_at_any_page_it_goes_on_where_it_was(standing, monkeypatch, name):
    theirs, rows = good_rows(standing, name)
    count = len(theirs.standin.pages)
    for killed_at in range(count):
        again(theirs)
        left = [killed_at]

        def kill(point, left=left):
            left[0] -= point == "extract.page_landed"
            if left[0] < 0:
                raise KilledError

        monkeypatch.setattr("pulling.journal.reach", kill)
        with pytest.raises(KilledError):
            theirs.land()
        monkeypatch.setattr("pulling.journal.reach", lambda _: None)
        assert theirs.land()
        assert whole(theirs) == rows
        assert len(theirs.standin.pages) == count
        assert sum(each.path.endswith("/act_1001/insights") for each in theirs.standin.asked) <= 1


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
    theirs.platform = with_most(theirs.platform, 2)
    with pytest.raises(BadFileError, match="2 rows, as many as it gives at most or more"):
        theirs.land()


def with_most(platform, most):
    (asked,) = platform.questions
    pages = asked.pages.model_copy(update={"most_rows": most, "size": 5})
    return platform.model_copy(
        update={"questions": (asked.model_copy(update={"pages": pages}),), "window_days": 31}
    )


def test_every_style_is_tried():
    assert set(STYLES) <= set(BEHAVIOURS)
    assert OCTOBER.days()


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
