"""A source made of formats: each file of a pull is read by the format that its header fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter

import pyarrow as pa

from etl.account import Account, ExportFile, OwnerKeys
from etl.exports import Origin
from etl.formats.amountless import amountless
from etl.formats.definition import Format
from etl.formats.joining import joined, looked_up_once
from etl.formats.kinds import uncounted_words
from etl.formats.levels import counted_once
from etl.formats.library import sha256_of
from etl.formats.parts import refuse_currencies_mixed, refuse_days_unread, refuse_parts_twice
from etl.formats.reading import FileRead, merged, read_file, refuse_doubles
from etl.formats.recognition import Missed, Mistaken, Names, Recognised, Search, search
from etl.formats.signs import prints_a_name
from etl.formats.unread import undecided, warnings
from etl.landing import LandedFile
from etl.queries import received
from etl.reading.document import candidates
from etl.reading.lines import lines_apart
from scoring.errors import BadFileError
from scoring.period import Period
from warehouse.catalog import BEGINS_LATER, BEGINS_WITHIN, ENDS_BEFORE, unsaid_by
from warehouse.conformed import Conformed

_OF_ALL_ROWS = (BEGINS_LATER, BEGINS_WITHIN, ENDS_BEFORE)
"""What is found of a file, and true of the account only where it is found of all of its files."""


@dataclass(frozen=True)
class FormatSource:
    """A platform, by all formats of its exports."""

    name: str
    formats: tuple[Format, ...]

    @cached_property
    def names(self) -> tuple[Names, ...]:
        """The names of all their columns, ready to be looked up."""
        return tuple(map(Names, self.formats))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that its formats feed."""
        return _facts_of(self.formats)

    @cached_property
    def daily_facts(self) -> tuple[str, ...]:
        """The facts that have a row on every day of a complete month."""
        return _facts_of(filter(attrgetter("daily"), self.formats))

    @property
    def lookback_months(self) -> int:
        """How many months back a row may have begun and still count in a month."""
        return int(max(map(attrgetter("lookback_months"), self.formats)))

    @property
    def reload_days(self) -> int:
        """For how many days after a month the platform still changes its figures."""
        return int(max(map(attrgetter("reload_days"), self.formats)))

    @property
    def version(self) -> str:
        """What its exports are; cards print it, so answers of its own interface are not among them."""
        exports = [form for form in self.formats if [*form.headers] != ["api"]]
        return ", ".join(map(attrgetter("title"), exports or self.formats))[:200]

    @cached_property
    def reader(self) -> str:
        """A hash over all formats: slices are loaded anew where one of them changed."""
        return sha256_of(self.formats)

    @property
    def owner_keys(self) -> OwnerKeys:
        """What owner keys say about a row's account."""
        return self.formats[0].owner_keys

    @property
    def prints_names(self) -> bool:
        """Whether any of its exports prints an account's name."""
        return any(map(prints_a_name, self.formats))

    @property
    def needs_currency(self) -> bool:
        """Whether none of its exports names the currency of its amounts."""
        return all(map(attrgetter("needs_currency"), filter(attrgetter("fact"), self.formats)))

    def extract(self, account: Account, month: Period, origin: Origin) -> tuple[ExportFile, ...] | None:
        """The account's files for the month, in the order of its patterns; None where there is none."""
        return received(account, month, origin)

    def read(self, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
        """The rows of a complete pull; raises `BadFileError`."""
        apart = [read_file(self.recognise(file, account), file, account, month) for file in files]
        once = looked_up_once([as_loaded(each, month) for each in counted_once(apart, account)])
        reads = [joined(each, once) for each in once]
        tables = _tables(reads)
        _refuse_no_rows(files, tables)
        tallies = tuple(map(attrgetter("tally"), reads))
        controls = chain.from_iterable(map(attrgetter("controls"), reads))
        found = Conformed(tables, tallies, tuple(controls), findings=_findings(reads))
        return lines_apart(replace(found, warnings=tuple(chain.from_iterable(map(_warnings, apart)))))

    def recognise(self, file: LandedFile, account: Account) -> Recognised:
        """The table and the format of a file; raises `BadFileError` where none fits, or more than one."""
        wanted = account.options.get("format")
        names = [each for each in self.names if wanted in (None, each.format.name)]
        found = search(candidates(file, likely_encodings(self.formats, account)), names)
        best = found.best()
        if not best:
            raise unknown(file, found) if account.query is None else _unanswered(file, found, account)
        refuse_several(file, best)
        refuse_unsure(file, best[0])
        return best[0]


def _facts_of(formats: Iterable[Format]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, {*map(attrgetter("fact"), formats)})))


def _warnings(read: FileRead) -> Iterator[str]:
    sentences = chain(
        warnings(read.found),
        undecided(read.found, read.findings),
        uncounted_words(read.findings),
        amountless(read),
    )
    return (f"{read.rows.file}: {sentence}" for sentence in sentences)


def likely_encodings(formats: Iterable[Format], account: Account) -> Sequence[str]:
    """The encoding that the account says, else those that exports of the formats are known to be in."""
    said = account.options.get("encoding")
    return [said] if said else [*chain.from_iterable(map(attrgetter("encodings"), formats))]


def as_loaded(read: FileRead, month: Period) -> FileRead:
    """A file with those rows added up that are one of the fact; raises `BadFileError` where none may be."""
    refuse_parts_twice(read)
    refuse_days_unread(read, month)
    refuse_currencies_mixed(read)
    return merged(read)


