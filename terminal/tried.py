"""Tells what came of trying a file: as data for machines, and in lines of at most 80 columns for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
from babel import Locale, UnknownLocaleError
from rich.cells import cell_len, set_cell_size
from rich.text import Text

from etl.formats.amountless import amountless
from etl.formats.definition import FieldRule, Format, Joined
from etl.formats.fields import NUMERIC, kind_of_field
from etl.formats.numbers import NO_CURRENCY
from etl.formats.reading import FileRead
from etl.formats.recognition import Recognised
from etl.formats.unread import undecided, unread_names, warnings
from etl.reading.document import Candidate
from terminal.out import console
from terminal.trials import Help, Trial
from trying.tried import Fault, Tried
from warehouse.catalog import parted, partly_said_by, unsaid_by

WIDTH = 78
_SHOWN_ROWS = 2
_LABEL = 10
_MOST_NAMES = 12
_ORDERS = {
    "year first": "Y-M-D",
    "month first": "M/D/Y",
    "day first": "D/M/Y",
    "month by name": "by name",
}
_TAKEN = {"entity": "= the account", "currency": "= its currency", "month": "= the month"}
_FINDINGS = {
    "totals_differ": "a total that counts more than these rows differs from them",
    "no_days": "it has no days, only the whole month",
    "names_damaged": "some names are damaged: single bytes are of another encoding; numbers are not",
    "rows_withheld": "the platform says that it may have left out rows of few visitors",
    "nothing_looked_up": "nothing in the file beside it belongs to any of its rows",
    "kinds_left_out": "results of kinds that `counted` does not name are left out: ",
    "nothing_counted": "none of its results is of a kind that `counted` names",
}


def described(tried: Tried) -> dict[str, Any]:
    """Everything about a tried file, as `--json` gives it."""
    return {
        "file": tried.file,
        "verdict": tried.verdict,
        "format": None,
        "read_by": tried.module or None,
        "looks_up": None,
        "also": list(tried.also),
        "platform_told": tried.is_told,
        **({} if tried.found is None else _of_found(tried.found)),
        "days": tried.order,
        "month": None if tried.month is None else str(tried.month),
        "account": _account(tried),
        **({} if tried.read is None else _read(tried.read)),
        "warnings": _warnings(tried),
        "faults": list(map(_fault, tried.faults)),
    }


def _warnings(tried: Tried) -> list[str]:
    """Nothing of a file that was not read."""
    if tried.found is None or tried.read is None:
        return []
    return [
        *warnings(tried.found),
        *undecided(tried.found, tried.read.findings),
        *amountless(tried.read),
    ]


def _format(form: Format) -> dict[str, Any]:
    return {name: getattr(form, name) for name in ("name", "source", "title", "level", "status", "fact")}


def _of_found(found: Recognised) -> dict[str, Any]:
    """What is known where the format is."""
    return {
        "format": _format(found.format),
        "looks_up": _looked_up(found.format.join),
        **_table(found),
    }


def _looked_up(join: Joined | None) -> dict[str, Any] | None:
    """What comes from a file beside it, and of which format that is."""
    if join is None:
        return None
    is_needed = not (join.optional or join.alone)
    return {"format": join.format, "fields": list(join.take), "needed": is_needed}


def _table(found: Recognised) -> dict[str, Any]:
    header = found.header
    return {
        **_kind(found.candidate),
        "header_row": header.record.row,
        "language": header.language,
        "columns": {field: header.record.cells[places[0]] for field, places in header.places.items()},
        "not_read": [*unread_names(found).values()],
    }


def _kind(candidate: Candidate) -> dict[str, Any]:
    decoded = candidate.decoded
    is_text = decoded is not None
    return {
        "kind": candidate.kind,
        "part": candidate.part or None,
        "encoding": None if decoded is None else decoded.encoding,
        "separator": candidate.table.said if is_text else None,
    }


def _account(tried: Tried) -> dict[str, Any] | None:
    account = tried.account
    if account is None:
        return None
    said = {"source": account.source, "entity": account.entity or None, "printed_as": account.printed_as}
    return said | {"lacks_currency": account.currency_code == NO_CURRENCY}


def _read(read: FileRead) -> dict[str, Any]:
    tally = read.tally
    return {
        "currency": _currencies(read.table),
        "numbers": {name: style.name for name, style in read.styles.items()},
        "rows": {
            "in": tally.rows_in,
            "used": tally.rows_used,
            "set_aside": dict(read.dropped),
            "unreadable": tally.rows_quarantined,
        },
        "totals": [
            {"name": each.name, "declared": _plain(each.declared), "computed": _plain(each.computed)}
            for each in read.controls
        ],
        "findings": list(read.findings),
        "first_rows": list(map(_row, read.table.slice(0, 5).to_pylist())),
    }


def _currencies(table: pa.Table) -> list[str]:
    if "currency_code" not in table.column_names:
        return []
    return sorted({code for code in table["currency_code"].to_pylist() if code not in (None, NO_CURRENCY)})


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if value in (None, NO_CURRENCY):
        return None
    if isinstance(value, bool | int):
        return value
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _fault(fault: Fault) -> dict[str, Any]:
    names = ("row", "column", "rows", "expected", "found", "step")
    return {name: getattr(fault, name) for name in names}


def told(trials: Sequence[Trial], *, is_json: bool, is_overview: bool) -> Iterator[str]:
    """All that is printed: a list in JSON, a line for each file, or everything about each."""
    if is_json:
        return iter([json.dumps([*map(_with_help, trials)], ensure_ascii=False, indent=1)])
    return overview(trials) if is_overview else lines_of_all(trials)


def _with_help(trial: Trial) -> dict[str, Any]:
    said, found = described(trial.tried), trial.help
    proposal = found and {"name": found.name, "text": found.text, "read": described(found.tried)}
    return {**said, "proposal": proposal}


def lines_of_all(trials: Sequence[Trial]) -> Iterator[str]:
    """All files for people; with a format that is proposed, the rest is in comments: it is a format file."""
    for at, trial in enumerate(trials):
        yield from [""] if at else []
        if trial.help is None:
            yield from lines_of(trial.tried)
        else:
            yield from _proposed(trial.tried, trial.help)


def _proposed(tried: Tried, proposal: Help) -> Iterator[str]:
    """The format, and above it in comments what comes of the file without it and with it."""
    told = [*lines_of(tried), "", "With the format below:", *lines_of(proposal.tried)]
    yield from (f"# {line}".rstrip() for line in told)
    yield from ("", *proposal.text.rstrip().splitlines())


def lines_of(tried: Tried) -> Iterator[str]:
    """A file for people, in lines of at most 78 columns: two are left for a mark before them."""
    said = described(tried)
    yield from _wrapped(f"{said['file']}: {said['verdict']}", 0)
    for label, text in _facts(said):
        yield from _wrapped(f"{label:{_LABEL}}{text}", _LABEL + 2, first=2)
    if tried.found is not None and tried.read is not None:
        yield from _of_rows(tried.found, tried.read, said)
    yield from _of_faults(said["faults"])


def _finding(finding: str, form: Format) -> str:
    code, reason = parted(finding)
    unsaid = unsaid_by(str(form.fact)).get(code)
    if unsaid:
        return f"no column for {', '.join(unsaid)}: it adds nothing to what is made of them"
    partly = partly_said_by(str(form.fact)).get(code)
    if partly:
        return f"rows without a value for {', '.join(partly)}: they add nothing to what is made of them"
    return _FINDINGS.get(code, code) + reason


def _of_rows(found: Recognised, read: FileRead, said: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", *_first_rows(found, read, said))
    if not (said["rows"]["used"] or said["faults"]):
        sentence = (
            f"no row counts: a run reads {said['month'] or 'its month'} as one in which nothing happened"
        )
        yield from ("", *_wrapped(sentence, 4, first=2))
    if said["totals"]:
        yield from ("", *_totals(said["totals"]))
    for code in said["findings"]:
        yield from _wrapped(f"finding: {_finding(code, found.format)}", 4, first=2)
    for sentence in said["warnings"]:
        yield from _wrapped(f"warning: {sentence}", 4, first=2)


def _facts(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if said["read_by"]:
        yield "read by", f"{said['read_by']}, {said['month']}"
    if said["format"] is not None:
        yield from _of_format(said, said["format"])
        yield from _of_table(said)


def _of_table(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "table", ", ".join(_parts(said))
    yield "account", _whose(said["account"])
    yield "month", f"{said['month'] or _no_month(said)}{_days(said)}"
    if "rows" in said:
        yield "currency", ", ".join(said["currency"]) or _no_currency(said["account"])
        yield "rows", _rows(said["rows"])
    if said["not_read"]:
        yield "not read", _listed(said["not_read"])


def _of_join(join: Mapping[str, Any]) -> str:
    """What is looked up where, and what becomes of a file that is alone."""
    alone = "it cannot be loaded" if join["needed"] else "nothing is said of them"
    return f"{', '.join(join['fields'])} in a file of {join['format']} beside it; without one {alone}"


def _of_format(said: Mapping[str, Any], form: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    level = f", level {form['level']}" if form["level"] else ""
    is_spoken = said["language"] not in ("own", "table")
    yield "format", f"{form['name']}: {form['title']} of {form['source']}"
    yield "status", f"{form['status']}{level}" + (f", header in {_language(said)}" if is_spoken else "")
    if said["looks_up"]:
        yield "looks up", _of_join(said["looks_up"])
    if said["also"]:
        yield "also fits", f"{', '.join(said['also'])} (choose with --as)"
    if not said["platform_told"]:
        yield (
            "platform",
            f"not said: others name all these columns like {form['source']}, so look where it is from",
        )


def _language(said: Mapping[str, Any]) -> str:
    code = str(said["language"])
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code


def _parts(said: Mapping[str, Any]) -> Iterator[str]:
    yield said["kind"]
    if said["part"]:
        yield f"{'file' if 'zip' in said['kind'] else 'sheet'} {said['part']}"
    if said["encoding"]:
        yield f"{said['encoding']}, {said['separator']}"
    # what has keys instead of a header has it in no row
    yield f"header in row {said['header_row']}" if said["header_row"] else "keys of the objects"


def _whose(account: Mapping[str, Any]) -> str:
    entity, name = account["entity"], account["printed_as"]
    both = f"{entity} ({name})" if entity and name else entity or name
    return both or "the file does not say whose it is"


def _days(said: Mapping[str, Any]) -> str:
    return f", days as {_ORDERS[said['days']]}" if said["days"] else ""


def _no_month(said: Mapping[str, Any]) -> str:
    """What stands for the month: a file without rows is read as that of any."""
    return "not known" if said["faults"] else "of whichever its name says"


def _no_currency(account: Mapping[str, Any]) -> str:
    return "not said: name it as currency_code at the account" if account["lacks_currency"] else "none"


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are: a platform's report has dozens."""
    left = len(names) - _MOST_NAMES
    shown = ", ".join(" ".join(name.split()) for name in names[:_MOST_NAMES])
    return shown if left <= 0 else f"{shown} and {left} more (--json has all)"


