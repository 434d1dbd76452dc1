"""The demo that pulls: the same facts as the exports of the example, and settings that lead to the stand-in."""

from __future__ import annotations

import json
import sys
from collections import Counter
from decimal import Decimal

import pytest

from pipeline.site import open_site
from scoring.period import Period
from settings import Settings
from tests.e2e.conftest import NOW
from tests.platforms import demo

OCTOBER = Period(2026, 10)
FIGURES = ("impressions", "clicks", "spend", "conversions", "conversion_value")
WEB = ("sessions", "engaged_sessions", "conversions", "revenue")
COMPARED = {
    "fct_ad_daily": ("activity_date", "owner_key", "currency_code", *FIGURES),
    "fct_web_daily": ("activity_date", "owner_key", "currency_code", *WEB),
    "fct_fx_rate": ("rate_date", "quoted_date", "currency_code", "rate"),
}


@pytest.fixture
def sites(tmp_path, exports):
    """The site that reads files, and the one that pulls while the platforms are there."""
    demo.write_book(tmp_path / "api/config")
    with demo.platforms() as servers:
        pulling = demo.settings_of(tmp_path / "api", servers)
        settings = ({"SCOREWRIGHT_HOME": str(tmp_path / "files")}, pulling)
        said = {"SCOREWRIGHT_EXPORTS": str(exports)}
        yield [open_site(Settings.from_environment({**each, **said})) for each in settings]


def facts_of(site, source, entity):
    """How often each row is there; what has no figure has none of it."""
    (account,) = (each for each in site.book.accounts_of(source) if each.entity == entity)
    files = site.book.sources[source].extract(account, OCTOBER, site.origin)
    site.landing.land(account, OCTOBER, files, NOW)
    pull = site.landing.latest(source, entity, OCTOBER)
    tables = site.book.sources[source].read(pull.files, account, OCTOBER).tables
    return Counter(
        (fact, *(row[name] or Decimal(0) for name in names))
        for fact, names in COMPARED.items()
        if fact in tables
        for row in tables[fact].to_pylist()
    )


def test_what_is_pulled_makes_the_facts_that_the_exports_make(sites):
    for account in (each for all_of in demo.PULLED.values() for each in all_of):
        of_files, pulled = (facts_of(site, account.source, account.entity) for site in sites)
        assert pulled == of_files
        assert len(pulled) > 20


def test_the_command_gets_settings_that_lead_to_the_stand_in_and_ends_as_it_ends(tmp_path):
    told = tmp_path / "told.json"
    tell = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w')); sys.exit(7)"
    assert demo.main(str(tmp_path / "home"), sys.executable, "-c", tell, str(told)) == 7
    said = json.loads(told.read_text())
    assert said["SCOREWRIGHT_HOME"] == str(tmp_path / "home")
    assert said["SCOREWRIGHT_CONNECTION_ECB"].rpartition("@")[2].startswith("127.0.0.1:")
