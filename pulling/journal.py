"""What was asked and answered for a slice: kept before anything is read of it, and used again after a kill.

`asked/<source>/<entity>/<month>/<day>/<n>/` has a file for each question, with the hash of its answer, and
at the end `end.json` with the hashes of what was made of them. A try without an end goes on where it stopped,
on the same day; like everything that is landed, nothing of it is ever changed or deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from disk import Place, matching, write_atomically
from etl.account import Account
from etl.landing import Landing
from etl.pulls import bytes_at
from killpoints import reach
from pulling.asking import Request
from scoring.errors import DataError
from scoring.period import Period

_END = "end.json"


@dataclass(frozen=True)
class Journal:
    """The questions of one slice on one day. What another `host` answered is no answer of this one."""

    landing: Landing
    account: Account
    month: Period
    day: date
    host: str | None = None

    @cached_property
    def folder(self) -> Place:
        """The files of the try that is not at its end."""
        of_today = self._of_month / self.day.isoformat()
        return of_today / str(len(matching(of_today, f"*/{_END}")) + 1)

    @property
    def _of_month(self) -> Place:
        whose = self.landing.root / "asked" / self.account.source / self.account.entity
        return whose / str(self.month)

    def is_final(self, since: date) -> bool:
        """Whether the month was answered whole on that day or later."""
        ends = reversed(matching(self._of_month, f"*/*/{_END}"))
        late = (path for path in ends if path.parts[-3] >= since.isoformat())
        return any(self._is_whole(json.loads(bytes_at(path) or b"{}")) for path in late)

    def _is_whole(self, said: Mapping[str, object]) -> bool:
        """Whether all was answered, and by this host; ends of older programs do not say by which."""
        return bool(said.get("whole")) and self._host in (None, said.get("host", self._host))

    @property
    def _host(self) -> str | None:
        """A mark for the host, which is the token where somebody wrote that in its place."""
        return self.host and sha256(self.host.encode()).hexdigest()[:16]

    def answered(self, request: Request) -> bytes | None:
        """The answer to a question, if this try has it already."""
        with suppress(ValueError, KeyError, DataError):
            return self.landing.kept(json.loads(bytes_at(self._path(request)) or b"")["answer"])
        return None

    def keep(self, content: bytes) -> str:
        """Land an answer; returns its hash."""
        return self.landing.keep(content)

    def note(self, request: Request, answer: str) -> None:
        """Write down that a question has this answer."""
        write_atomically(self._path(request), _spelled({"question": request.said, "answer": answer}))
        reach("extract.page_landed")

    def end(self, made: Sequence[str] | None = None, left: Mapping[str, str] | None = None) -> None:
        """The try is at its end, and the next asks everything anew.

        `made` are the hashes of its files; None where what was answered makes no whole. `left` is what the
        platform said is left of its quota.
        """
        said = {
            "made": [*(made or ())],
            "whole": made is not None,
            "host": self._host,
            "left": {**(left or {})},
        }
        write_atomically(self.folder / _END, _spelled(said))

    def _path(self, request: Request) -> Place:
        asked = f"{self._host} {request.key}"
        return self.folder / f"{sha256(asked.encode()).hexdigest()}.json"


def last_end(landing: Landing, account: Account) -> tuple[date | None, Mapping[str, str]]:
    """On which day an account was last asked for a month to the end, and what was left of its quota."""
    ends = matching(landing.root / "asked" / account.source / account.entity, f"*/*/*/{_END}")
    last = max(ends, key=lambda path: (path.parts[-3], int(path.parts[-2])), default=None)
    if last is None:
        return None, {}
    said = json.loads(bytes_at(last) or b"{}")
    return date.fromisoformat(last.parts[-3]), said.get("left", {})


def _spelled(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()
