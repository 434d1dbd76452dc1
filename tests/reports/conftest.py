"""Scorecards to render: scored by the real rules from made-up measures, in both languages."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

import reports.pdf
from reports.pdf import render_pdf
from scoring.card.card import score_card
from scoring.card.inputs import CardInputs
from scoring.evidence import (
    FileEvidence,
    Finding,
    RateEvidence,
    SourceEvidence,
)
from scoring.formula import Formula
from scoring.kpi import Area, Direction, Kpi, RuleSpec, Target, Unit
from scoring.period import Period
from scoring.policy import ScoringPolicy
from scoring.scorecard import Scorecard
from scoring.text import Language, LocalText
from scoring.working import HistoryPoint

MakeCard = Callable[..., Scorecard]

PERIOD = Period(2026, 10)
POLICY = ScoringPolicy(1, Decimal(95), Decimal(80))
PROPORTIONAL = RuleSpec("proportional", {"cap": 120, "floor": 0})
BANDS = RuleSpec(
    "bands",
    {
        "bands": [
            {"from": start, "score": score}
            for start, score in (("0", 0), ("0.6", 60), ("0.8", 80), ("0.95", 95), ("1", 100), ("1.1", 110))
        ]
    },
)
AREAS = (
    Area("promotion", LocalText("Product promotion", "产品推广")),
    Area("brand", LocalText("Brand building", "品牌建设")),
    Area("research", LocalText("Market research", "市场调研")),
    Area("customer", LocalText("Customer relations", "客户关系")),
)
# id, area, unit, decimals, lower?, rule, formula, target, weight, English and Chinese name and description
ROWS = (
    "mql_count|promotion|count|0||p|mqls|420|8|Marketing qualified leads|市场合格线索|Leads that reached the stage Marketing Qualified in the month. Test contacts are left out.|当月达到“市场合格”阶段的线索数，不含测试联系人。",
    "sql_count|promotion|count|0||p|sqls|160|6|Sales qualified leads|销售合格线索|Leads that sales accepted in the month.|当月被销售接受的线索数。",
    "mql_to_sql_rate|promotion|percent|1||b|sqls / mqls|0.38|5|MQL to SQL rate|线索转化率（MQL→SQL）|Sales qualified leads of the month for each marketing qualified lead of the same month.|当月销售合格线索与当月市场合格线索之比。",
    "cost_per_lead|promotion|money|2|l|p|ad_spend / leads|62.5|7|Cost per lead|单条线索成本|Ad spend divided by all new leads. Media cost only, no salaries.|广告花费除以新增线索总数，仅含媒体费用。",
    "customer_acquisition_cost|promotion|money|2|l|b|ad_spend / new_customers|480|6|Customer acquisition cost|获客成本|Ad spend for each new customer of the month.|当月每个新客户对应的广告花费。",
    "roas|promotion|ratio|2||p|ad_revenue / ad_spend|4.2|8|Return on ad spend|广告支出回报率|Revenue that the platforms attribute to ads, for each euro spent.|平台归因的广告收入与广告花费之比。",
    "ad_roi|promotion|percent|1||p|(ad_revenue - ad_spend) / ad_spend|3.1|5|Return on investment of ads|广告投资回报率|Attributed revenue less ad spend, for each euro spent.|归因收入减去广告花费后与广告花费之比。",
    "click_through_rate|promotion|percent|2||b|ad_clicks / ad_impressions|0.024|5|Click-through rate|点击率|Clicks on ads for each time an ad was shown.|广告点击数与展示数之比。",
    "web_conversion_rate|promotion|percent|2||p|web_conversions / sessions|0.031|5|Web conversion rate|网站转化率|Conversions on the website for each session.|网站转化次数与会话数之比。",
    "sales_revenue|promotion|money|0||p|sales_revenue|1850000|10|Sales revenue|销售收入|Revenue of the team's sales channels, net of returns.|团队销售渠道的收入，已扣除退货。",
    "engagement_rate_by_impressions|brand|percent|2||p|post_engagements / post_impressions|0.034|5|Engagement rate by impressions|互动率（按展示）|Engagements with posts for each time a post was shown.|帖子互动数与展示数之比。",
    "engagement_rate_by_reach|brand|percent|2||b|post_engagements / post_reach|0.055|5|Engagement rate by reach|互动率（按覆盖人数）|Engagements with posts for each person reached. Channels that report no reach are left out.|帖子互动数与覆盖人数之比。",
    "followers|brand|count|0||p|followers|128000|5|Followers|关注者总数|People who follow our pages at the end of the month.|月末关注者总数。",
    "content_published|brand|count|0||b|posts|48|4|Content published|内容发布量|Posts published in the month.|当月发布的帖子数。",
    "market_share|research|percent|1||p|sales_revenue / market_size|0.125|5|Market share|市场占有率|Our sales revenue in the size of the market.|销售收入占市场规模的比例。",
    "survey_responses|research|count|0||p|nps_responses|300|3|Survey responses|问卷回收量|Answers to the recommendation question.|推荐意愿问题的回答数。",
    "nps|customer|index|1||b|(nps_promoters - nps_detractors) / nps_responses * 100|42|4|Net promoter score|净推荐值|Share of promoters (9-10) less share of detractors (0-6).|推荐者（9-10分）占比减去贬损者（0-6分）占比。",
    "csat|customer|percent|1||p|csat_satisfied / csat_responses|0.88|4|Customer satisfaction|客户满意度|Answers of 4 or 5 among all answers.|评分为4或5的回答占比。",
)  # fmt: skip
LEVELS = {
    "mqls": 431, "sqls": 149, "leads": 1180, "ad_spend": 81234.56, "new_customers": 171, "ad_revenue": 352190.4,
    "ad_clicks": 61220, "ad_impressions": 2480113, "web_conversions": 2871, "sessions": 101882,
    "sales_revenue": 1764310.25, "post_engagements": 40122, "post_impressions": 1101231, "post_reach": 702118,
    "followers": 131882, "posts": 37, "market_size": 14388000, "nps_responses": 341, "nps_promoters": 190,
    "nps_detractors": 41, "csat_satisfied": 288, "csat_responses": 331,
}  # fmt: skip


@pytest.fixture(scope="session")
def make_card() -> MakeCard:
    """The factory `build_card`."""
    return build_card


@pytest.fixture(scope="session")
def make_inputs() -> Callable[..., CardInputs]:
    """The factory `build_inputs`."""
    return build_inputs


@pytest.fixture(scope="session")
def change() -> Callable[..., Scorecard]:
    """`change_line`."""
    return change_line


@pytest.fixture(scope="session")
def history() -> Callable[..., tuple[HistoryPoint, ...]]:
    """`history_of`."""
    return history_of


@pytest.fixture(scope="session")
def printed(make_card: MakeCard) -> Callable[..., tuple[bytes, str]]:
    """Render a card (once, however often it is asked for): its bytes, and its text as a reader finds it."""

    @cache
    def print_once(**wishes: Any) -> tuple[bytes, str]:
        pdf = render_pdf(make_card(**wishes))
        return pdf, pdf_text(pdf)

    return print_once


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """`pdf_text`."""
    return pdf_text


def pdf_text(pdf: bytes) -> str:
    """What `pdftotext` finds, line by line as laid out; pages end in a form feed."""
    command = ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def front_of(card: Scorecard) -> list[str]:
    """The texts of page 1 and of the page on which the working begins, as `render_pdf` sets them.

    What follows the working of the first KPI, and is most of the work, is not laid out.
    """
    whole = reports.pdf.page_html
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports.pdf, "page_html", lambda *said: _front(whole(*said)))
        patch.setattr(reports.pdf, "attached", lambda _: ())
        return pdf_text(render_pdf(card)).split("\f")


def _front(html: str) -> str:
    before, opening, behind = html.partition('<section class="detail">')
    first, closing, _ = behind.partition("</tbody>")
    front = f"{before}{opening}{first}{closing}</table></div>"
    # whatever page 1 leads to must be there
    left_out = {*re.findall('href="#([^"]+)"', front)} - {*re.findall('id="([^"]+)"', front)}
    places = "".join(f'<span id="{anchor}"></span>' for anchor in sorted(left_out))
    return f"{front}<p>{places}</p></section></body></html>"


def build_card(language: Language = "en", *, revision: int = 1, **wishes: Any) -> Scorecard:
    """A card scored from `build_inputs`."""
    return score_card(build_inputs(language, **wishes), revision)


def build_inputs(
    language: Language = "en",
    *,
    lines: int = 16,
    without: tuple[str, ...] = (),
    team: str = "EU Brand",
    missing: tuple[str, ...] = (),
    findings: int = 0,
    files: int = 8,
    months: int = 13,
    policy: ScoringPolicy | None = None,
) -> CardInputs:
    """A month of the first `lines` KPIs but those in `without`; `missing` measures have no data in its month."""
    kpis = [_kpi(row) for row in ROWS[:lines] if row.split("|")[0] not in without]
    weight = sum(target.weight for _, target in kpis)
    measures = _measures([kpi for kpi, _ in kpis], months, missing)
    return CardInputs(
        organisation=LocalText("Lindner & Söhne Group", "林德纳集团"),
        team_id="eu-brand",
        team_name=LocalText(team, team if team != "EU Brand" else "欧洲品牌团队"),
        manager_name="Ana Müller-Lüdenscheidt" if language == "en" else "欧阳䶮",
        language=language,
        currency_code="EUR",
        period=PERIOD,
        kpis={kpi.id: kpi for kpi, _ in kpis},
        areas=AREAS,
        # the weights of a card sum to 100; what the last lines leave over goes to the first
        targets=tuple(
            replace(target, weight=target.weight + (100 - weight)) if index == 0 else target
            for index, (_, target) in enumerate(kpis)
        ),
        measures=measures,
        policy=policy or POLICY,
        findings=_findings(findings, [kpi.id for kpi, _ in kpis]),
        rates=(
            RateEvidence("CNY", Decimal("0.1271455823"), Decimal("0.1265022138"), "eurofx"),
            RateEvidence("USD", Decimal("0.9182736455"), Decimal("0.9234510020"), "eurofx"),
        ),
        sources=_sources(files),
        history=months,
        measure_units=dict.fromkeys(("ad_spend", "ad_revenue", "sales_revenue", "market_size"), "money"),
    )


def change_line(card: Scorecard, kpi_id: str, **fields: Any) -> Scorecard:
    """The card with other fields in one of its lines."""
    areas = tuple(
        replace(
            area,
            results=tuple(
                replace(result, **fields) if result.kpi_id == kpi_id else result for result in area.results
            ),
        )
        for area in card.areas
    )
    return replace(card, areas=areas)


def history_of(values: list[Decimal | None], target: Decimal | None) -> tuple[HistoryPoint, ...]:
    """The months up to the card's own with these actuals."""
    months = PERIOD.window(len(values))
    return tuple(HistoryPoint(str(month), value, target) for month, value in zip(months, values, strict=True))


