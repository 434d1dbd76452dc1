"""Which files are a month's exports."""

from __future__ import annotations

import pytest

from etl.account import Account
from etl.exports import Folder, Origin, find_exports
from etl.sources import registry
from scoring.errors import BadFileError
from scoring.period import Period

OCTOBER = Period(2026, 10)


def account(*files):
    return Account("hubspot", "acme", None, "UTC", files)


@pytest.fixture
def exports(tmp_path):
    for name in ("a/contacts 2026-10.csv", "a/deals 2026-10.csv", "a/contacts 2026-09.csv", "all.xlsx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_files_come_in_the_order_of_the_patterns(exports):
    found = find_exports(
        account("a/deals {month}.csv", "a/contacts {month}.csv"), OCTOBER, Origin(Folder(exports))
    )
    assert [(file.name, file.content.decode()) for file in found] == [
        ("a/deals 2026-10.csv",) * 2,
        ("a/contacts 2026-10.csv",) * 2,
    ]


def test_a_pattern_without_a_month_is_the_same_file_for_every_month(exports):
    found = [find_exports(account("*.xlsx"), month, Origin(Folder(exports))) for month in OCTOBER.window(2)]
    assert [[file.name for file in files] for files in found] == [["all.xlsx"], ["all.xlsx"]]


def test_a_month_without_any_file_is_none(exports):
    assert find_exports(account("a/contacts {month}.csv"), OCTOBER.shift(1), Origin(Folder(exports))) is None


def test_a_month_with_only_some_of_its_files_is_refused(exports):
    with pytest.raises(BadFileError, match=r"a/deals 2026-09.csv: expected this file beside"):
        find_exports(
            account("a/contacts {month}.csv", "a/deals {month}.csv"),
            OCTOBER.shift(-1),
            Origin(Folder(exports)),
        )


def test_two_files_for_one_pattern_are_refused(exports):
    with pytest.raises(
        BadFileError, match=r"expected one file, found contacts 2026-10.csv, deals 2026-10.csv"
    ):
        find_exports(account("a/*{month}.csv"), OCTOBER, Origin(Folder(exports)))


def test_every_source_is_found_and_says_what_it_is():
    assert len(registry()) >= 15
    for name, source in registry().items():
        assert name == source.name
        assert source.facts
        assert set(source.daily_facts) <= set(source.facts)
        assert source.reader
        assert source.__doc__
