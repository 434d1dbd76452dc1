"""Export files that no pattern takes are named, with the source that they were most likely meant for."""

from __future__ import annotations

import pytest

from etl.account import Account
from etl.exports import Folder
from etl.sources.not_taken import accounts_taking, not_taken


def left_over(folder, *names, **patterns):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    accounts = [Account(source, "acme", None, "UTC", files) for source, files in patterns.items()]
    return dict(not_taken(accounts, Folder(folder)))


def test_a_second_download_and_a_misspelt_month_are_left_over(tmp_path):
    names = ("a/ads 2026-10.csv", "a/ads 2026-10 (1).csv", "a/ads 2026-1.csv", "a/ads 2026-11.csv")
    assert left_over(tmp_path, *names, google_ads=("a/ads {month}.csv",)) == {
        "google_ads": ("a/ads 2026-1.csv", "a/ads 2026-10 (1).csv")
    }


def test_a_file_in_a_folder_of_two_sources_is_that_of_the_pattern_that_begins_alike(tmp_path):
    found = left_over(
        tmp_path,
        "ads october.csv",
        "answers 10.csv",
        google_ads=("ads {month}.csv",),
        survey=("answers {month}.csv",),
    )
    assert found == {"google_ads": ("ads october.csv",), "survey": ("answers 10.csv",)}


def test_hidden_files_and_folders_of_somebody_else_are_left_alone(tmp_path):
    names = (".generated", "a/.part", "elsewhere/notes.txt", "a/ads 2026-10.csv")
    assert left_over(tmp_path, *names, google_ads=("a/ads {month}.csv",)) == {}


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("a/*.xlsx", "a/plan (2).xlsx", "a/plan.xls"),
        ("*/ads {month}.csv", "b/ads 2026-10.csv", "b/ads.csv"),
        ("**/ads {month}.csv", "b/c/ads 2026-10.csv", "b/c/ads.csv"),
        ("a/ads-?.csv", "a/ads-1.csv", "a/ads-12.csv"),
        ("a/ads-[!x].csv", "a/ads-1.csv", "a/ads-x.csv"),
        ("a/ads+{month}.csv", "a/ads+2026-10.csv", "a/adss2026-10.csv"),
    ],
)
def test_patterns_take_here_what_they_take_in_extract(tmp_path, pattern, taken, left):
    assert left_over(tmp_path, taken, left, google_ads=(pattern,)) == {"google_ads": (left,)}
    assert list(tmp_path.glob(pattern.replace("{month}", "2026-10"))) == [tmp_path / taken]


def test_the_accounts_that_take_a_file():
    accounts = [
        Account(source, "acme", None, "UTC", (pattern,))
        for source, pattern in [("google_ads", "a/*/ads {month}.csv"), ("ga4", "b/{month}.csv")]
    ]
    assert accounts_taking("a/1/ads 2026-10.csv", accounts) == accounts[:1]
    assert accounts_taking("a/1/ads october.csv", accounts) == []