def _kpi(row: str) -> tuple[Kpi, Target]:
    (kpi_id, area, unit, decimals, lower, rule, formula, target, weight, *texts) = row.split("|")
    name_en, name_zh, description_en, description_zh = texts
    kpi = Kpi(
        id=kpi_id,
        name=LocalText(name_en, name_zh),
        description=LocalText(description_en, description_zh),
        why=LocalText(
            "Sales can only work on leads that are ready for them.", "只有合格的线索，销售才能跟进。"
        ),
        owner=LocalText("marketing operations", "市场运营组"),
        area=area,
        unit=Unit(unit),
        decimals=int(decimals),
        direction=Direction.LOWER if lower else Direction.HIGHER,
        formula=formula,
        rule=PROPORTIONAL if rule == "p" else BANDS,
        lag_days=0,
        review_date=date(2027, 6, 1),
    )
    terms = Target(
        "eu-brand", kpi_id, date(2025, 1, 1), date(2028, 1, 1), Decimal(target), Decimal(weight), "", ""
    )
    return kpi, terms


def _measures(kpis: list[Kpi], months: int, missing: tuple[str, ...]) -> dict[tuple[Period, str], Decimal]:
    """Levels with a wave over the months, the same on every run."""
    names = {name for kpi in kpis for name in Formula.parse(kpi.formula).names}
    measures = {}
    for back, period in enumerate(reversed(PERIOD.window(months))):
        for name in sorted(names):
            if back == 0 and name in missing:
                continue
            wave = (int(hashlib.sha256(f"{name}{back}".encode()).hexdigest(), 16) % 17 - 9) * (back > 0)
            level = LEVELS[name] * (100 + wave - back / 2) / 100
            measures[period, name] = Decimal(f"{level:.2f}" if LEVELS[name] % 1 else f"{level:.0f}")
    return measures


