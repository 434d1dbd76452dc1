"""Pulls from the stand-in as an installation would, with a clock of its own, and reads what is landed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from etl.account import Account
from etl.landing import Landing
from etl.sources import registry
from pulling.asking import Clock, Patience
from pulling.platform import Platform, shipped_platforms
from pulling.puller import Puller
from scoring.period import Period
from tests.platforms.behaving import BEHAVIOURS
from tests.platforms.standin import MAY_ASK, SECRETS, Server, Standin

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OCTOBER = Period(2026, 10)
MONTHS = (Period(2026, 8), Period(2026, 9), OCTOBER)


@dataclass
class FakeClock:
    """Time that passes only by waiting, and by `cost` seconds each time that somebody looks."""

    at: float = 0.0
    cost: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        self.at += self.cost
        return self.at

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds


SMALLER = {"youtube": 8}
"""Rows of a page where a month has few."""


def small(platform: Platform, size: int = 25) -> Platform:
    """The platform with pages of a few rows, so that a month has several."""
    asked = tuple(
        each.model_copy(
            update={"pages": each.pages.model_copy(update={"size": size}), "body": _fewer(each.body, size)}
        )
        for each in platform.questions
    )
    return platform.model_copy(update={"questions": asked})


def _fewer(body: Any, size: int) -> Any:
    return {**body, "limit": str(size)} if isinstance(body, dict) and body.get("limit") == "10000" else body


@dataclass
class Pulled:
    """A stand-in for one platform, and what pulls from it."""

    name: str
    standin: Standin
    folder: Path
    url: str
    platform: Platform
    clock: FakeClock = field(default_factory=FakeClock)
    patience: Patience = field(default_factory=lambda: Patience(read=1.0, most_bytes=2_000_000))
    token: str = MAY_ASK
    now: datetime = NOW

    @property
    def landing(self) -> Landing:
        return Landing(self.folder / "landing")

    @property
    def connection(self) -> str:
        options = {**SECRETS, "token_url": f"{self.url}/token", "customer_id": "5", "account_id": "6"}
        return f"http://someone:{quote(self.token, safe='')}@{self.url.removeprefix('http://')}?{urlencode(options)}"

    @property
    def puller(self) -> Puller:
        clock = Clock(self.clock.now, self.clock.sleep)
        known = {"theirs": self.connection}
        return Puller({self.name: self.platform}, known, self.landing, self.patience, clock, lambda: self.now)

    def account(self, entity: str = "1001", **said: Any) -> Account:
        settings = {"currency_code": "EUR", "time_zone": "Europe/Berlin", "connection": "theirs", **said}
        return Account(self.platform.source, entity, files=(), platform=self.name, **settings)

    def land(self, entity: str = "1001", month: Period = OCTOBER, **said: Any) -> bool:
        """Pull and land a month as `extract` does; whether there was something."""
        account = self.account(entity, **said)
        files = self.puller(account, month)
        if files is not None:
            self.landing.land(account, month, files, self.now)
        return files is not None

    def rows(self, entity: str = "1001", month: Period = OCTOBER, **said: Any) -> list[dict[str, Any]]:
        """The rows of the facts that are made of what is landed."""
        account = self.account(entity, **said)
        pull = self.landing.latest(account.source, entity, month)
        conformed = registry()[account.source].read(pull.files, account, month)
        return [row for table in conformed.tables.values() for row in table.to_pylist()]

    def texts(self) -> Iterator[bytes]:
        """Every byte that is kept."""
        return (path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@contextmanager
def pulling(name: str, folder: Path, server: Server) -> Iterator[Pulled]:
    """A stand-in of the platform at a server that runs."""
    url = f"http://127.0.0.1:{server.server_port}"
    server.standin = Standin(BEHAVIOURS[name], url)
    server.standin.state["elsewhere"] = f"http://localhost:{server.server_port}"
    platform = small(shipped_platforms()[name], SMALLER.get(name, 25))
    platform = platform.model_copy(update={"elsewhere": (*platform.elsewhere, "localhost")})
    made = Pulled(name, server.standin, folder, url, platform)
    try:
        yield made
    finally:
        server.standin.free.set()
