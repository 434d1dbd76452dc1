"""X Ads: figures for the ids of an earlier answer, as lists of days, by questions that are signed one by one."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from pulling.platform import Platform
from pulling.signing import METHODS, signature_header
from pulling.trial import ask_once
from scoring.errors import BadFileError, UsageError
from tests.platforms.pulled import MONTHS, OCTOBER
from tests.platforms.standin import MAY_ASK
from tests.platforms.test_platforms import six
from tests.platforms.truth import ACCOUNTS, ads, within

NAMES = ("activity_date", "campaign_id", "ad_group_id", "campaign_name")
FIGURES = ("impressions", "clicks", "spend", "conversions")


@pytest.fixture
def theirs(standing):
    return standing("x_ads")


def with_list(theirs, **said):
    """The platform with another list of campaigns to begin with."""
    (asked,) = theirs.platform.questions
    how = asked.for_each.model_copy(update=said)
    asked = asked.model_copy(update={"for_each": how})
    theirs.platform = theirs.platform.model_copy(update={"questions": (asked,)})


def small_list(theirs, size=1):
    (asked,) = theirs.platform.questions
    with_list(theirs, pages=asked.for_each.pages.model_copy(update={"size": size}))


def true_rows(entity, month):
    found = {}
    for each in within(ads(entity), month.start, month.end):
        of = found.setdefault(
            (each.day, each.campaign, each.campaign, f"Campaign {each.campaign}"), Counter()
        )
        of.update(i=each.impressions, c=each.clicks, m=each.micros, v=each.conversions)
    return sorted(
        (*key, of["i"], of["c"], six(Decimal(of["m"]) / 10**6), six(of["v"])) for key, of in found.items()
    )


def found_rows(theirs, entity="1001", month=OCTOBER):
    return sorted(tuple(row[name] for name in (*NAMES, *FIGURES)) for row in theirs.rows(entity, month))


def stats(theirs):
    return [each.params for each in theirs.standin.asked if "/stats/" in each.path]


@pytest.mark.parametrize("entity", ACCOUNTS)
def test_rows_are_those_of_the_truth(theirs, entity):
    for month in MONTHS:
        assert theirs.land(entity, month)
        assert found_rows(theirs, entity, month) == true_rows(entity, month)
    assert {each["placement"] for each in stats(theirs)} == {
        *("ALL_ON_TWITTER", "PUBLISHER_NETWORK", "SPOTLIGHT", "TREND")
    }


def test_the_list_has_pages_and_questions_name_so_many_ids(theirs):
    small_list(theirs)
    with_list(theirs, most=2)
    assert theirs.land()
    assert found_rows(theirs) == true_rows("1001", OCTOBER)
    assert {each["entity_ids"] for each in stats(theirs)} == {"10011,10012", "100199"}
    lists = [each.params.get("cursor") for each in theirs.standin.asked if "/stats/" not in each.path]
    # once for all windows and placements
    assert lists == [None, "c-1", "c-2"]


def test_the_month_of_a_change_of_clocks_has_all_of_its_days(theirs):
    assert theirs.land()
    spans = {(each["start_time"], each["end_time"]) for each in stats(theirs)}
    assert ("2026-10-21T22:00:00Z", "2026-10-28T23:00:00Z") in spans
    assert len({row[0] for row in found_rows(theirs)}) == 31


def test_an_account_without_campaigns_has_a_month_without_rows(theirs):
    theirs.standin.state["campaigns"] = []
    assert not theirs.land()
    assert stats(theirs) == []
    assert ask_once(theirs.puller, theirs.account()).rows == 0


def campaign(name, **said):
    return {"id": name, "name": name, "currency": "EUR", **said}


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ([campaign("10011"), campaign("10011")], "1 rows twice"),
        ([campaign("10011"), {"name": "nameless"}], "an item of .* without 'id'"),
    ],
)
def test_a_list_that_is_not_sound_is_refused(theirs, listed, found):
    theirs.standin.state["campaigns"] = listed
    with pytest.raises(BadFileError, match=f"a whole answer of X Ads, found {found}"):
        theirs.land()
    assert stats(theirs) == []


def test_a_list_that_goes_round_in_circles_is_refused(theirs):
    small_list(theirs)
    answer = theirs.standin.behave

    def circling(asked, standin):
        reply = answer(asked, standin)
        if "campaigns" in asked.path:
            reply.value["next_cursor"] = "c-1"
        return reply

    theirs.standin.behave = circling
    with pytest.raises(BadFileError, match="a page that leads back to one before it"):
        theirs.land()


def spoiled(theirs, change):
    """The figures that the stand-in answers, changed."""
    answer = theirs.standin.behave

    def changed(asked, standin):
        reply = answer(asked, standin)
        if "/stats/" in asked.path:
            change(reply.value["data"])
        return reply

    theirs.standin.behave = changed


def set_clicks(said):
    def change(data):
        data[0]["id_data"][0]["metrics"]["clicks"] = said

    return change


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda data: data.pop(0), "nothing of 1 of 3 ids, such as '10011'"),
        (lambda data: data.append({**data[0], "id": "20017"}), "rows of '20017', for which nobody asked"),
        (lambda data: data.append(data[0]), "1 rows twice"),
        (set_clicks([1, 2]), r"a list of \[1, 2\] where a value for each of 7 days was expected"),
        (set_clicks(7), "a list of 7 where a value for each of 7 days"),
        (lambda data: data[0].update(id_data=[]), "a row with 0 of id_data"),
        (lambda data: data[0]["id_data"].append(data[0]["id_data"][0]), "a row with 2 of id_data"),
    ],
)
def test_figures_that_are_not_whole_are_refused_and_the_old_ones_stay(theirs, change, found):
    theirs.now = theirs.now.replace(day=5)
    assert theirs.land()
    answer = theirs.standin.behave
    spoiled(theirs, change)
    with pytest.raises(BadFileError, match=found):
        theirs.land()
    theirs.standin.behave = answer
    assert theirs.land()
    assert found_rows(theirs) == true_rows("1001", OCTOBER)


def test_an_id_that_vanishes_between_both_questions_is_said_and_the_next_run_mends_it(theirs):
    def vanish(data):
        theirs.standin.state["campaigns"] = [campaign("10011"), campaign("10012")]

    spoiled(theirs, vanish)
    with pytest.raises(BadFileError, match="CAMPAIGN 100199 was not found"):
        theirs.land()
    assert theirs.land()
    assert {row[1] for row in found_rows(theirs)} == {"10011", "10012"}


def test_another_currency_than_the_account_has_is_refused(theirs):
    theirs.land(currency_code="USD")
    with pytest.raises(BadFileError, match="USD"):
        theirs.rows(currency_code="USD")


def test_a_wrong_secret_is_refused_with_what_helps_and_nothing_secret_is_kept(theirs):
    theirs.token = f"another-{MAY_ASK}"
    with pytest.raises(
        BadFileError, match=r"not properly authenticated.*clock of this machine is right"
    ) as error:
        theirs.land()
    theirs.token = MAY_ASK
    assert theirs.land()
    kept = [*theirs.texts(), str(error.value).encode()]
    assert not [each for each in kept if b"canary" in each or b"oauth_signature" in each]


def test_a_clock_that_is_wrong_is_refused(theirs):
    theirs.standin.state["now"] = 1_500_000_000.0
    with pytest.raises(BadFileError, match="the clock of this machine is right"):
        theirs.land()


def test_a_connection_without_a_key_is_named(theirs):
    class Lacking(type(theirs)):
        connection = "https://:t0kent0ken@ads-api.x.com?consumer_key=k&token_secret=s"

    theirs.__class__ = Lacking
    with pytest.raises(UsageError, match="expected 'consumer_secret' in its connection"):
        theirs.land()


def test_one_question_shows_whether_an_account_answers(theirs):
    answered = ask_once(theirs.puller, theirs.account())
    assert answered.rows == 3
    assert len(theirs.standin.asked) == 2


# what X's page "Creating a signature" and RFC 5849 say of themselves


OF_X = {
    "consumer_key": "xvz1evFS4wEEPTGEFPHBog",
    "consumer_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
}
STATUS = "status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21"


@pytest.mark.parametrize(
    ("place", "signature"),
    [
        ("https://api.twitter.com/1/statuses/update.json", "tnnArxj06cWHq44gCs1OSKk%2FjLY%3D"),
        ("https://API.twitter.com:443/1/statuses/update.json", "tnnArxj06cWHq44gCs1OSKk%2FjLY%3D"),
        ("https://api.twitter.com/1.1/statuses/update.json", "hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"),
    ],
)
def test_a_signature_is_that_of_the_published_example(place, signature):
    nonce = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"
    url = f"{place}?{STATUS}&include_entities=true"
    made = signature_header("oauth1", "post", url, OF_X, 1318622958.4, nonce)["Authorization"]
    assert f'oauth_signature="{signature}"' in made
    assert made.startswith('OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", ')
    assert OF_X["token_secret"] not in made


def test_the_longer_hash_makes_another_signature():
    both = [signature_header(how, "GET", "https://a.b/c", OF_X, 1.0, "n")["Authorization"] for how in METHODS]
    assert [name in each for name, each in zip(("HMAC-SHA1", "HMAC-SHA256"), both, strict=True)] == [
        True,
        True,
    ]
    assert len({each.partition("oauth_signature=")[2] for each in both}) == 2


def test_ids_may_stand_in_the_address(theirs):
    said = theirs.platform.model_dump(exclude_unset=True)
    (asked,) = said["questions"]
    asked = {**asked, "path": "/{version}/stats/{ids}", "params": {"x": "{ids}"}}
    theirs.platform = Platform.model_validate({**said, "questions": [asked]})
    with pytest.raises(BadFileError, match="HTTP 404"):
        theirs.land()
    assert [each.path for each in theirs.standin.asked][1] == "/12/stats/10011%2C10012%2C100199"
    assert theirs.standin.asked[1].params == {"x": "10011,10012,100199"}
