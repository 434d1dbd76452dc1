"""What a chat group reads of a card, and what it never does."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from delivery.channels.chat import PLATFORMS
from reports.chat import chat_card
from scoring.text import LocalText
from scoring.working import Band


@dataclass(frozen=True)
class Group:
    is_of_team: bool
    has_file: bool = False


TEAM, OTHERS = Group(True, True), Group(False, True)


@pytest.fixture(scope="module")
def card(make_card):
    return make_card()


def recoloured(card, band, name=None):
    """The card with every KPI in that band, perhaps under that name."""
    areas = tuple(
        replace(
            area,
            results=tuple(
                replace(each, band=band, **({} if name is None else {"name": LocalText(name, name)}))
                for each in area.results
            ),
        )
        for area in card.areas
    )
    return replace(card, areas=areas)


def test_the_team_reads_total_status_reds_and_how_sure_it_is(card):
    said = chat_card(recoloured(card, Band.RED), TEAM, "https://x.example/a")
    names = [name for name, _ in said.facts]
    assert names == ["Total score:", "KPIs below target:", "Data certificate:"]
    first = next(iter(card.results)).name.en
    assert first in dict(said.facts)["KPIs below target:"]
    assert said.link == ("Open the scorecard", "https://x.example/a")
    assert said.tone == card.band.value


def test_the_team_reads_no_total_that_another_one_follows_with_the_superiors_marks(card):
    said = chat_card(replace(card, appraisal=SimpleNamespace(missing=("a mark",))), TEAM, None)
    assert ([name for name, _ in said.facts], said.tone) == (["Data certificate:"], "")
    assert str(card.total) not in str(said)


def test_others_read_that_there_is_a_card_and_nothing_that_it_says(card):
    said = chat_card(recoloured(card, Band.RED), OTHERS, None)
    assert [name for name, _ in said.facts] == ["Data certificate:"]
    assert (said.tone, said.link, said.has_file) == ("", None, False)
    assert str(card.total) not in str(said)


def test_where_nothing_is_red_it_says_so(card):
    assert dict(chat_card(recoloured(card, Band.GREEN), TEAM, None).facts)["KPIs below target:"] == "none"


def test_a_mail_has_no_such_words(card):
    assert chat_card(card, None, None) is None


def test_grade_and_pay_go_into_no_message_and_no_file_that_says_them(card):
    working = next(each.working for each in card.results if each.working is not None)
    plain = replace(card, grade=None, pay=None, appraisal=None)
    assert chat_card(plain, TEAM, None).has_file
    for personal in (
        replace(plain, grade="S-tier"),
        replace(plain, pay=replace(working, result=Decimal("1.4242"))),
    ):
        said = chat_card(personal, TEAM, None)
        assert said == replace(chat_card(plain, TEAM, None), has_file=False)
        assert "S-tier" not in str(said)
        assert "1.4242" not in str(said)


def test_a_later_revision_is_named(card):
    assert chat_card(replace(card, revision=3), OTHERS, None).title.endswith("(Revision 3)")


def test_it_is_in_the_language_of_the_card(card):
    said = chat_card(replace(recoloured(card, Band.GREEN), language="zh_CN"), TEAM, "https://x.example/a")
    assert [name for name, _ in said.facts] == ["总分：", "未达标指标：", "数据证明："]
    assert said.link[0] == "查看计分卡"


@pytest.mark.parametrize("kind", PLATFORMS)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_longest_names_fit_every_platform(card, kind, language):
    long = "品" * 199 + "\n<"
    named = replace(recoloured(card, Band.RED, long), team_name=LocalText(long, long), language=language)
    areas = tuple(replace(area, results=area.results * 9) for area in named.areas)
    said = chat_card(replace(named, areas=areas), TEAM, "https://x.example/" + "a" * 300)
    platform = PLATFORMS[kind]
    payload = json.dumps(platform.payload(said), ensure_ascii=False).encode()
    assert len(payload) <= platform.largest
    assert "more" in str(said) or "另有" in str(said)
