"""The mail says the essential before anything is opened."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from reports.charts import svg
from reports.mail import MailNotes, mail_body
from reports.page import page_html
from reports.presenter import present
from scoring import canonical
from scoring.canonical import from_json, to_json
from scoring.text import LocalText
from scoring.working import Band

NAME = 'Ad & Brand "Häuser" <EU>'
VOID = {"meta", "br"}


class Tags(HTMLParser):
    """Collects tags and attributes, and checks that every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
    return tags


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_both_forms_say_total_status_change_areas_and_certificate(make_card, language) -> None:
    card = make_card(language, findings=2)
    body = mail_body(card)
    status, verdict = ("On target", "PROVISIONAL") if language == "en" else ("达标", "暂定版")
    for form in (body.text, parsed(body.html).text):
        assert str(card.total) in form
        assert status in form
        assert verdict in form
        assert "+1.7" in form
        for area in card.areas:
            assert area.name.to(language) in form
            assert str(area.score) in form


def test_the_subject_holds_team_month_total_and_status(make_card) -> None:
    assert mail_body(make_card()).subject == "EU Brand, October 2026: 97.3, On target"
    assert mail_body(make_card(revision=2)).subject.endswith("(Revision 2)")
    assert mail_body(make_card(findings=1)).subject.startswith("PROVISIONAL · ")
    assert mail_body(make_card("zh_CN")).subject == "欧洲品牌团队 2026年10月：97.3 分，达标"


def test_a_name_with_a_line_break_cannot_add_a_header(make_card) -> None:
    subject = mail_body(make_card(team="EU\r\nBcc: all@example.com")).subject
    assert "\n" not in subject
    assert "\r" not in subject


def test_names_are_escaped_in_html_and_plain_in_text(make_card) -> None:
    body = mail_body(make_card(team=NAME))
    assert NAME in body.text
    assert "<EU>" not in body.html
    assert NAME in parsed(body.html).text


def test_the_html_fetches_nothing_and_fits_a_phone(make_card) -> None:
    body = mail_body(make_card(findings=20))
    tags = parsed(body.html)
    assert {name for name, _ in tags.attributes}.isdisjoint({"src", "href", "background", "class", "srcset"})
    assert "http" not in body.html
    assert "url(" not in body.html
    assert "max-width:600px" in body.html
    assert ("name", "viewport") in tags.attributes


def test_a_card_without_a_total_says_so(make_card) -> None:
    card = replace(make_card(), total=None, band=Band.NOT_AVAILABLE)
    body = mail_body(card)
    assert "Total score: – (○ Not available)" in body.text
    assert "No total for September to compare with" in body.text


@pytest.mark.parametrize(
    ("past", "text"), [("97.3", "→ unchanged against September"), ("98.4", "↓ −1.1 against September (98.4)")]
)
def test_the_change_is_told_in_its_direction(make_card, history, past: str, text: str) -> None:
    card = make_card()
    points = tuple(
        replace(point, actual=type(card.total)(past)) if point.period == "2026-09" else point
        for point in card.total_history
    )
    assert text in mail_body(replace(card, total_history=points)).text


def test_no_chart_is_drawn_for_a_mail(make_card, monkeypatch) -> None:
    def draw(*_args, **_attributes):
        raise AssertionError("a chart is drawn")

    monkeypatch.setattr(svg, "_element", draw)
    assert mail_body(make_card(findings=2)).html
    with pytest.raises(AssertionError, match="a chart is drawn"):
        page_html(make_card())


def test_a_mail_hashes_its_card_once(make_card, monkeypatch) -> None:
    hashed = []
    monkeypatch.setattr(canonical, "content_of", lambda card: hashed.append(card) or {})
    card = make_card()
    mail_body(card)
    assert hashed == [card]


def test_the_mail_names_as_many_findings_as_page_1(make_card) -> None:
    for lines in (9, 16):
        card = make_card(findings=12, lines=lines)
        certificate = present(card).certificate
        listed = [line[2:] for line in mail_body(card).text.splitlines() if line.startswith("- ")]
        assert listed == [*certificate.shown, certificate.more]


def test_the_same_card_gives_the_same_mail(make_card) -> None:
    card = make_card("zh_CN", findings=3)
    assert mail_body(card) == mail_body(from_json(to_json(card)))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_mail_with_several_cards_says_of_each_what_its_own_mail_says_and_no_more(make_card, language):
    cards = [make_card(language), make_card(language, team="Brand <Asia>", findings=2), make_card("en")]
    body = mail_body(*cards)
    alone = [mail_body(card) for card in cards]
    assert body.text == ("\n\n" + "-" * 40 + "\n\n").join(one.text for one in alone)
    for one in alone:
        (_, _, card) = one.html.partition('<tr><td style="padding:24px 24px 0;">')
        assert card.rpartition("</table>\n</td></tr>\n</table>\n</body>")[0] in body.html
    assert "3" in body.subject
    assert body.subject.startswith("PROVISIONAL · " if language == "en" else "【")


def test_a_subject_names_three_teams_and_counts_the_rest(make_card):
    subject = mail_body(*(make_card(team=f"Team {number}") for number in range(5))).subject
    assert subject == "5 scorecards, October 2026: Team 0 97.3, Team 1 97.3, Team 2 97.3 and 2 more cards"


def test_notes_stand_once_at_the_end_and_what_is_not_known_is_not_said(make_card):
    notes = MailNotes(LocalText("Jana <Roth>", "罗晓婷"), None, date(2026, 11, 12))
    body = mail_body(make_card(), make_card("zh_CN"), notes=notes)
    said = "Objections are taken until 12 November 2026.\nContact: Jana <Roth>"
    assert body.text.endswith(f"\n\n{said}\n")
    assert "Jana &lt;Roth&gt;" in body.html
    assert "An answer" not in body.text
    assert mail_body(make_card("zh_CN"), notes=notes).text.endswith(
        "2026年11月12日（含）之前提出。\n联系人：罗晓婷\n"
    )
