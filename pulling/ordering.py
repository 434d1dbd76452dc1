"""Reports that are ordered: asked for once, looked after until they are there, and fetched."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pulling.asking import RefusedByPlatformError, Request
from pulling.filling import request_of
from pulling.journal import Journal
from pulling.paths import first
from pulling.platform import Job
from pulling.session import Session

_MOST_POLLS = 1000


def ordered(
    session: Session, journal: Journal, order: Request, job: Job, names: Mapping[str, str]
) -> tuple[str, Any]:
    """The report's id and the last answer about it, when it is there; a killed run goes on with it."""
    report = _report_id(session, journal, order, job)
    poll = request_of(job.poll, {**names, "report": report})
    waited = 0.0
    for _ in range(_MOST_POLLS):
        answer = session.json_of(poll)
        state = str(first(answer, job.state))
        if state in job.done:
            return report, answer
        if state in job.failed or waited >= job.at_most_seconds:
            raise RefusedByPlatformError(
                f"a report in the state {state[:40]!r}", "run again, which orders another"
            )
        session.wait(job.every_seconds)
        waited += job.every_seconds
    raise RefusedByPlatformError("a report that is never there", "run again, which orders another")


def _report_id(session: Session, journal: Journal, order: Request, job: Job) -> str:
    """The id of the report that the platform makes for the order."""
    report = first(session.json_of(order, journal), job.id)
    if report in (None, ""):
        raise RefusedByPlatformError("no report", "look at the platform's own page of errors and run again")
    return str(report)


def unpacked(content: bytes, most_bytes: int) -> bytes:
    """The one file of an archive, or the content itself where it is none; raises `RefusedByPlatformError`."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        if content.startswith(b"PK\x03\x04"):
            raise RefusedByPlatformError("an archive that is cut off")
        return content
    with _sound(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if len(names) != 1:
            raise RefusedByPlatformError(f"an archive of {len(names)} files")
        with archive.open(names[0]) as file:
            inner = file.read(most_bytes + 1)
    if len(inner) > most_bytes:
        raise RefusedByPlatformError(
            "a file that is too large", "raise SCOREWRIGHT_MAX_EXPORT_MB and run again"
        )
    return inner


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        raise RefusedByPlatformError("an archive that cannot be read") from None
