"""The example company pulled from the stand-in: its truth as platforms answer it, and a book that asks them.

`python -m tests.platforms.demo HOME COMMAND...` writes the book into HOME/config, starts a stand-in for each platform
on this machine, runs the command with settings that lead there, and ends as it does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import yaml

from example.company import (
    FX,
    GA4_CN,
    GA4_EU,
    GOOGLE_EU,
    GOOGLE_US,
    LINKEDIN,
    META_EU,
    META_US,
    Account,
)
from example.truth import Facts, facts
from example.truth.rows import AdRow, WebRow
from tests.platforms import asking
from tests.platforms.behaving import BEHAVIOURS
from tests.platforms.standin import MAY_ASK, SECRETS, Server, Standin, started
from tests.platforms.truth import Ad

ROOT = Path(__file__).resolve().parents[2]
BOOK = Path(__file__).with_name("demo_book")
PULLED: Mapping[str, tuple[Account, ...]] = {
    "google_ads": (GOOGLE_EU, GOOGLE_US),
    "meta_ads": (META_EU, META_US),
    "linkedin_ads": (LINKEDIN,),
    "ga4": (GA4_EU, GA4_CN),
    "ecb": (FX,),
}
"""The accounts that are pulled, by platform; the others stay files.

Their interfaces say other things than their exports: X nothing of clicks on posts, 公众号 not how often an article was read,
巨量引擎 nothing of the value of orders, Facebook only clicks as engagement, HubSpot a team by its number and no test contacts,
survey tools one form at a time. Orders, budgets, the panel and social listening have no interface.
"""
FORMATS = {"meta_ads": "meta_ads_api_results"}
"""Which format of the demo's book reads an answer that several fit."""


@dataclass(frozen=True)
class Row(Ad):
    """A day of an ad group, or of a channel, with names of its own."""

    campaign_name: str = ""
    group_name: str = ""
    channel: str = ""
    currency: str = "EUR"
    action: str = "purchase"


def digits_of(entity: str) -> str:
    """The account's id as its platform is asked with it."""
    return "".join(each for each in entity if each.isdigit())


def of_ad(row: AdRow) -> Row:
    """A day of an ad group; where a platform has no groups, the campaign is one."""
    figures = (row.impressions or 0, row.clicks or 0, int((row.spend or 0) * 1_000_000))
    # a platform counts none where an export leaves a cell empty
    happened = (row.conversions or Decimal(0), row.conversion_value or Decimal(0))
    groups = (row.owner_key, row.group_id or row.owner_key)
    names = (row.campaign_name, row.group_name or row.campaign_name)
    action = "purchase" if row.conversion_value is not None else "lead"
    whole = int(happened[0]) if happened[0] == int(happened[0]) else happened[0]
    return Row(
        row.date,
        *groups,
        *figures,
        whole,
        happened[1],
        *names,
        currency=row.currency,
        action=action,
    )


def of_web(row: WebRow) -> Row:
    """A day of a channel; sessions stand for impressions, and those engaged for clicks."""
    figures = (row.sessions, row.engaged_sessions, 0, int(row.conversions), row.revenue)
    return Row(row.date, "", "", *figures, channel=row.owner_key, currency=row.currency)


def rates_of(quotes: Iterable[Any]) -> list[tuple[date, str, str]]:
    """Days with what a euro is in dollars and yuan, newest first."""
    by_day = groupby(sorted(quotes, key=attrgetter("date")), key=attrgetter("date"))
    known = [(day, {row.currency: row.quote or "N/A" for row in rows}) for day, rows in by_day]
    return [(day, said["USD"], said["CNY"]) for day, said in reversed(known)]


class Truth:
    """What happened at the example company, as the stand-in has its own truth."""

    def __init__(self, whole: Facts) -> None:
        self._rows: dict[str, list[Row]] = {}
        rows = [*map(of_ad, whole["ad_daily"]), *map(of_web, whole["web_daily"])]
        for said, row in zip([*whole["ad_daily"], *whole["web_daily"]], rows, strict=True):
            self._rows.setdefault(digits_of(said.entity), []).append(row)
        self._rates = rates_of(whole["fx_quote"])

    def ads(self, account: str) -> list[Row]:
        """The rows of an account, in the order of days."""
        return self._rows[account]

    def rates(self) -> list[tuple[date, str, str]]:
        """Days with what a euro is in dollars and yuan, newest first."""
        return self._rates


@cache
def true() -> Truth:
    """The truth, which takes a moment to make."""
    return Truth(facts())


@contextmanager
def platforms() -> Iterator[Mapping[str, Server]]:
    """A server for each platform, answering from the company's truth; nothing of them is left at the end."""
    truth, servers = true(), {name: started() for name in PULLED}
    known = asking.ACCOUNTS
    asking.ACCOUNTS = (*known, *(digits_of(each.entity) for all_of in PULLED.values() for each in all_of))
    try:
        for name, server in servers.items():
            # reports are ready at once: nobody waits in a demo
            server.standin = Standin(BEHAVIOURS[name], url_of(server), truth=truth, state={"slow": 0})
        yield servers
    finally:
        asking.ACCOUNTS = known
        for server in servers.values():
            server.shutdown()
            server.server_close()


def url_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def connection_of(server: Server) -> str:
    """What leads to a stand-in, as a connection to the platform would."""
    host = url_of(server).removeprefix("http://")
    return f"http://:{quote(MAY_ASK, safe='')}@{host}?{urlencode({**SECRETS, 'token_url': f'http://{host}/token'})}"


def settings_of(home: Path, servers: Mapping[str, Server]) -> dict[str, str]:
    """The settings of an installation in `home` that pulls from the servers."""
    connections = {
        f"SCOREWRIGHT_CONNECTION_{name.upper()}": connection_of(server) for name, server in servers.items()
    }
    return {"SCOREWRIGHT_HOME": str(home), "SCOREWRIGHT_CONFIG": str(home / "config"), **connections}


def write_book(folder: Path) -> None:
    """The book of the example company whose accounts name platforms, where there are any, and no files."""
    shutil.copytree(ROOT / "config", folder, dirs_exist_ok=True)
    shutil.copytree(BOOK, folder, dirs_exist_ok=True)
    path = folder / "sources.yaml"
    said = yaml.safe_load(path.read_text("utf-8"))
    for name, accounts in PULLED.items():
        for account in accounts:
            _pull(said[account.source]["accounts"], account, name)
    path.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=200), "utf-8")


def _pull(accounts: list[dict[str, Any]], account: Account, name: str) -> None:
    (found,) = (each for each in accounts if each["entity"] == account.entity)
    for key in ("files", "printed_as", "counted"):
        found.pop(key, None)
    found.update(platform=name, connection=name)
    if name in FORMATS:
        found["format"] = FORMATS[name]


def main(home: str, *command: str) -> int:
    """Run the command; returns its exit code."""
    folder = Path(home).resolve()
    write_book(folder / "config")
    with platforms() as servers:
        return subprocess.run(
            command, env={**os.environ, **settings_of(folder, servers)}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
