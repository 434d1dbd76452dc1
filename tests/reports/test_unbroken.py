"""What stays in one line: the end of a Chinese paragraph, and a number with its sign."""

from __future__ import annotations

import re

import pytest

from reports.pdf import html_to_pdf
from reports.unbroken import keep_whole
from tests.reports.test_widths import words_of

PAGE = """<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"/><title>t</title></head>
<body style="width: {width}pt; font-size: 10pt; line-height: 12pt"><ul class="highlights"><li>{text}</li></ul></body></html>"""
CHINESE = "广告支出回报率未达目标，广告收入上升未能抵消。"
SIGNED = "because Ad spend rose (+€26.89) and New customers fell (\u2212€21.02)."


def lines_of(text: str, width: int) -> list[str]:
    """The lines of a list's item on a page that is so many points wide."""
    lines: dict[int, list[str]] = {}
    for word, _, _, top, _ in words_of(html_to_pdf(PAGE.format(width=width, text=text)))[0]:
        lines.setdefault(round(top), []).append(word)
    return [" ".join(words) for _, words in sorted(lines.items())]


@pytest.mark.parametrize("width", range(80, 260, 9))
def test_no_character_of_a_chinese_sentence_is_alone_in_the_last_line(width: int) -> None:
    lines = lines_of(CHINESE, width)
    assert "".join(lines) == CHINESE
    assert len(lines[-1]) >= 5
    assert not any(line.startswith(("，", "。")) for line in lines)


@pytest.mark.parametrize("width", range(80, 260, 9))
def test_no_number_is_torn_from_its_sign(width: int) -> None:
    said = " ".join(lines_of(SIGNED, width))
    assert "(+€26.89)" in said
    assert "€21.02)" in said
    assert "- €" not in said


@pytest.mark.parametrize(
    "html",
    [
        "<p>达标情况</p>",
        "<td>销售收入</td>",
        '<a title="变化（+1.5）未能抵消">Search</a>',
        "<svg><desc>变化（+1.5）未能抵消</desc></svg>",
        "<td>(+1.5)</td>",
        "<p>All data has arrived.</p>",
    ],
)
def test_what_is_short_or_no_text_of_a_paragraph_is_as_it_was(html: str) -> None:
    assert keep_whole(html) == html


def test_nothing_is_said_that_was_not(make_card) -> None:
    html = f"<li>{CHINESE}</li><li>{SIGNED}</li><p>（按展示）互动率上升</p>"
    assert re.sub("</?span[^>]*>", "", keep_whole(html)) == html
    assert keep_whole(html).count("<span") == 4
