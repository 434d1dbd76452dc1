"""What a format file can say: how the rows of somebody's table become rows of a fact.

`docs/reference/formats.md` explains every word with an example. Patterns are regular expressions that must
match the whole cell, in any case.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from etl.account import OwnerKeys
from warehouse.facts import FactSpec, fact_catalog


def _pattern(text: object) -> object:
    if isinstance(text, str):
        try:
            return re.compile(text, re.IGNORECASE)
        except re.error as error:
            raise ValueError(f"a regular expression ({error})") from None
    return text


Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern)]
Kind = Literal["text", "id", "count", "amount", "day", "month", "flag", "currency", "word"]
Style = Literal["english", "german", "french", "swiss", "indian"]
Order = Literal["day_first", "month_first"]
Status = Literal["verified", "code", "assumed"]


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _for_all(value: object) -> object:
    return {"": value} if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Part(BaseModel):
    """A part of a format file: unknown words are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class FieldRule(Part):
    """How one field is read; most need only a name in `headers`, for the fact's column says the rest.

    Where no column is found: `copy` names another field, `made_of` several whose texts are put together,
    `sum_of` several that are added up, `one_of` several of which the only one that the file has counts;
    `constant` is the same for every row, `take` says `entity`, `currency` (of the account) or `month` (the
    first day of the period).
    """

    kind: Annotated[Kind | None, Field(alias="as")] = None
    copy_of: Annotated[str | None, Field(alias="copy")] = None
    made_of: Names = ()
    sum_of: Names = ()
    one_of: Names = ()
    constant: str | None = None
    finding: str | None = None
    """What to tell about the file, as a code, where `constant` stands for what nobody knows."""
    take: Literal["entity", "currency", "month"] | None = None
    always: bool = False
    """Not even looked for among the columns."""
    blank: str | None = None
    """What an empty cell stands for; without it, it is no value."""
    missing: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The platform's words for each value, as patterns; a word that is none of them is refused."""
    counted: str | None = None
    """The field with the kind of what is counted: kinds are never added up with one another."""
    first_of: Names = ()
    """The signs between several values of a cell of which the first counts."""
    extract: Pattern | None = None
    """Only what the group `value` of this pattern finds in the cell."""
    shape: Pattern | None = None
    bounds: tuple[int, int] | None = None
    until: str | None = None
    """The field with the last day of what a row is of: it is the same day, or that of the whole month."""
    at_most: str | None = None
    """Another field that this one may not exceed."""
    only: dict[str, str] = Field(default_factory=dict)
    """Only in rows in which these fields have these values; it has none in the others."""
    due: Annotated[dict[str, str], Field(exclude=True)] = Field(default_factory=dict)
    """Rows in which these fields have these values should have one: a finding tells of those without."""
    together: str | None = None
    """Another field that has a value where this one has, and none where it has none."""
    minus: str | None = None
    times: Decimal = Decimal(1)
    signed: bool | None = None
    zone: str | None = None
    """The zone of times without one."""
    round: bool = False

    @property
    def stands_in(self) -> bool:
        """Whether it says what the field is where there is no column for it."""
        others = (self.copy_of, self.take, self.made_of, self.sum_of, self.one_of)
        return self.constant is not None or any(others)


