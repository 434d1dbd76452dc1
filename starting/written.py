"""The files of a new book as text, with comments in its language."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence

from scoring.period import Period
from scoring.text import Language
from settings.file import NAME
from starting.accounts import Account
from starting.first_targets import first_kpis, target_rows
from starting.settling import Value
from starting.wishes import Wishes

BOOK = "config"

SETTINGS = """\
# {settings}
book = "config"
home = "var"
exports = "exports"
"""

ORGANISATION = """\
# {organisation}
name: {name}
languages: [{language}]
currency_code: {currency_code}
# {uses}
# {own}
uses: [{kpis}]
sender: {{name: {name}, address: scorecards@{domain}}}
"""

CALENDAR = """\
# {calendar}
time_zone: {time_zone}
"""

GRADING = """\
# {grading}
green: 95
amber: 80
"""

TEAMS = """\
# {teams}
{team_id}:
  name: {team}
  manager: {{name: {team}, email: {team_id}@{domain}}}
  owns:
"""

COMMENTS: dict[Language, dict[str, str]] = {
    "en": {
        "settings": "Where Scorewright reads and writes; variables such as SCOREWRIGHT_HOME win over it.",
        "organisation": "Who we are. Each field is explained in docs/reference/book.md of Scorewright.",
        "uses": "From Scorewright's dictionary, which `scorewright kpis --dictionary` lists.",
        "own": "A KPI of your own is a file kpis/<id>.yaml with id, formula, unit and direction.",
        "calendar": "Where a month begins and ends.",
        "grading": "From which score on a status is green or amber; 100 is on target.",
        "sources": "Our accounts and their export files; {month} is written like 2026-10.",
        "teams": "Who is scored, who gets the card, and which accounts are theirs.",
    },
    "zh_CN": {
        "settings": "Scorewright 的读写位置；SCOREWRIGHT_HOME 等环境变量优先于本文件。",
        "organisation": "本公司。各字段的说明见 Scorewright 的 docs/reference/book.md。",
        "uses": "取自 Scorewright 的指标词典，用 `scorewright kpis --dictionary` 列出。",
        "own": "自定义指标：新建文件 kpis/<id>.yaml，写明 id、formula、unit、direction。",
        "calendar": "月份以哪个时区的零点为界。",
        "grading": "得分达到多少为绿色、黄色；100 分为达标。",
        "sources": "各账户及其导出文件；{month} 写作 2026-10。",
        "teams": "考核哪个团队、计分卡发给谁、哪些账户归其负责。",
    },
}


def files_of(
    accounts: Sequence[Account],
    wishes: Wishes,
    months: Sequence[Period],
    filled: Collection[str] | None = None,
) -> dict[str, str]:
    """The settings and the files of the book, by their names below its folder.

    It has targets for all `months`, which are those that can be scored, the first one first, for KPIs of the
    fields that are `filled`.
    """
    kpis = first_kpis({account.source for account in accounts}, filled)
    said = {
        **COMMENTS[wishes.language],
        "name": _quoted(wishes.name),
        "team": _quoted(wishes.team),
        "team_id": wishes.team_id,
        "language": wishes.language,
        "currency_code": wishes.currency_code,
        "domain": wishes.domain,
        "time_zone": wishes.time_zone,
        "kpis": ", ".join(kpis),
    }
    rows = target_rows(wishes.team_id, kpis, months, wishes.language)
    return {
        NAME: SETTINGS.format(**said),
        f"{BOOK}/organisation.yaml": ORGANISATION.format(**said),
        f"{BOOK}/calendar.yaml": CALENDAR.format(**said),
        f"{BOOK}/grading.yaml": GRADING.format(**said),
        f"{BOOK}/sources.yaml": "".join(_sources(accounts, wishes)),
        f"{BOOK}/teams.yaml": TEAMS.format(**said) + "".join(_owned(accounts)),
        f"{BOOK}/targets/{months[-1].year}.csv": "".join(f"{row}\n" for row in rows),
    }


def _sources(accounts: Sequence[Account], wishes: Wishes) -> list[str]:
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for account in accounts:
        by_source[account.source] += _account(account, wishes)
    lines = [f"# {COMMENTS[wishes.language]['sources']}\n"]
    for source, listed in by_source.items():
        lines += [f"{source}:\n", "  accounts:\n", *listed]
    return lines


def _account(account: Account, wishes: Wishes) -> list[str]:
    lines = [f"    - entity: {_quoted(account.entity)}\n"]
    if not account.says_currency:
        lines.append(f"      currency_code: {wishes.currency_code}\n")
    lines += [f"      {name}: {_value(value)}\n" for name, value in account.options]
    return [*lines, f"      files: [{', '.join(map(_quoted, account.patterns))}]\n"]


def _value(value: Value) -> str:
    """A setting as YAML has it: words of our own, or a list of what a platform calls its kinds."""
    return value if isinstance(value, str) else f"[{', '.join(map(_quoted, value))}]"


def _owned(accounts: Sequence[Account]) -> list[str]:
    """All of each account; exchange rates belong to all."""
    return [
        f"    - {{source: {account.source}, entity: {_quoted(account.entity)}}}\n"
        for account in accounts
        if account.source != "fx_rates"
    ]


def _quoted(text: str) -> str:
    """The text as YAML that is never taken for a number, a day or a mapping."""
    return json.dumps(text, ensure_ascii=False)
