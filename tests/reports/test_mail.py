"""The mail says the essential before anything is opened."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser

import pytest

from reports.charts import svg
from reports.mail import LeftOut, MailNotes, mail_body
from reports.page import page_html
from reports.presenter import present
from reports.presenting.highlights import highlights
from reports.presenting.reader import reader_of
from scoring import canonical
from scoring.arithmetic import round_half_up
from scoring.canonical import from_json, to_json
from scoring.comments import CommentNote
from scoring.evidence import Certificate, CertificateStatus
from scoring.policy import NotAvailable, ScoringPolicy
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


def test_the_subject_begins_with_total_and_status_and_phones_cut_only_whose_it_is(make_card) -> None:
    def subject(*wishes, **changes) -> str:
        return mail_body(replace(make_card(*wishes), **changes)).subject

    assert subject() == "97.3 · FINAL · On target · EU Brand, October 2026"
    assert subject(revision=2) == "97.3 · FINAL · Revision 2 · On target · EU Brand, October 2026"
    assert subject("zh_CN") == "97.3 · 最终版 · 达标 · 欧洲品牌团队，2026年10月"
    assert subject("zh_CN", revision=3).startswith("97.3 · 最终版 · 第 3 版 · 达标 · ")
    assert mail_body(make_card(findings=1)).subject.startswith("97.3 · PROVISIONAL · On target · ")
    assert mail_body(make_card("zh_CN", findings=1)).subject.startswith("97.3 · 暂定版 · 达标 · ")
    held = subject(certificate=Certificate(CertificateStatus.HELD, ()))
    assert held.startswith("97.3 · HELD · On target · EU Brand")
    assert subject(total=None, band=Band.NOT_AVAILABLE).startswith("– · FINAL · Not available · EU Brand")


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
    assert {name for name, _ in tags.attributes}.isdisjoint({"src", "href", "background", "srcset"})
    assert "http" not in body.html
    assert "url(" not in body.html
    assert "max-width:600px" in body.html
    assert ("name", "viewport") in tags.attributes


def lines_of(body, heading: str) -> list[str]:
    """The KPIs of the plain text under the word of a status."""
    (_, _, after) = body.text.partition(f" {heading}\n")
    found = after.splitlines()
    return [line.strip() for line in found[: next(i for i, line in enumerate(found) if line[:2] != "  ")]]


def test_the_mail_names_every_kpi_that_is_red_or_amber_and_what_it_costs(make_card) -> None:
    card = make_card()
    body = mail_body(card)
    for band, heading in ((Band.RED, "Below target"), (Band.AMBER, "Near target")):
        results = [result for result in card.results if result.band is band]
        assert results
        said = " ".join(lines_of(body, heading))
        for result in results:
            assert result.name.en in said
            assert result.name.en in parsed(body.html).text
    (content,) = (result for result in card.results if result.band is Band.RED)
    cost = round_half_up(content.effective_weight - content.points, 1)
    assert lines_of(body, "Below target") == [f"Content published: 37, target 48 · costs {cost} points"]


def test_the_mail_begins_with_the_kpi_that_costs_most(make_card) -> None:
    card = make_card()
    wanting = [result for result in card.results if result.band in (Band.RED, Band.AMBER)]
    lost = {result.name.en: result.effective_weight - result.points for result in wanting}
    costliest = max(lost, key=lost.__getitem__)
    start = f"Start with “{costliest}”: it costs {round_half_up(lost[costliest], 1)} points"
    assert f"\n{start}, the most of these.\n" in mail_body(card).text
    assert mail_body(card).text.index(start) < mail_body(card).text.index("◆ Below target")


def test_a_kpi_without_a_score_that_costs_most_stands_first_in_the_mail_as_on_page_1(make_card) -> None:
    zero = ScoringPolicy(1, Decimal(95), Decimal(80), not_available=NotAvailable.ZERO)
    card = make_card(policy=zero, missing=("leads", "market_size"))
    text = mail_body(card).text
    (first, *_) = highlights(card, reader_of(card), 3)
    assert first.startswith(
        "Most points were lost by Cost per lead: 7.0 of 7; then by Market share: 5.0 of 5."
    )
    assert "\nStart with “Cost per lead”: it costs 7.0 points, the most of these.\n" in text
    assert lines_of(mail_body(card), "Not available") == [
        "Cost per lead: –, target €62.50 · costs 7.0 points",
        "Market share: –, target 12.5% · costs 5.0 points",
    ]


def test_what_costs_the_same_as_it_is_told_has_the_order_of_the_card(make_card, change) -> None:
    card = make_card()
    for kpi_id, lost in (("sql_count", "2.01"), ("mql_to_sql_rate", "2.04"), ("web_conversion_rate", "0.4")):
        weight = card.by_kpi[kpi_id].effective_weight
        card = change(card, kpi_id, band=Band.AMBER, points=weight - Decimal(lost))
    assert [line.partition(":")[0] for line in lines_of(mail_body(card), "Near target")[:2]] == [
        "Sales qualified leads", "MQL to SQL rate"
    ]  # fmt: skip


def test_of_many_reds_the_costliest_have_figures_and_none_is_left_out(make_card) -> None:
    card = make_card()
    areas = tuple(
        replace(area, results=tuple(replace(result, band=Band.RED) for result in area.results))
        for area in card.areas
    )
    *detailed, others = lines_of(mail_body(replace(card, areas=areas)), "Below target")
    lost = sorted(result.points - result.effective_weight for result in card.results)[:5]
    assert [line.rpartition("costs ")[2] for line in detailed] == [
        f"{round_half_up(-points, 1)} points" for points in lost
    ]
    named = " ".join([*detailed, others])
    assert all(result.name.en in named for result in card.results)


def test_where_nothing_is_red_or_amber_the_mail_says_so_and_names_what_has_no_score(
    make_card, change
) -> None:
    card = make_card(missing=("leads",))
    for result in card.results:
        if result.band is not Band.NOT_AVAILABLE:
            card = change(card, result.kpi_id, band=Band.GREEN)
    nameless = [result.name.en for result in card.results if result.band is Band.NOT_AVAILABLE]
    body = mail_body(card)
    assert nameless
    assert "\nNo KPI is below or near its target.\n" in body.text
    assert lines_of(body, "Not available") == [", ".join(nameless)]


def test_a_veto_costs_what_its_lines_lost_and_one_over_the_card_stands_first(make_card, change) -> None:
    card = make_card()
    veto, line = card.areas[0].results[0], card.areas[0].results[1]
    held = change(
        change(card, veto.kpi_id, band=Band.RED),
        line.kpi_id,
        overruled_by=veto.kpi_id,
        points=Decimal(0),
        set_to=Decimal(0),
    )
    cost = veto.effective_weight - veto.points + line.effective_weight
    start = f"Start with “{veto.name.en}”: it costs {round_half_up(cost, 1)} points"
    assert start in mail_body(held).text
    over_the_card = mail_body(replace(held, overruled_by=line.kpi_id)).text
    assert f"Start with “{line.name.en}”: its veto sets the total." in over_the_card


def test_a_kpi_without_weight_or_number_is_named_with_what_there_is(make_card, change) -> None:
    card = make_card()
    for result in card.results:
        card = change(card, result.kpi_id, band=Band.GREEN)
    red, *_ = card.results
    missed = change(card, red.kpi_id, band=Band.RED, actual=None, target=None, points=None)
    assert lines_of(mail_body(missed), "Below target") == [f"{red.name.en}: not done by the day it was due"]
    assert "Start with" not in mail_body(missed).text
    only = change(card, red.kpi_id, band=Band.RED, points=red.effective_weight - 2)
    assert f"\nStart with “{red.name.en}”: it costs 2.0 points.\n" in mail_body(only).text


def test_the_next_step_that_people_named_stands_with_its_kpi(make_card, change) -> None:
    note = CommentNote(
        cause="Two writers left.",
        next_step="Hire <one>",
        owner="Ana Ruiz",
        due="2026-11-20",
        by="Ana Ruiz",
        on="2026-11-02",
    )
    (red,) = (result for result in make_card().results if result.band is Band.RED)
    body = mail_body(change(make_card(), red.kpi_id, comment=note))
    said = "Next step: Hire <one> · Ana Ruiz · by 20 November 2026"
    assert lines_of(body, "Below target")[1] == said
    assert said in parsed(body.html).text
    without = change(make_card(), red.kpi_id, comment=replace(note, next_step="", owner="", due=None))
    assert "Next step" not in mail_body(without).text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_plain_text_alone_says_all_that_the_page_says(make_card, language) -> None:
    notes = MailNotes(LocalText("Jana Roth", "罗晓婷"), ("Ana", "ana@company.example"), date(2026, 11, 12))
    for card in (make_card(language), make_card(language, findings=20)):
        body = mail_body(card, notes=notes)
        page = unescape(re.sub("<[^>]*>", " ", body.html.partition("</div>")[2]))
        text, page = (re.sub("[:：()（）]", " ", form).split() for form in (body.text, page))
        assert {*page} - {*text} == set()


def test_what_the_mail_does_not_carry_is_named_with_where_it_is(make_card) -> None:
    cards = make_card(), make_card("zh_CN")
    there = "https://cards.company.example/2026-10/eu-brand.pdf?a=1&b=2"
    left_out = LeftOut(("eu-brand-2026-10-r1.pdf",), there), LeftOut(("cn.pdf", "cn.xlsx"), None)
    body = mail_body(*cards, left_out=left_out)
    said = "Left out, because the mail server takes no mail so large: eu-brand-2026-10-r1.pdf."
    for form in (body.text, parsed(body.html).text):
        assert said in form
        assert "cn.pdf、cn.xlsx。请向发件人索取。" in form
        assert "attached" not in form
        assert "见附件" not in form
    assert f"\nOpen the scorecard: {there}\n" in body.text
    assert ("href", there) in parsed(body.html).attributes
    one = mail_body(*cards, left_out=(None, left_out[1])).text
    assert "The full scorecard with every working is attached as a PDF." in one
    assert "cn.xlsx" in one


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
        card = one.html.partition('<tr><td style="padding:16px 16px 0;">')[2].rpartition(
            "</td></tr>\n</table>"
        )
        assert card[0]
        assert card[0].partition("</table>\n<!--[if mso]>")[0] in body.html
    sure = ("FINAL EU Brand, ", "PROVISIONAL") if language == "en" else ("最终版 欧洲品牌团队、", "暂定版")
    assert body.subject.startswith(f"97.3 {sure[0]}97.3 {sure[1]} Brand <Asia>")
    assert body.subject.endswith(
        "97.3 FINAL EU Brand · October 2026" if language == "en" else " · 2026年10月"
    )


def test_a_subject_names_three_teams_and_counts_the_rest(make_card):
    subject = mail_body(*(make_card(team=f"Team {number}") for number in range(5))).subject
    named = "97.3 FINAL Team 0, 97.3 FINAL Team 1, 97.3 FINAL Team 2"
    assert subject == f"{named} and 2 more cards · October 2026"
    longest = mail_body(*(make_card(team=f"{number}" * 120, findings=1) for number in range(4))).subject
    assert len(longest) < 400
    assert f"97.3 PROVISIONAL {'2' * 59}… and 1 more card" in longest


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