class RowRule(Part):
    """Rows that are no data: dropped, a total, or parts of other rows; `where` says which.

    `where` has a pattern for each of some fields; `any` stands for all of them, `''` for an empty cell. The
    first of the rules that fits decides.
    """

    drop: str | None = None
    total: str | None = None
    parts: str | None = None
    where: dict[str, Pattern]
    unless: dict[str, Pattern] = Field(default_factory=dict)
    below_header: bool = False
    """Only the row directly below the header."""
    sums: tuple[str, ...] = ()
    """What a total adds up, or what parts add up to; for a total, without it, every number."""
    by: str | None = None
    """The field that parts, or dropped rows, share with the row that they belong to."""
    each: bool = False
    """Whether every value of the columns that its rows have must have such a total."""
    added: bool = False
    """Whether rows of totals are those of parts, such as types of campaigns: together that of all rows."""
    scope: Literal["all", "own"] = "all"
    """Whether a total is that of all rows, or of those with the same words in its row's other columns."""
    excerpt: bool = False
    """Whether such a row says that not all rows are listed: a larger total is a finding then."""
    informs: bool = False
    """A difference is a finding on the card, and never a refusal."""
    overlapping: Annotated[tuple[str, ...], Field(exclude=True)] = ()
    """What several rows may count and a total counts once: only a larger total says that rows are missing."""
    informs_beside: Annotated[str | None, Field(exclude=True)] = None
    """The same in a file that has rows under the rule of this name, such as of what the total also counts."""

    @property
    def name(self) -> str:
        """How the rows are called where they are counted."""
        return next(filter(None, (self.drop, self.total, self.parts)), "")

    @model_validator(mode="after")
    def _one_kind(self) -> RowRule:
        if [self.drop, self.total, self.parts].count(None) != 2:
            raise ValueError("one of drop, total and parts")
        if self.parts is not None and not (self.by and self.sums):
            raise ValueError("by and sums beside parts")
        return self


class Signs(Part):
    """Where an export says whose it is."""

    ids: Names = ()
    """Columns with the account's id."""
    names: Names = ()
    """Columns with the account's name, which the book gives as `printed_as`."""
    line: Pattern | None = None
    """A line above the header with the account's name in the group `name`."""
    within: dict[str, Pattern] = Field(default_factory=dict)
    """Fields of which the group `entity` is the account's id, or the group `name` its `printed_as`."""


class Joined(Part):
    """Rows of another file that are looked up: those whose field `theirs` is the row's field `ours`."""

    format: str
    theirs: str
    ours: str
    optional: bool = False
    """Whether the other file may be missing: nothing is found then."""
    alone: Annotated[bool, Field(exclude=True)] = False
    """The same of a file that used to be refused without the other."""
    take: dict[str, Literal["first", "sum", "same"]]


class Beside(Part):
    """What counts of a file where the pull has one of another level, too: rows with these values alone."""

    levels: Names
    keep: dict[str, str]


class LookAlike(Part):
    """Another table that looks like the format's: `because` says which it is, `instead` what helps."""

    columns: Names
    """Columns that it has, all of them; a pattern in slashes is any column that fits."""
    lacks: Names = ()
    """Fields of the format for which it has no column; a pattern in slashes is any column that it has not."""
    because: str
    instead: str


