"""A book in one language, in two, or in one and a half: what is missing falls back to what is there."""

from __future__ import annotations

import shutil

import pytest

from book import load_book, read_book
from scoring.text import LocalText
from tests.book.books import VALID


@pytest.fixture
def config(tmp_path):
    """A copy of the valid book to write in."""
    return shutil.copytree(VALID, tmp_path / "config")


def write(path, *changes):
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


NAME = "name:\n  en: Lantern & Co\n  zh_CN: 灯笼公司\n"
MANAGERS = (("    language: en\n", ""), ("    language: zh_CN\n", ""))


def in_one_language(config, name):
    """Every text of the book as a plain one."""
    write(config / "organisation.yaml", (NAME, f"name: {name}\n"))
    for path in config.rglob("*.yaml"):
        lines = []
        for line in path.read_text("utf-8").splitlines():
            if line.strip().startswith("en:"):
                lines[-1] = f"{lines[-1]} {line.split('en:', 1)[1].strip()}"
            elif not line.strip().startswith("zh_CN:"):
                head, inline, tail = line.partition("{en: ")
                lines.append(f"{head}{tail.partition(', zh_CN')[0]}" if inline else line)
        path.write_text("\n".join(lines) + "\n", "utf-8")


def test_a_plain_text_is_the_text_in_every_language(config):
    write(config / "organisation.yaml", (NAME, "name: Nordwind\n"))
    write(config / "teams.yaml", ("{en: Marketing South, zh_CN: 南方市场部}", "南方市场部"))
    book = load_book(config)
    assert book.organisation == LocalText("Nordwind", "Nordwind")
    assert book.teams[1].name == LocalText("南方市场部", "南方市场部")


def test_a_missing_language_has_the_text_of_the_one_there_is(config):
    write(config / "sources.yaml", ("{en: Google Ads, zh_CN: 谷歌广告}", "{zh_CN: 谷歌广告}"))
    write(config / "kpis/clicks.yaml", ("  zh_CN: 广告点击数\n", ""))
    book = load_book(config)
    assert book.source_names["google_ads"] == LocalText("谷歌广告", "谷歌广告")
    assert book.kpis["clicks"].name == LocalText("Ad clicks", "Ad clicks")


def test_a_whole_book_of_plain_texts_is_sound(config):
    in_one_language(config, "Nordwind")
    assert read_book(config).faults == ()


def test_the_languages_follow_from_the_texts_and_the_managers(config):
    assert load_book(config).languages == ("en", "zh_CN")
    in_one_language(config, "北风")
    assert load_book(config).languages == ("en", "zh_CN")
    write(config / "teams.yaml", MANAGERS[0], MANAGERS[1])
    assert load_book(config).languages == ("en",)
    write(config / "kpis/clicks.yaml", ("owner: ", "owner: {zh_CN: 推广组} # "))
    assert load_book(config).languages == ("zh_CN",)


def test_stated_languages_count_and_the_first_is_that_of_managers_without_one(config):
    in_one_language(config, "北风")
    write(config / "organisation.yaml", ("currency_code", "languages: [zh_CN, en]\ncurrency_code"))
    write(config / "teams.yaml", *MANAGERS)
    book = load_book(config)
    assert book.languages == ("zh_CN", "en")
    assert [team.manager.language for team in book.teams] == ["zh_CN", "zh_CN"]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ('"  "', "organisation.yaml:1: name: expected text, found '  '; correct it"),
        ("{}", "organisation.yaml:1: name: expected a text in one of en, zh_CN, found no keys; fill it in"),
        ("{de: Nordwind}", "organisation.yaml:1: name.de: expected no such key, found it; "),
        ('"Nord\\nwind"', "organisation.yaml:1: name: expected text on one line, found 'Nord\\nwind'; "),
        (
            "x" * 201,
            f"organisation.yaml:1: name: expected at most 200 characters, found '{'x' * 56}...'; correct it",
        ),
    ],
)
def test_what_is_no_text_is_refused_once(config, name, fault):
    write(config / "organisation.yaml", (NAME, f"name: {name}\n"))
    (found,) = read_book(config).faults
    assert str(found).startswith(fault)
