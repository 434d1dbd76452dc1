"""The data certificate speaks in sentences."""

from dataclasses import replace

import pytest
from rich.console import Console

from reports.presenter import present
from reports.presenting.findings import day_ranges, finding_sentence
from reports.presenting.reader import reader_of
from scoring.canonical import to_json
from scoring.evidence import CertificateStatus, Finding
from scoring.period import Period
from terminal.card import print_card


def sentence(card, finding: Finding, named: int = 3) -> str:
    return finding_sentence(finding, card, reader_of(card), named=named)


def test_missing_days_are_told_as_ranges_with_the_kpis_they_touch(make_card) -> None:
    days = ("2026-10-09", "2026-10-03", "2026-10-04", "2026-10-05")
    finding = Finding("missing_days", "google_ads", "871", days, ("roas", "ad_roi"))
    assert sentence(make_card(), finding) == (
        "Google Ads (871): no data for 3–5 October, 9 October. "
        "Affects Return on ad spend, Return on investment of ads."
    )
    assert sentence(make_card("zh_CN"), finding) == (
        "谷歌广告（871）：缺少10月3–5日、10月9日的数据。涉及广告支出回报率、广告投资回报率。"
    )


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("empty_slice", "the export has no rows, though the month before had some", "导出文件没有任何数据行，而上月有数据"),
        ("fewer_rows", "far fewer rows than in the three months before", "数据行数远少于此前三个月"),
        ("rows_withheld", "the platform may have left out rows of few visitors", "平台可能未给出访客很少的数据行"),
        ("quarantined_rows", "some rows could not be read and are not counted", "部分数据行无法读取，未计入"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_rows_of_a_month_is_told_in_both_languages(
    make_card, code, english, chinese
) -> None:
    finding = Finding(code, "google_ads", "871", (), ("roas",))
    assert sentence(make_card(), finding) == f"Google Ads (871): {english}. Affects Return on ad spend."
    assert sentence(make_card("zh_CN"), finding) == f"谷歌广告（871）：{chinese}。涉及广告支出回报率。"
    other_month = replace(finding, days=tuple(day.isoformat() for day in Period(2026, 9).days()))
    assert f"{english} (September 2026)." in sentence(make_card(), other_month)


def test_the_days_that_stand_on_a_refused_file_are_not_called_those_of_the_file(make_card) -> None:
    days = tuple(day.isoformat() for day in Period(2026, 10).days())
    finding = Finding("refused_file", "google_ads", "871", days, ("roas",), reason="ads 2026-08.csv: no rows")
    assert sentence(make_card(), finding) == (
        "Google Ads (871): the file was refused, so there are no figures (ads 2026-08.csv: no rows); "
        "figures of October 2026 stand on it. Affects Return on ad spend."
    )
    assert "；2026年10月的数据以其为依据" in sentence(make_card("zh_CN"), finding)


def test_a_whole_month_of_days_is_called_by_its_name(make_card) -> None:
    days = tuple(day.isoformat() for day in Period(2026, 10).days())
    assert day_ranges(days, reader_of(make_card())) == "October 2026"


def test_many_kpis_are_counted_and_all_of_them_are_called_all(make_card) -> None:
    card = make_card()
    ids = tuple(result.kpi_id for result in card.results)
    assert sentence(card, Finding("missing_slice", "x", "1", (), ids)).endswith("Affects all KPIs.")
    assert sentence(card, Finding("missing_slice", "x", "1", (), ids[:5])).endswith(" and 2 more KPIs.")


def test_a_finding_without_a_sentence_is_shown_as_it_is(make_card) -> None:
    finding = Finding("late_restatement", "trade_fair", "hall 3", ("2026-10-31",), ())
    assert sentence(make_card(), finding) == "trade fair (hall 3): late restatement (31 October)."


@pytest.mark.parametrize("findings", [1, 4, 5, 6, 20])
def test_page_1_shows_what_fits_and_says_how_many_more_there_are(make_card, findings: int) -> None:
    certificate = present(make_card(findings=findings)).certificate
    shown = len(certificate.shown)
    assert len(certificate.findings) == findings
    if findings <= 4:
        assert (shown, certificate.more) == (findings, "")
    else:
        assert certificate.more.startswith(f"and {findings - shown} more finding")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (CertificateStatus.FINAL, "FINAL"),
        (CertificateStatus.PROVISIONAL, "PROVISIONAL"),
        (CertificateStatus.HELD, "HELD"),
    ],
)
def test_every_verdict_has_its_word(make_card, status: CertificateStatus, word: str) -> None:
    card = make_card()
    view = present(replace(card, certificate=replace(card.certificate, status=status)))
    assert (view.certificate.key, view.certificate.word) == (status.value, word)


def test_one_refusal_of_several_months_takes_one_line_and_names_the_months(make_card, capsys) -> None:
    card, months = make_card(), [Period(2026, number) for number in (10, 9, 8, 7, 6)]
    refused = tuple(
        Finding(
            "refused_file",
            "google_ads",
            "871",
            tuple(day.isoformat() for day in month.days()),
            ("roas",),
            reason="list.csv: expected a table",
        )
        for month in months
    )
    card = replace(card, certificate=replace(card.certificate, findings=refused))
    view = present(card).certificate
    (told,) = view.findings
    print_card(to_json(card), tuple, Console(width=400))
    assert capsys.readouterr().out.count("list.csv: expected a table") == 1
    assert told == (
        "Google Ads (871): the file was refused, so there are no figures (list.csv: expected a table); figures of "
        "June 2026, July 2026, August 2026, September 2026, October 2026 stand on it. Affects Return on ad spend."
    )
    assert (view.shown, view.more) == ((told,), "")