class Format(Part):
    """A format file."""

    name: str
    source: str
    title: str
    status: Status
    note: str = ""
    fact: str | None = None
    """None where the rows are only looked up by another format of the source."""
    level: str = ""
    reload_days: int = 30
    lookback_months: int = 0
    owner_keys: OwnerKeys = OwnerKeys.IDS
    daily: bool = False
    """Whether a complete month has a row on every day."""
    encodings: tuple[str, ...] = ()
    sheet: Pattern | None = None
    member: Pattern | None = None
    signs: Annotated[Signs, Field(alias="account")] = Signs()
    headers: dict[str, dict[str, Names]]
    optional: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    """Optional fields of which at least one must be there."""
    side_by_side: bool = False
    """Whether it is one of several tables side by side, parted by columns without a header."""
    without: Names = ()
    """Columns that only another format of the source has."""
    not_this: tuple[LookAlike, ...] = ()
    """Tables that are refused with the sentence that helps, even where all columns are there."""
    fields: dict[str, FieldRule] = Field(default_factory=dict)
    missing: tuple[str, ...] = ("", "-", "--", "—", "N/A")
    numbers: Annotated[dict[str, Style], BeforeValidator(_for_all)] = Field(default_factory=dict)
    """How numbers are written, for all languages of the header or for each."""
    days: Order | None = None
    rows: tuple[RowRule, ...] = ()
    totals: Literal["required", "optional"] = "optional"
    tolerance: Literal["exact", "rounded"] = "exact"
    below: Literal["refuse", "ignore", "totals"] = "refuse"
    ends: Annotated[Literal["line break", "open"], Field(exclude=True)] = "line break"
    """What the platform writes after the last row; where it writes nothing, a row with all cells is whole."""
    row_count: Annotated[Pattern | None, Field(exclude=True)] = None
    """A line above or below the table whose group `rows` is how many rows it has."""
    same_key: Literal["refuse", "add", "first"] = "refuse"
    """What rows with the same key are: a fault, parts to be added up, or one row several times."""
    breakdowns: Names = ()
    """Columns that part a row of the fact into several, which are added up; a total may count otherwise."""
    parted_by: tuple[str, ...] = ()
    """Fields below the fact's grain, such as an ad: rows are added up over those that a file has."""
    other_months: Literal["refuse", "set_aside"] = "refuse"
    period: tuple[Pattern, ...] = ()
    """Lines above the header with the groups `start` and `end`, and `rest` for what both share."""
    key: str = ""
    """The field that tells rows apart which are only looked up; those of a fact have the fact's."""
    join: Joined | None = None
    keep: dict[str, str] = Field(default_factory=dict)
    """Only rows in which these fields have these values; the others are set aside."""
    marks: tuple[str, ...] = ()
    """Optional fields with which a pull says a finding of that name; what stands in them is not read."""
    beside: Beside | None = None
    """Without it, files of two levels in one pull are refused, for they have the same amounts."""

    @property
    def spec(self) -> FactSpec:
        """The fact that its rows are of; one without columns where they are only looked up."""
        return _NO_FACT if self.fact is None else fact_catalog()[self.fact]

    @property
    def named(self) -> frozenset[str]:
        """The fields that it has a name of a column for, in any language."""
        return frozenset(chain.from_iterable(self.headers.values()))

    @property
    def standing_in(self) -> tuple[str, ...]:
        """The fields of which it says what they are where they have no column."""
        return tuple(name for name, rule in self.fields.items() if rule.stands_in)

    @property
    def required(self) -> frozenset[str]:
        """The fields without which a header is not this format's."""
        return self.named - {*self.standing_in, *self.optional}

    @property
    def needs_currency(self) -> bool:
        """Whether its amounts are in the account's currency, which no column and no name of one says."""
        rule = self.rule("currency_code")
        has_column = "currency_code" in self.named and not rule.always
        names = chain.from_iterable(map(self.names_of, self.named))
        is_named = has_column or any("(?P<currency>" in name for name in names)
        return rule.take == "currency" and not is_named

    @property
    def part(self) -> re.Pattern[str] | None:
        """What the sheet, or the file inside, is called that it wants; None where it takes any."""
        return self.sheet or self.member

    @property
    def has_several_tables(self) -> bool:
        """Whether tables below the first may have its totals."""
        return self.below == "totals"

    def names_of(self, field: str) -> list[str]:
        """How the columns of a field may be called, in all languages."""
        return [name for fields in self.headers.values() for name in fields.get(field, ())]

    def rule(self, field: str) -> FieldRule:
        """What the file says of a field, which may be nothing."""
        return self.fields.get(field, _PLAIN)


_PLAIN = FieldRule()
_NO_FACT = FactSpec("", grain=(), kind="", dated="", columns=())


def as_said(value: Any) -> Any:
    """A part of a format in plain words, for its hash: patterns as their texts."""
    if isinstance(value, BaseModel | dict):
        return {str(key): as_said(each) for key, each in dict(value).items() if not _is_no_matter(value, key)}
    if isinstance(value, list | tuple):
        return [*map(as_said, value)]
    return value.pattern if isinstance(value, re.Pattern) else str(value)


def _is_no_matter(value: BaseModel | dict[str, Any], key: str) -> bool:
    """Whether a word only says which files are refused, and changes no row that was read."""
    return isinstance(value, BaseModel) and bool(type(value).model_fields[key].exclude)
