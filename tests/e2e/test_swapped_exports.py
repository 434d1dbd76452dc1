"""The files of two accounts of one source, swapped: nothing that is another account's is ever loaded."""

from __future__ import annotations

import re
import shutil

import pytest
import yaml

from pipeline.steps.extract import extract
from pipeline.steps.load import load
from scoring.errors import ScorewrightError
from scoring.period import Period
from settings import ROOT
from tests.e2e.conftest import NOW
from warehouse import create_schema, load_records

OCTOBER = Period(2026, 10)
ACCOUNTS = {
    source: entry["accounts"]
    for source, entry in yaml.safe_load((ROOT / "config/sources.yaml").read_text("utf-8")).items()
}
PAIRS = sorted(source for source, accounts in ACCOUNTS.items() if len(accounts) > 1)
# what the refusal names: the sign in the file, what teams.yaml says of owner keys, or what shows first:
# another currency, times that are September's where the account is
FOUND = {
    "budget": "'CNY'",
    "facebook_pages": "that of 117350924468",
    "ga4": "that of funkelmeyer-cn.example",
    "google_ads": "that of 730-214-6658",
    "hubspot": "the owner key 效果营销",
    "meta_ads": "that of 655730918264",
    "ocean_engine": "the owner key 7419055120664200395",
    "sales": "the owner key 京东自营",
    "social_listening": "that of 芬克迈尔中国",
    "survey": "the owner key 品牌认知追踪",
    "wechat": "that of e05b6d8841f7",
    "x": "that of funkelmeyer_us",
}
# Ocean Engine's report has no sign of its account: that of the shop has no project that teams.yaml names
LOADED_BEFORE_IT_SHOWS = {"ocean_engine": ["1768302945573901"]}


@pytest.fixture
def place(tmp_path, exports):
    """A source's exports of October alone, and the files of each of its accounts."""

    def build(source):
        files = [
            [pattern.replace("{month}", "2026-10") for pattern in account["files"]]
            for account in ACCOUNTS[source]
        ]
        for name in (name for names in files for name in names):
            (tmp_path / "exports" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(exports / name, tmp_path / "exports" / name)
        return tmp_path, files

    return build


def swap(folder, files):
    for first, second in zip(files[0], files[1], strict=True):
        one, other = folder / "exports" / first, folder / "exports" / second
        content = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(content)


def load_october(site, source):
    create_schema(site.warehouse)
    extract(site, OCTOBER, source, now=NOW).or_raise()
    return load(site, OCTOBER, source, now=NOW).or_raise()


def loaded(site, source):
    """What October's slices were made of, workbooks of all months included."""
    return {
        record.entity: (record.vintage, record.files)
        for record in load_records(site.warehouse, [OCTOBER])
        if record.source == source
    }


@pytest.mark.parametrize("source", PAIRS)
def test_swapped_files_are_refused_by_a_fresh_warehouse(site_of, place, source):
    folder, files = place(source)
    swap(folder, files)
    site = site_of(folder / "home", folder / "exports")
    with pytest.raises(ScorewrightError, match=re.escape(FOUND[source])):
        load_october(site, source)
    assert list(loaded(site, source)) == LOADED_BEFORE_IT_SHOWS.get(source, [])


@pytest.mark.parametrize("source", PAIRS)
def test_swapped_files_are_refused_where_the_right_ones_were_loaded_and_go_when_put_back(
    site_of, place, source
):
    folder, files = place(source)
    site = site_of(folder / "home", folder / "exports")
    assert load_october(site, source) >= 2
    right = loaded(site, source)
    swap(folder, files)
    with pytest.raises(ScorewrightError, match="2 refusals"):
        load_october(site, source)
    assert loaded(site, source) == right
    swap(folder, files)
    assert load_october(site, source) == 0
    assert loaded(site, source) == right


def test_every_source_with_two_accounts_is_tried():
    assert set(PAIRS) == set(FOUND)
    assert set(ACCOUNTS) - set(PAIRS) == {"linkedin_ads", "market_size", "fx_rates"}
