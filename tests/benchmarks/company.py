"""A company of as many teams as one likes: its book, its targets and its exports, all invented.

`python -m tests.benchmarks.company FOLDER TEAMS [MONTHS]` writes a book and exports to look at.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path

from scoring.period import Period

OCTOBER = Period(2026, 10)
KPIS = {
    "click_through_rate": "0.025",
    "cost_per_click": "0.5",
    "cost_per_mille": "14",
    "roas": "3",
    "ad_conversion_rate": "0.05",
    "ad_roi": "2",
    "lead_count": "6",
    "mql_count": "3",
    "sql_count": "2",
    "mql_to_sql_rate": "0.5",
    "cost_per_lead": "120",
    "nps": "10",
    "csat": "0.7",
    "survey_responses": "6",
    "web_conversion_rate": "0.025",
}
"""The KPIs of every team, with their targets."""

OF_AN_ACCOUNT = {"google_ads": 20, "ga4": 50, "hubspot": 200, "survey": 200}
"""How many teams share an account of each source."""

OF_A_DEPARTMENT = 25
_CONFIG = Path(__file__).resolve().parents[2] / "config"
_ADS = (
    'Ad group report\n"{first:%B} {first.day}, {first.year} - {last:%B} {last.day}, {last.year}"\n'
    "Day,Campaign status,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,"
    "Conversions,Conv. value,Search impr. share,Customer ID\n"
)
_GA4 = (
    "# Traffic acquisition: Session default channel group\n# Property: {entity}\n"
    "# Start date: {first:%Y%m%d}\n# End date: {last:%Y%m%d}\n\n"
    "Date,Session default channel group,Users,Sessions,Engaged sessions,Engagement rate,Event count,Conversions,"
    "Total revenue\n"
)
_CONTACTS = (
    "Record ID,First Name,Last Name,Email,Create Date,Lifecycle Stage,Became a Marketing Qualified Lead Date,"
    "Became a Sales Qualified Lead Date,Marketing Team,Test Contact\n"
)
_DEALS = "Record ID,Deal Name,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
_SURVEY = "Response ID,Submitted At,Survey,Score (0-10),Satisfaction (1-5),Comment\n"


def write_company(folder: Path, teams: int, months: Sequence[Period] = OCTOBER.window(13)) -> None:
    """Write `config/` and `exports/` for this many teams of fifteen KPIs each."""
    _write_book(folder / "config", teams)
    for path, text in _exports(teams, months):
        target = folder / "exports" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _accounts(source: str, teams: int) -> Iterator[tuple[str, range]]:
    """The accounts of a source, each with the numbers of its teams."""
    size = OF_AN_ACCOUNT[source]
    for number, first in enumerate(range(0, teams, size)):
        yield _entity(source, number), range(first, min(first + size, teams))


def _entity(source: str, number: int) -> str:
    named = {"google_ads": f"{100 + number:03}-555-{number:04}", "ga4": f"shop-{number}.example"}
    return named.get(source, f"{source}-{number}")


def _currency(account: str) -> str:
    """Every third account of ads is in dollars."""
    return "USD" if account[-1] in "0369" else "EUR"


def _write_book(config: Path, teams: int) -> None:
    (config / "kpis").mkdir(parents=True, exist_ok=True)
    (config / "targets").mkdir(exist_ok=True)
    for kpi in KPIS:
        shutil.copy(_CONFIG / "kpis" / f"{kpi}.yaml", config / "kpis")
    shutil.copy(_CONFIG / "calendar.yaml", config)
    (config / "grading.yaml").write_text((_CONFIG / "grading.yaml").read_text() + "rank: {at_least: 3}\n")
    (config / "organisation.yaml").write_text("\n".join(_organisation(teams)))
    (config / "sources.yaml").write_text("\n".join(_sources(teams)))
    (config / "teams.yaml").write_text("\n".join(_teams(teams)))
    (config / "targets" / "2026.csv").write_text("\n".join(_targets(teams)))


def _organisation(teams: int) -> Iterator[str]:
    whole = (_CONFIG / "organisation.yaml").read_text()
    before, after = whole.partition("uses: [")[0], whole.partition("]\n# The business")[2]
    head, rest = after.partition("departments:\n")[0], "sender:" + after.partition("sender:")[2]
    yield f"{before}uses: [{', '.join(KPIS)}]\n# The business{head}departments:"
    for number in range(0, teams, OF_A_DEPARTMENT):
        yield f"  d{number // OF_A_DEPARTMENT}: {_text(f'Department {number // OF_A_DEPARTMENT}')}"
    yield rest


def _text(text: str) -> str:
    return f"{{en: {text}, zh_CN: {text}}}"


def _sources(teams: int) -> Iterator[str]:
    files = {
        "google_ads": ["ads {month}.csv"],
        "ga4": ["data-export {month}.csv"],
        "hubspot": ["contacts {month}.csv", "deals {month}.csv"],
        "survey": ["responses {month}.csv"],
    }
    for source, names in files.items():
        yield f"{source}:\n  name: {_text(source)}\n  accounts:"
        for entity, _ in _accounts(source, teams):
            currency = {"google_ads": f", currency_code: {_currency(entity)}", "ga4": ", currency_code: EUR"}
            paths = ", ".join(f'"{source}/{entity}/{name}"' for name in names)
            yield f"    - {{entity: {entity}, time_zone: UTC{currency.get(source, '')}, files: [{paths}]}}"
    yield f"fx_rates:\n  name: {_text('Rates')}\n  accounts:"
    yield '    - {entity: ecb, time_zone: UTC, files: ["fx_rates/ecb/eurofx_{month}.csv"]}'


def _teams(teams: int) -> Iterator[str]:
    owners = {source: [*_accounts(source, teams)] for source in OF_AN_ACCOUNT}
    for number in range(teams):
        yield f"t{number}:\n  name: {_text(f'Team {number}')}\n  department: d{number // OF_A_DEPARTMENT}"
        yield f"  manager: {{name: Manager {number}, email: m{number}@company.example, language: en}}\n  owns:"
        for source, size in OF_AN_ACCOUNT.items():
            entity, _ = owners[source][number // size]
            keys = {"google_ads": f'"{number}1", "{number}2"'}.get(source, f"t{number}")
            yield f"    - {{source: {source}, entity: {entity}, keys: [{keys}]}}"


def _targets(teams: int) -> Iterator[str]:
    yield "team,kpi,valid_from,valid_until,target,weight,approved_by,reason"
    for number in range(teams):
        for kpi, target in KPIS.items():
            weight = 16 if kpi == "web_conversion_rate" else 6
            yield f"t{number},{kpi},2026-01-01,2027-01-01,{target},{weight},Board,as agreed"


def _exports(teams: int, months: Sequence[Period]) -> Iterator[tuple[str, str]]:
    for month in months:
        for source, write in _WRITERS.items():
            for entity, of_teams in _accounts(source, teams):
                for name, text in write(entity, of_teams, month):
                    yield f"{source}/{entity}/{name}", text
        yield f"fx_rates/ecb/eurofx_{month}.csv", "".join(_rates(month))


def _ads(account: str, teams: Iterable[int], month: Period) -> Iterator[tuple[str, str]]:
    code = _currency(account)
    sums = Counter[str]()
    lines = [_ADS.format(first=month.start, last=month.last_day)]
    for day, team, of in product(month.days(), teams, (1, 2)):
        cents = (9 + (team + of) % 7) * 100 + day.day
        found = {
            "impressions": 800 + (team * of + day.day) % 300,
            "clicks": 20 + (team + day.day) % 13,
            "cents": cents,
            "halves": 2 * (1 + team % 2) + 1,
            "value": (30 + team % 11) * 100 + 80,
        }
        sums.update(found)
        campaign = f"{team}{of}"
        name = f"{day},Enabled,Campaign {campaign},{campaign},Group,9{campaign},{code}"
        lines.append(f"{name},{_numbers(found)},{account}\n")
    lines.append(f"Total: Account, --, --, --, --, --, --,{_numbers(sums)}, --\n")
    yield f"ads {month}.csv", "".join(lines)


def _numbers(of: Mapping[str, int]) -> str:
    """The columns from impressions to the share of impressions."""
    halves, cents, value = of["halves"], of["cents"], of["value"]
    money = f"{cents // 100}.{cents % 100:02},{halves // 2}.{halves % 2 * 5},{value // 100}.{value % 100:02}"
    return f"{of['impressions']},{of['clicks']},2%,0.5,{money}, --"


def _web(account: str, teams: Iterable[int], month: Period) -> Iterator[tuple[str, str]]:
    lines = (
        f"{day:%Y%m%d},t{team},90,{100 + (team + day.day) % 9},60,0.6,700,{2 + team % 3},20.50\n"
        for day in month.days()
        for team in teams
    )
    head = _GA4.format(entity=account, first=month.start, last=month.last_day)
    yield f"data-export {month}.csv", head + "".join(lines)


def _leads(account: str, teams: Iterable[int], month: Period) -> Iterator[tuple[str, str]]:
    contacts, deals = [_CONTACTS], [_DEALS]
    for team in teams:
        for number in range(5 + team % 3):
            day = month.start + timedelta(days=number * 3)
            record = f"{team:05}{month.start:%Y%m}{number}"
            stage = ("Lead", "Marketing Qualified Lead", "Sales Qualified Lead")[number % 3]
            moments = [f"{day} 10:00" if number % 3 >= least else "" for least in (1, 2)]
            contacts.append(
                f"{record},A,B,c{record}@customer.example,{day} 09:00,{stage},{','.join(moments)},t{team},false\n"
            )
            if number == 2:
                deals.append(f"7{record},Deal,Closed Won,{month.last_day} 12:00,900.50,EUR,{record}\n")
    yield f"contacts {month}.csv", "".join(contacts)
    yield f"deals {month}.csv", "".join(deals)


def _answers(account: str, teams: Iterable[int], month: Period) -> Iterator[tuple[str, str]]:
    lines = (
        f"R{team:05}{month.start:%Y%m}{number},{month.start + timedelta(days=number)}T12:00:00Z,t{team},"
        f"{(team + number) % 5 + 6},{(team + number) % 3 + 3},\n"
        for team in teams
        for number in range(6)
    )
    yield f"responses {month}.csv", _SURVEY + "".join(lines)


def _rates(month: Period) -> Iterator[str]:
    yield "Date,USD,CNY\n"
    for day in reversed([*month.days()]):
        yield f"{day},1.1{day.day:02},8.1{day.day:02}\n"


_WRITERS = {"google_ads": _ads, "ga4": _web, "hubspot": _leads, "survey": _answers}


if __name__ == "__main__":
    folder, teams, *rest = sys.argv[1:]
    write_company(Path(folder), int(teams), OCTOBER.window(int(rest[0]) if rest else 13))
