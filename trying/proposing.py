"""Proposes a format for a file of none: YAML to look over and to save in a book's folder `formats`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from textwrap import wrap

import yaml

from etl.formats.definition import Format
from etl.formats.library import format_in
from etl.formats.recognition import Names
from etl.landing import LandedFile
from etl.reading.document import candidates
from scoring.errors import BadFileError
from scoring.period import Period
from trying.guessing import BY_CELLS, TOTAL, WANTED, Guess, Unknown, Wanted, guesses, unknown_table
from trying.tried import Fault, Tried, try_file

_LANGUAGE = "own"
_KEYS: Mapping[str, str] = {
    "fct_ad_daily": "ids",
    "fct_web_daily": "shared",
    "fct_social_post": "shared",
    "fct_page_daily": "shared",
}
_CALLED: Mapping[str, str] = {
    "fct_ad_daily": "ad spend",
    "fct_web_daily": "web traffic",
    "fct_social_post": "posts",
    "fct_page_daily": "followers",
    "fct_survey_response": "survey responses",
    "fct_sale": "orders",
    "fct_lead": "leads",
}
_AMOUNTS = frozenset({"spend", "revenue", "amount", "deal_amount"})
_ADDED = ("fct_ad_daily", "fct_web_daily")
_CURRENCY_IN_NAME = re.compile(r"(.*)\b(EUR|USD|GBP|CHF|CNY|JPY|CAD|AUD|SEK|NOK|DKK|PLN|INR|BRL)\b(.*)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A format for a file: its `name`, its text, and how the file reads by it."""

    name: str
    text: str
    format: Format
    tried: Tried


def propose(
    file: LandedFile, known: Iterable[str], name: str | None = None, month: Period | None = None
) -> Proposal | None:
    """A format for a file that has none; None where there is no table, or none that a fact could be made of.

    `known` are the names of sources, which it does not take; `name` is that of the file it will be saved in.
    """
    draft = _draft(file, known, name)
    return None if draft is None else _fitted(file, draft, month)


