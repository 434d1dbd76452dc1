"""The faults that no single line shows: things that must fit each other across the book's files.

Only parts that could be read are held against each other: a mistake is reported where it stands, and
not once more by everything that leans on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.sources import registry
from etl.sources.fx_rates import BASE
from etl.warehouse import measure_catalog
from pipeline.book.draft import Draft, KpiFile
from pipeline.book.fault import Fault
from pipeline.book.targetlint import lint_targets
from pipeline.book.teamlint import lint_teams
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.kpi import RuleSpec
from scoring.rules import rule_of
from scoring.rules.all_or_some import AllOrSome


def lint(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in the book."""
    yield from _currency(draft)
    yield from _grading(draft)
    yield from _sources(draft)
    yield from _patterns(draft)
    for entry in draft.kpis.values():
        yield from _area(draft, entry)
        yield from _formula(entry)
        yield from _rule(entry)
    yield from lint_teams(draft)
    yield from lint_targets(draft)


def _currency(draft: Draft) -> Iterator[Fault]:
    """Amounts are converted to the currency that the rates are given in, whatever the book says."""
    code = draft.organisation.currency_code if draft.organisation else BASE
    if code != BASE:
        yield draft.files["organisation.yaml"].fault(
            ("currency_code",),
            f"currency_code: expected {BASE}, which exchange rates are given in, found {code!r}; correct it",
        )


def _grading(draft: Draft) -> Iterator[Fault]:
    grading = draft.grading
    if grading and grading.amber >= grading.green:
        yield draft.files["grading.yaml"].fault(
            ("amber",), f"amber: expected less than green {grading.green}, found {grading.amber}; correct one"
        )


def _sources(draft: Draft) -> Iterator[Fault]:
    file = draft.files["sources.yaml"]
    for source in draft.source_ids or ():
        if source not in registry():
            yield file.fault(
                (source,),
                f"expected one of the sources {', '.join(registry())}, found {source!r}; correct it",
            )
    for source, shape in draft.sources.items():
        seen: set[str] = set()
        for index, account in enumerate(shape.accounts):
            place = (source, "accounts", index)
            if account.entity in seen:
                yield file.fault(
                    (*place, "entity"),
                    f"{source}: expected each account once, found {account.entity!r} again; remove one",
                )
            seen.add(account.entity)
            if source in registry() and len(account.files) != registry()[source].FILES:
                yield file.fault(
                    (*place, "files"),
                    f"{source}.{account.entity}.files: expected {registry()[source].FILES} "
                    f"(see etl/sources/{source}.py), found {len(account.files)}; correct the list",
                )


def _patterns(draft: Draft) -> Iterator[Fault]:
    """One file read for two accounts would count twice."""
    file = draft.files["sources.yaml"]
    seen: dict[str, str] = {}
    for source, shape in draft.sources.items():
        for index, account in enumerate(shape.accounts):
            name = f"{source}.{account.entity}"
            for number, pattern in enumerate(account.files):
                if pattern in seen:
                    yield file.fault(
                        (source, "accounts", index, "files", number),
                        f"{name}: expected files of its own, found {pattern!r}, which {seen[pattern]} "
                        "reads, too; correct one",
                    )
                seen.setdefault(pattern, name)


def _area(draft: Draft, entry: KpiFile) -> Iterator[Fault]:
    known, area = draft.area_ids, entry.kpi.area
    if known and area not in known:
        yield entry.file.fault(
            ("area",), f"area: expected one of {', '.join(sorted(known))}, found {area!r}; correct it"
        )


def _formula(entry: KpiFile) -> Iterator[Fault]:
    try:
        names = Formula.parse(entry.kpi.formula).names
    except BookError as error:
        yield entry.file.fault(("formula",), _with_advice(error, "correct the formula"))
        return
    yield from _measures(entry, "formula", names)


def _rule(entry: KpiFile) -> Iterator[Fault]:
    try:
        rule = rule_of(rule_spec(entry.kpi.rule))
    except BookError as error:
        yield entry.file.fault(("rule",), _with_advice(error, "correct the rule"))
        return
    if isinstance(rule, AllOrSome):
        yield from _measures(entry, "rule", rule.names)


def _measures(entry: KpiFile, key: str, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        if name not in measure_catalog():
            yield entry.file.fault(
                (key,), f"{key}: expected measures of sql/measures/, found {name!r}; correct it"
            )


def rule_spec(content: dict[str, object]) -> RuleSpec:
    """The `rule:` entry of a KPI: its name, and all else as parameters."""
    params = {key: value for key, value in content.items() if key != "name"}
    return RuleSpec(str(content.get("name", "")), params)


def _with_advice(error: BookError, advice: str) -> str:
    text = str(error).rstrip(".")
    return text if ";" in text else f"{text}; {advice}"
