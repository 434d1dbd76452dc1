"""What nobody could notice, because the platform says nothing by which it could be noticed."""

from __future__ import annotations

from collections.abc import Mapping

NO_NUMBER_OF_ROWS = (
    *("meta_ads", "shopify", "search_console", "jira", "linkedin_ads", "snapchat_ads", "youtube"),
    *("facebook_posts", "facebook_pages", "instagram_media", "wechat_followers", "wechat_articles"),
    # files, in which the format finds what is cut off and not what is left out
    *("ecb", "microsoft_ads", "pinterest_ads"),
)
NO_ACCOUNT_IN_ROWS = (
    *("hubspot_contacts", "hubspot_deals", "mailchimp", "shopify", "tiktok_ads", "ocean_engine", "jira"),
    *("pingcode", "search_console", "linkedin_ads", "pinterest_ads", "salesforce_leads", "x", "surveymonkey"),
    *("typeform", "facebook_posts", "instagram_media", "wechat_articles"),
)
# lists of figures without their days
NO_DAY_IN_ROWS = ("x_ads",)
UNNOTICED: Mapping[str, tuple[str, ...]] = {
    "the page of before": NO_DAY_IN_ROWS,
    "a row lost": NO_NUMBER_OF_ROWS,
    "a short page": NO_NUMBER_OF_ROWS,
    "wrong account": NO_ACCOUNT_IN_ROWS,
}

HARMLESS: Mapping[str, tuple[str, ...]] = {
    # the next page begins behind the last row that came, so what was left out at the end comes then; only the first
    # page's total counts
    "typeform": ("a row lost", "a short page", "another total"),
    # only the name of a series has the account in it, and none of its figures
    "facebook_pages": ("wrong account",),
}
"""What leaves the rows exactly as they are, although something was wrong."""


def may_go_unnoticed(name: str, behaviour: str) -> bool:
    """Whether the platform gives nothing by which this could be found."""
    return name in UNNOTICED.get(behaviour, ())


def is_harmless(name: str, behaviour: str) -> bool:
    """Whether this may leave exact rows."""
    return behaviour in HARMLESS.get(name, ())
