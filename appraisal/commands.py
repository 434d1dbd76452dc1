"""`scorewright appraisal form` and `scorewright appraisal enter`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from appraisal.reading import Origin, SheetReader, reader_of
from appraisal.sheets import sheet_of
from appraisal.workbook import BadFormError, FilledSheet, Workbook, is_form, open_form
from disk import Place, write_atomically
from ledger import Entry
from pipeline.preparing import prepare_ledger
from pipeline.site import Site, spelled
from reports.forms.layout import FormSheet
from reports.forms.workbook import form_workbook
from reports.presenting.appraisals import DIGEST_SHOWN
from scoring.errors import UsageError
from scoring.period import Period


def write_form(
    site: Site, period: Period, teams: tuple[str, ...], output: Path | None, say: Callable[[str], None]
) -> None:
    """Write the form of a period, a sheet for each team (all if none is named).

    Raises `UsageError` if no team has anything to enter, or a different file exists: it may be filled in.
    """
    prepare_ledger(site)
    sheets = _sheets(site, period, teams)
    path = output or site.settings.home / "forms" / f"appraisal-{period}.xlsx"
    content = form_workbook(sheets)
    _refuse_another_file(path, content)
    write_atomically(path, content)
    say(f"{path}: {', '.join(sheet.team_id for sheet in sheets)}")


def _sheets(site: Site, period: Period, teams: tuple[str, ...]) -> list[FormSheet]:
    """The sheets of the teams that are asked for something; raises `UsageError` where none is."""
    sheets = [*filter(None, (sheet_of(site, period, team) for team in site.teams(period, teams)))]
    if not sheets:
        raise UsageError(
            f"{period}: expected KPIs over events or levels, or an appraiser and appraisal shares, "
            f"found none for {spelled(teams)}; add them to the book."
        )
    return sheets


def _refuse_another_file(path: Place, content: bytes) -> None:
    if path.exists() and path.read_bytes() != content:
        raise UsageError(
            f"{path}: expected no file of this name, found one, which may be filled in; "
            "move it away or name another by --output."
        )


def enter_form(site: Site, path: Path, *, now: datetime, say: Callable[[str], None]) -> int:
    """Enter a filled-in form into the ledger, all of it or nothing; returns how many entries are new.

    Raises `BadFormError` with a sentence for each bad cell.
    """
    prepare_ledger(site)
    form = open_form(path)
    readers = _readers(site, form, Origin(form.file, now, site.book.today(now)))
    entries = _entries(readers)
    added = site.ledger.enter_judgements(entries)
    for reader in readers:
        theirs = [entry.form_sha256 for entry in entries if entry.team_id == reader.team.id]
        fingerprint = f", fingerprint {theirs[0][:DIGEST_SHOWN]}" if theirs else ""
        say(f"{reader.team.id} {reader.period}: {len(theirs)} filled in{fingerprint}")
    say(f"{added} new; run `scorewright run --period {readers[0].period}` to score them")
    return added


def _readers(site: Site, form: Workbook, origin: Origin) -> list[SheetReader]:
    """A reader for each sheet; raises `BadFormError` for sheets of something else, or of two periods."""
    readers: list[SheetReader] = []
    faults: list[str] = []
    for sheet in _form_sheets(form):
        found = reader_of(site, sheet, origin)
        if isinstance(found, SheetReader):
            readers.append(found)
        else:
            faults.append(found)
    _refuse([*faults, *_doubled(form.file, readers)])
    return readers


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise BadFormError(faults)


def _form_sheets(form: Workbook) -> list[FilledSheet]:
    """The sheets that this program wrote; raises `BadFormError` where none is."""
    sheets = [sheet for sheet in form.sheets if is_form(sheet)]
    if not sheets:
        raise BadFormError(
            [
                f"{form.file}: expected a sheet of an appraisal form of this program, found none; "
                "fill in what `scorewright appraisal form` wrote."
            ]
        )
    return sheets


def _entries(readers: Sequence[SheetReader]) -> list[Entry]:
    """What is new in all sheets; raises `BadFormError` with what is wrong in any of them."""
    entries = [entry for reader in readers for entry in reader.entries()]
    _refuse([fault for reader in readers for fault in reader.faults])
    return entries


def _doubled(file: str, readers: Sequence[SheetReader]) -> Iterator[str]:
    """A sentence if the sheets are of two periods, and for each team that has two sheets."""
    periods = {str(reader.period) for reader in readers}
    if len(periods) > 1:
        yield f"{file}: expected sheets of one period, found {' and '.join(sorted(periods))}."
    for team_id, count in sorted(Counter(reader.team.id for reader in readers).items()):
        if count > 1:
            yield f"{file}: expected one sheet of {team_id}, found {count}; remove the others."