def _tables(reads: Sequence[FileRead]) -> dict[str, pa.Table]:
    """The rows of each fact."""
    facts = dict.fromkeys(each.found.format.fact for each in reads)
    return {fact: _table(fact, reads) for fact in facts if fact is not None}


def _findings(reads: Sequence[FileRead]) -> tuple[str, ...]:
    """What any file was found to be; what it lacks only where no other file of its fact has it."""
    found = {*chain.from_iterable(map(attrgetter("findings"), reads))}
    for each in reads:
        found -= {*unsaid_by(str(each.found.format.fact)), *_OF_ALL_ROWS} - {*each.findings}
    return tuple(sorted(found))


def _table(fact: str, reads: Sequence[FileRead]) -> pa.Table:
    """The rows of all files of a fact; raises `BadFileError` if two of them have the same key."""
    parts = [each for each in reads if each.found.format.fact == fact]
    refuse_doubles(parts)
    return pa.concat_tables([part.table_with_lines for part in parts], promote_options="default")


def unknown(file: LandedFile, found: Search) -> BadFileError:
    """The error that no header of a known format is in a file; it names what the closest lacks."""
    if found.mistaken is not None:
        return _mistaken(file, found.mistaken)
    closest = found.closest
    if closest is None:
        return _of_no_columns(file, found)
    if closest.lacking:
        return _lacking(file, closest)
    return _of_nothing(file, "columns that only another report has")


def _unanswered(file: LandedFile, found: Search, account: Account) -> BadFileError:
    """The same for the answer to a query, of which there is no file: all columns that it lacks at once."""
    if found.mistaken is not None:
        return _mistaken(file, found.mistaken)
    closest = found.closest
    lacking = () if closest is None else closest.lacking
    whose = f"the answer to the query of {account.name} ({file.name})"
    if closest is None or not lacking:
        return BadFileError(
            whose,
            expected=f"the columns of a format of {account.source}",
            found="others",
            hint='name them in the query as a format has them (… as "…"), or write a format, and rerun',
        )
    names, title = _listed([*map(repr, lacking)]), closest.format.title
    called = "it" if len(lacking) == 1 else "them"
    return BadFileError(
        whose,
        expected=f"{names} among its columns, for {title!r} of {account.source}",
        found="others alone",
        hint=f'name {called} in the query (… as "{lacking[0]}"), or write a format, and rerun',
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _lacking(file: LandedFile, missed: Missed) -> BadFileError:
    return BadFileError(
        file.name,
        row=missed.record.row,
        column=missed.lacking[0],
        expected="this column",
        found=f"a header row without it, for {missed.format.title!r} of {missed.format.source}",
        hint="export the report with this column, or run `scorewright try` on the file to see what it is",
    )


def _of_no_columns(file: LandedFile, found: Search) -> BadFileError:
    if not found.other_sheets:
        return _of_nothing(file)
    return BadFileError(
        file.name,
        expected=f"a sheet whose name fits {found.wanted_sheet}",
        found=", ".join(found.other_sheets),
        hint="rename the sheet, or export the workbook again, and rerun",
    )


def _of_nothing(file: LandedFile, found: str = "no row with any of the columns") -> BadFileError:
    return BadFileError(
        file.name,
        expected="a table with a header row of a known format",
        found=found,
        hint="run `scorewright try` on it: it says what the file is, and proposes a format for it",
    )


def _mistaken(file: LandedFile, found: Mistaken) -> BadFileError:
    return BadFileError(
        file.name,
        row=found.record.row,
        expected=f"a report of {found.format.source} with a row for each day",
        found=found.other.because,
        hint=f"{found.other.instead} and rerun",
    )


def refuse_several(file: LandedFile, best: Sequence[Recognised]) -> None:
    """Raise `BadFileError` where more than one format fits, or more than one sheet has it."""
    names = sorted({*map(attrgetter("format.name"), best)})
    parts = sorted({*map(attrgetter("candidate.part"), best)} - {""})
    if len(names) > 1:
        raise BadFileError(
            file.name,
            expected="a header that fits one format",
            found=f"one that fits {' and '.join(names)}",
            hint="say which with `format` at the account in sources.yaml and rerun",
        )
    if len(parts) > 1:
        raise BadFileError(
            file.name,
            expected=f"one sheet or file inside with {best[0].format.title!r}",
            found=" and ".join(parts),
            hint="export only one of them and rerun",
        )


def refuse_unsure(file: LandedFile, best: Recognised) -> None:
    """Raise `BadFileError` where the bytes do not tell the encoding."""
    decoded = best.candidate.decoded
    if decoded is not None and not decoded.is_sure and not best.proves_its_encoding:
        raise BadFileError(
            file.name,
            expected="text of which the encoding is known",
            found=f"bytes that may be {decoded.encoding} or another one",
            hint="export it as CSV (UTF-8), or say `encoding` at the account in sources.yaml, such as cp1250 "
            "for Polish or cp1254 for Turkish, and rerun",
        )


def _refuse_no_rows(files: Sequence[LandedFile], tables: Mapping[str, pa.Table]) -> None:
    if not tables:
        raise BadFileError(
            files[0].name,
            expected="a file with rows of a fact",
            found="only files that others look something up in",
            hint="export the file that it belongs to, too, and rerun",
        )


def sources_of(formats: Mapping[str, Format]) -> Mapping[str, FormatSource]:
    """The formats by their platforms."""
    by_source = attrgetter("source")
    grouped = groupby(sorted(formats.values(), key=by_source), key=by_source)
    return {name: FormatSource(name, tuple(some)) for name, some in grouped}