def _rows(rows: Mapping[str, Any]) -> str:
    parts = [f"{rows['used']} used", *(f"{count} {name}" for name, count in rows["set_aside"].items())]
    if rows["unreadable"]:
        parts.append(f"{rows['unreadable']} cannot be read")
    return f"{rows['in']} below the header: {', '.join(parts)}"


def _first_rows(found: Recognised, read: FileRead, said: Mapping[str, Any]) -> Iterator[str]:
    """The fields that load, where each comes from, and its first values."""
    rows = said["first_rows"][:_SHOWN_ROWS]
    table = [["field", "column", "written", *_heads(read)[: len(rows)]]]
    for field in read.table.column_names:
        values = [_value(row[field]) for row in rows]
        table.append([field, _column(found, field, said), _written(found.format, field, said), *values])
    return _laid_out(table, [16, 19, 9, 14, 14])


def _heads(read: FileRead) -> list[str]:
    """The numbers of the first rows, where each row of the file is one that loads."""
    if len(read.rows) != read.table.num_rows:
        return ["first", "second"]
    return [f"row {number}" for number in read.rows.numbers.slice(0, _SHOWN_ROWS).to_pylist()]


def _value(value: object) -> str:
    return "–" if value is None else str(value)


def _column(found: Recognised, field: str, said: Mapping[str, Any]) -> str:
    rule = found.format.rule(field)
    if field in said["columns"] and not rule.always:
        return str(said["columns"][field])
    rivals = [*filter(None, map(said["columns"].get, rule.one_of))]
    return f"= {' or '.join(rivals)}" if rivals else _made(rule)