def _draft(file: LandedFile, known: Iterable[str], name: str | None) -> _Draft | None:
    with suppress(BadFileError):
        table = unknown_table(candidates(file))
        if table is not None and (found := guesses(table)):
            fact, guessed = found
            source = _source(name or file.name, known, fact)
            return _Draft(file.name, name or source, source, fact, table, tuple(guessed))
    return None


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the text of a format is made of; `also` are settings found by reading the file."""

    file: str
    name: str
    source: str
    fact: str
    table: Unknown
    guessed: tuple[Guess, ...]
    also: tuple[tuple[str, str, str], ...] = ()

    @property
    def text(self) -> str:
        """The YAML."""
        parts = (_top(self), _headers(self), _fields(self), _settings(self), _rest(self))
        return "\n".join(chain(*parts)) + "\n"

    @property
    def field_of(self) -> dict[str, str]:
        """The field of each column that has one."""
        return {guess.column.name: guess.wanted.field for guess in self.guessed}


def _fitted(file: LandedFile, draft: _Draft, month: Period | None) -> Proposal:
    """The draft with those settings without which the file would not read."""
    first = _proposal(file, draft, month)
    also = tuple(_also(first, draft))
    return _proposal(file, replace(draft, also=also), month) if also else first


def _proposal(file: LandedFile, draft: _Draft, month: Period | None) -> Proposal:
    form = format_in(draft.name, draft.text)
    return Proposal(draft.name, draft.text, form, try_file(file, [Names(form)], month=month))


def _also(first: Proposal, draft: _Draft) -> Iterator[tuple[str, str, str]]:
    """What reading shows: days of several months, rows that are one in the fact."""
    return chain.from_iterable(map(partial(_settings_for, draft.fact), first.tried.faults))


def _settings_for(fact: str, fault: Fault) -> Iterator[tuple[str, str, str]]:
    """The settings of a format without which there is a fault."""
    if fault.expected.startswith("a day of "):
        yield "other_months", "set_aside", "the file has days of several months"
    if fault.found.startswith("a second one for ") and fact in _ADDED:
        yield "same_key", "add", "several rows are of one day and campaign or channel: they are added up"
    if fault.found == "a blank row and something below it":
        yield "below", "ignore", "what follows a blank row is no data"


def _top(draft: _Draft) -> Iterator[str]:
    what = _CALLED[draft.fact]
    yield from comment(
        f"Proposed from {draft.file}: {what}. Everything marked as a guess is one: look at it, correct "
        f"it, and save the file as formats/{draft.name}.yaml in your book. Then sources.yaml can name an "
        f"account of {draft.source}."
    )
    yield f"source: {draft.source}"
    yield f"title: {scalar(what)}"
    yield "status: assumed"
    yield f"fact: {draft.fact}  # a guess by the columns"
    yield f"owner_keys: {_KEYS.get(draft.fact, 'names')}"
    decoded = draft.table.candidate.decoded
    if decoded is not None and not decoded.encoding.startswith("utf"):
        yield f"encodings: [{decoded.encoding}]"


def _headers(draft: _Draft) -> Iterator[str]:
    yield "headers:"
    yield f"  {_LANGUAGE}:"
    for guess in draft.guessed:
        name, note = _named(guess)
        yield f"    {guess.wanted.field}: {name}  # a guess {guess.why}{note}"
    label = draft.table.label
    if label is not None and label.name not in draft.field_of:
        yield f"    label: {scalar(label.name)}  # says which rows are totals"


def _named(guess: Guess) -> tuple[str, str]:
    """The name of a column, as a pattern where there is a currency in it; and what to think of."""
    match = _CURRENCY_IN_NAME.fullmatch(guess.column.name)
    if match is None or guess.wanted.kind != "amount":
        return scalar(guess.column.name), _note(guess)
    before, after = re.escape(match[1]), re.escape(match[3])
    return scalar(f"/{before}(?P<currency>[A-Z]{{3}}){after}/".replace("\\ ", " ")), _note(guess)


def _note(guess: Guess) -> str:
    if not guess.wanted.is_id or guess.why != BY_CELLS:
        return ""
    is_mail = guess.column.has_addresses
    return "; rather have an id in the export than addresses" if is_mail else ": all are different"


def _fields(draft: _Draft) -> Iterator[str]:
    yield "fields:"
    yield from (f"  {each.wanted.field}: {each.wanted.rule}" for each in draft.guessed if each.wanted.rule)
    yield from _fields_without_column(draft)


def _fields_without_column(draft: _Draft) -> Iterator[str]:
    has = {*draft.field_of.values()}
    for wanted in WANTED[draft.fact]:
        rule = _stand_in(wanted, has)
        if rule:
            yield f"  {wanted.field}: {rule}{_why(draft, rule)}"


def _stand_in(wanted: Wanted, has: set[str]) -> str:
    """What a field without a column is; nothing where it has one, or may be without a value."""
    is_of_nothing = wanted.field == "currency_code" and "lead_id" in has and not has & _AMOUNTS
    return "" if wanted.field in has or is_of_nothing else wanted.stands_in


def _why(draft: _Draft, rule: str) -> str:
    if rule.startswith("{take: currency"):
        is_said = any("currency>" in _named(guess)[0] for guess in draft.guessed)
        return "  # the column's name says it" if is_said else "  # name it at the account"
    return "" if rule.startswith("{take") else "  # no column for it"


def _settings(draft: _Draft) -> Iterator[str]:
    for name, value, why in draft.also:
        yield f"{name}: {value}  # {why}"
    label = draft.table.label
    if label is not None:
        field = draft.field_of.get(label.name, "label")
        optional = " and is left out below" if field == "label" else ""
        yield f"rows:  # the word for a total stands in {scalar(label.name)}{optional}"
        yield f"  - {{total: total, where: {{{field}: {scalar(TOTAL.pattern)}}}}}"


def _rest(draft: _Draft) -> Iterator[str]:
    left = [each.name for each in draft.table.columns if each.name not in draft.field_of]
    yield from not_read(left)


def not_read(names: Sequence[str]) -> list[str]:
    """The columns that no field reads, as a comment: nothing is left out without a word."""
    return comment(f"Not read: {', '.join(names)}.") if names else []


def comment(text: str) -> list[str]:
    """A text as comments of at most 78 columns."""
    return wrap(_printable(text), 78, initial_indent="# ", subsequent_indent="# ", break_long_words=False)


def _printable(text: str) -> str:
    """Without what a header's name is compared without: soft hyphens, marks, blanks of all kinds."""
    return "".join(filter(str.isprintable, " ".join(text.split())))


def scalar(text: str) -> str:
    """A text as YAML has it, quoted where it must be; also within braces and brackets."""
    dumped = yaml.safe_dump([_printable(text)], allow_unicode=True, default_flow_style=True, width=10_000)
    return str(dumped.strip()[1:-1])


def _source(name: str, known: Iterable[str], fact: str) -> str:
    """A name for the source, from the file's own without months and numbers."""
    plain = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name.rpartition("/")[2]).casefold()
    found = "_".join(re.findall("[a-z]{2,}", plain))[:40].strip("_") or _CALLED[fact].replace(" ", "_")
    return f"own_{found}" if found in set(known) else found
