"""The platforms of `behaving_more` give all rows of the truth, too: three accounts, three months, several pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.platforms.pulled import MONTHS
from tests.platforms.test_platforms import of_ads, true_ads
from tests.platforms.truth import ACCOUNTS, things, within

D = Decimal
DAY = timedelta(days=1)
EVERYWHERE = pytest.mark.parametrize("entity", ACCOUNTS)

ADS = {
    # what stands for the campaign where there is none above what the rows are of
    "linkedin_ads": {"alone": True, "has_value": "always"},
    "snapchat_ads": {"alone": True, "has_value": "always"},
    "tencent_ads": {"alone": True, "has_value": "always", "cents": True},
    "pinterest_ads": {"has_value": "always"},
    "baidu_ads": {"has_value": ""},
}


def expected_ads(entity, month, *, has_value, alone=False, cents=False):
    found = true_ads(entity, month, has_value=has_value)
    if alone:
        found = [(day, group, group, *rest) for day, _, group, *rest in found]
    if cents:
        # what a fen cannot say
        found = [(*row[:5], row[5].quantize(D("0.01"), "ROUND_DOWN"), *row[6:]) for row in found]
    return sorted(found, key=str)


@pytest.mark.parametrize("name", ADS)
@EVERYWHERE
def test_ads_are_those_of_the_truth(standing, name, entity):
    theirs = standing(name)
    theirs.standin.state["organisation"] = entity
    for month in MONTHS:
        theirs.standin.state.pop("polls", None)
        assert theirs.land(entity, month)
        found = of_ads(theirs.rows(entity, month), has_value=ADS[name]["has_value"])
        assert found == expected_ads(entity, month, **ADS[name])
    assert len(theirs.standin.pages) >= {"linkedin_ads": 3, "pinterest_ads": 3}.get(name, 3 * 4)


def six(number):
    return D(number).quantize(D("0.000001"))


def day_of(each):
    return each.at.date()


def deal(each):
    is_won = each.number % 3 == 0
    won = (day_of(each) + DAY, six(each.amount)) if is_won else (None, None)
    return (each.id, day_of(each), day_of(each), *won, "EUR")


def lead(each):
    is_converted, is_won = each.number % 2 == 0, each.number % 4 == 0
    won = (day_of(each) + DAY, six(each.amount)) if is_won else (None, None)
    return (f"00Q{each.id}", day_of(each), day_of(each) + DAY if is_converted else None, *won, "EUR")


LEADS = ("lead_id", "created_date", "sql_date", "won_date", "deal_amount", "currency_code")
POSTS = ("post_id", "posted_date", "impressions", "reach", "engagements")
PAGES = ("activity_date", "followers", "new_followers")
SURVEYS = ("response_id", "responded_date", "nps_score", "csat_score")


def post(each, entity):
    return (each.id, day_of(each), each.number, each.number // 2, each.number // 9)


def post_of_x(each, _):
    engaged = sum(each.number % base for base in (10, 9, 8, 7))
    return (each.id, day_of(each), each.number, None, engaged)


def article(each, _):
    engaged = each.number // 3 + each.number // 5 + 1
    return (f"{each.id}_1", day_of(each), None, each.number, engaged)


def answer(each, _):
    return (each.id, day_of(each), each.number % 11, each.number % 5 + 1)


def followers_of_wechat(each, _):
    changes = (each.number % 50, each.number % 20)
    return (day_of(each), each.number, sum(changes) - 2 * (each.number % 7))


OTHERS = {
    "hubspot_deals": ("deals", 2, LEADS, lambda each, _: deal(each)),
    "salesforce_leads": ("leads", 2, LEADS, lambda each, _: lead(each)),
    "x": ("posts", 2, POSTS, post_of_x),
    "facebook_posts": (
        "posts",
        2,
        POSTS,
        lambda each, entity: (f"{entity}_{each.id}", *post(each, entity)[1:]),
    ),
    "instagram_media": ("posts", 2, POSTS, post),
    "wechat_articles": ("articles", 2, POSTS, article),
    "surveymonkey": ("responses", 2, SURVEYS, answer),
    "typeform": ("responses", 2, SURVEYS, answer),
    "youtube": ("page", 1, PAGES, lambda each, _: (day_of(each), None, each.number % 50 - each.number % 70)),
    "facebook_pages": ("page", 1, PAGES, lambda each, _: (day_of(each), each.number, each.number % 50)),
    "wechat_followers": ("page", 1, PAGES, followers_of_wechat),
}


@pytest.mark.parametrize("name", OTHERS)
@EVERYWHERE
def test_other_rows_are_those_of_the_truth(standing, name, entity):
    kind, a_day, columns, true_row = OTHERS[name]
    theirs = standing(name)
    theirs.standin.state["organisation"] = entity
    for month in MONTHS:
        assert theirs.land(entity, month)
        found = sorted(tuple(row[column] for column in columns) for row in theirs.rows(entity, month))
        truth = within(things(entity, kind, a_day), month.start, month.end)
        assert found == sorted(true_row(each, entity) for each in truth)
    assert len(theirs.standin.pages) >= (3 if name == "facebook_pages" else 3 * 3)


def test_a_secret_in_the_question_is_in_nothing_that_is_kept(standing):
    for name in ("tencent_ads", "baidu_ads", "wechat_articles"):
        theirs = standing(name)
        assert theirs.land()
        assert any(b"canary" not in each and b"question" in each for each in theirs.texts())
        assert not [each for each in theirs.texts() if b"canary" in each]