def _made(rule: FieldRule) -> str:
    """Where a field is from that has no column of its own."""
    others = [rule.copy_of] if rule.copy_of else [*rule.made_of, *rule.sum_of]
    if others or rule.one_of:
        return f"= {' + '.join(others) or ' or '.join(rule.one_of)}"
    return _TAKEN.get(rule.take or "", "" if rule.constant is None else f"= {rule.constant!r}")


def _written(form: Format, field: str, said: Mapping[str, Any]) -> str:
    kind = kind_of_field(form, field)
    if kind in NUMERIC:
        return str(said["numbers"].get(field, ""))
    return _ORDERS.get(said["days"], "") if kind == "day" and field in said["columns"] else ""


def _totals(totals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    table = [["total", "the file says", "the rows add up to"]]
    table += [[each["name"], each["declared"], each["computed"]] for each in totals[:12]]
    yield from _laid_out(table, [40, 16, 18])
    if len(totals) > 12:
        yield f"  and {len(totals) - 12} more"


def _laid_out(table: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    for row in table:
        cells = [_cut(cell, width) for cell, width in zip(row, widths, strict=False)]
        yield f"  {' '.join(cells)}".rstrip()


def _cut(text: str, width: int) -> str:
    plain = " ".join(text.split())
    return set_cell_size(plain, width) if cell_len(plain) <= width else f"{set_cell_size(plain, width - 1)}…"


def _of_faults(faults: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if faults:
        yield ""
    for number, fault in enumerate(faults, start=1):
        yield from _fault_lines(number, fault)


def _fault_lines(number: int, fault: Mapping[str, Any]) -> Iterator[str]:
    place = ", ".join(_place(fault))
    where = f"{place}: " if place else ""
    yield from _wrapped(f"{number}. {where}expected {fault['expected']}, found {fault['found']}", 3)
    yield from _wrapped(f"→ {fault['step']}", 5, first=3)


def _place(fault: Mapping[str, Any]) -> Iterator[str]:
    if fault["row"]:
        yield f"row {fault['row']}"
    if fault["column"] is not None:
        yield f"column {fault['column']!r}"
    if fault["rows"] > 1:
        yield f"and {fault['rows'] - 1} more rows" if fault["rows"] > 2 else "and one more row"


def _wrapped(text: str, indent: int, *, first: int = 0) -> Iterator[str]:
    """A text in lines, wide characters counted as two columns."""
    lines = Text(text).wrap(console(width=WIDTH), WIDTH - max(indent, first))
    for at, line in enumerate(lines):
        yield f"{' ' * (indent if at else first)}{line.plain}".rstrip()


def overview(trials: Sequence[Trial]) -> Iterator[str]:
    """A line for each file of a folder."""
    table = [["file", "format", "month", "rows", "verdict"]]
    table += [_line(described(trial.tried)) for trial in trials]
    yield from _laid_out(table, [28, 22, 7, 8, 9])
    if any(trial.tried.verdict != "reads" for trial in trials):
        yield "`scorewright try FILE` with one of them says all about it."


def _line(said: Mapping[str, Any]) -> list[str]:
    form, rows = said["format"], said.get("rows")
    return [
        said["file"],
        form["name"] if form else said["read_by"] or "–",
        said["month"] or "–",
        f"{rows['used']}" if rows else "–",
        said["verdict"],
    ]