def _findings(number: int, kpi_ids: list[str]) -> tuple[Finding, ...]:
    kinds = (
        ("missing_days", ("2026-10-03", "2026-10-04", "2026-10-05", "2026-10-09"), kpi_ids[3:8]),
        ("missing_slice", (), kpi_ids[:1]),
        ("unowned_rows", (), kpi_ids),
        ("late_restatement", ("2026-10-31",), kpi_ids[2:4]),
    )
    made = []
    for index in range(number):
        code, days, touched = kinds[index % len(kinds)]
        made.append(Finding(code, "google_ads", f"871-220-{4410 + index}", days, tuple(touched)))
    return tuple(made)


def _sources(files: int) -> tuple[SourceEvidence, ...]:
    names = (
        ("google_ads", LocalText("Google Ads", "谷歌广告"), "Ad group report 2026-10.csv", "EUR"),
        ("ocean_engine", LocalText("Ocean Engine", "巨量引擎"), "项目报表_2026-10.csv", "CNY"),
        ("survey", LocalText("Customer survey", "客户问卷"), "responses 2026-10.csv", None),
    )
    made = []
    for index in range(files):
        source, name, file, currency = names[index % len(names)]
        entity = f"871-220-{4410 + index}"
        landed = f"{source}/{entity}/{file}"
        digest = hashlib.sha256(landed.encode()).hexdigest()
        evidence = (FileEvidence(landed, digest, 1200 + 317 * index),)
        made.append(SourceEvidence(source, name, entity, str(PERIOD), currency, evidence))
    return tuple(made)
