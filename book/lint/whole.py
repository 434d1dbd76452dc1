"""Faults that no single line shows: things that must fit together across the book's files.

Only parts that could be read are compared: a mistake is reported once, where it is, and not again by
everything that depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from book.advice import with_advice
from book.fault import Fault
from book.files.draft import Draft
from book.files.kpi_files import KpiFile
from book.files.shapes import AccountShape
from book.files.yaml_file import Place, YamlFile
from book.lint.accounts import lint_account
from book.lint.approval import lint_approval
from book.lint.areas import lint_caps
from book.lint.calibration import lint_calibration
from book.lint.check_ins import lint_check_ins
from book.lint.comments import lint_comments
from book.lint.conditional import lint_conditional
from book.lint.deprecated import lint_deprecated
from book.lint.directions import lint_direction
from book.lint.fiscal import lint_calendar
from book.lint.grading import lint_grading
from book.lint.judged import lint_judged
from book.lint.languages import lint_languages
from book.lint.members import lint_members
from book.lint.okrs import lint_okrs
from book.lint.parts import lint_parts
from book.lint.reach import lint_reach
from book.lint.rules import readable_rule
from book.lint.targets import lint_targets
from book.lint.teams import lint_teams
from book.lint.units import lint_condition_units, lint_formula_units
from scoring.arithmetic import ONE
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.kpi import Direction, Method, Unit
from scoring.rules import RULES, Case, Needs, Rule, rule_of
from scoring.spans import split_name
from scoring.working import Working
from warehouse import measure_catalog


def lint(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in the book."""
    yield from lint_languages(draft)
    yield from lint_caps(draft)
    yield from lint_grading(draft)
    yield from lint_conditional(draft)
    yield from lint_calendar(draft)
    yield from lint_calibration(draft)
    yield from _sources(draft)
    yield from _patterns(draft)
    for entry in draft.kpis.values():
        yield from _area(draft, entry)
        yield from _rule(entry)
        yield from _baseline(entry)
        yield from _complement(entry)
        yield from _at_zero(entry)
        yield from lint_direction(entry)
        yield from lint_parts(entry)
    yield from lint_teams(draft)
    yield from lint_members(draft)
    yield from lint_targets(draft)
    yield from lint_deprecated(draft)
    yield from lint_okrs(draft)
    yield from lint_check_ins(draft)
    yield from lint_comments(draft)
    yield from lint_approval(draft)
    yield from lint_reach(draft)


def _sources(draft: Draft) -> Iterator[Fault]:
    file = draft.files["sources.yaml"]
    yield from _unknown_sources(draft, file)
    yield from _doubled(draft, file)
    for source, place, account in _accounts(draft):
        yield from lint_account(file, place, draft.known_sources.get(source), account, draft.platforms)


def _unknown_sources(draft: Draft, file: YamlFile) -> Iterator[Fault]:
    unknown = (draft.source_ids or frozenset()) - draft.known_sources.keys()
    for source in unknown if draft.are_all_sources_known else ():
        yield file.fault(
            (source,),
            f"expected one of the sources {', '.join(draft.known_sources)}, found {source!r}; correct it",
        )


def _accounts(draft: Draft) -> Iterator[tuple[str, Place, AccountShape]]:
    """Every account with its source, and its place in sources.yaml."""
    for source, shape in draft.sources.items():
        for index, account in enumerate(shape.accounts):
            yield source, (source, "accounts", index), account


def _doubled(draft: Draft, file: YamlFile) -> Iterator[Fault]:
    seen = set()
    for source, place, account in _accounts(draft):
        if (source, account.entity) in seen:
            yield file.fault(
                (*place, "entity"),
                f"{source}: expected each account once, found {account.entity!r} again; remove one",
            )
        seen.add((source, account.entity))


def _patterns(draft: Draft) -> Iterator[Fault]:
    """One file read for two accounts would count twice."""
    file = draft.files["sources.yaml"]
    seen: dict[str, str] = {}
    for source, place, account in _accounts(draft):
        name = f"{source}.{account.entity}"
        for number, pattern in enumerate(account.files):
            if pattern in seen:
                yield file.fault(
                    (*place, "files", number),
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


def _rule(entry: KpiFile) -> Iterator[Fault]:
    """The rule, and the formula that it needs or does not need."""
    try:
        rule = rule_of(entry.kpi.rule_spec())
    except BookError as error:
        yield entry.file.fault(("rule",), with_advice(error, "correct the rule"))
        yield from _formula(entry)
        return
    if rule.needs in (Needs.EVENTS, Needs.LEVEL):
        yield from lint_judged(entry, rule.needs)
    elif rule.needs is Needs.CONDITIONS:
        yield from _conditions(entry, rule)
    else:
        yield from _formula(entry)


def _conditions(entry: KpiFile, rule: Rule) -> Iterator[Fault]:
    yield from _measures(entry, "rule", rule.names)
    yield from lint_condition_units(entry, rule)
    if entry.kpi.formula is not None:
        yield entry.file.fault(
            ("formula",),
            "formula: expected none, because the rule's conditions have their own, "
            f"found {entry.kpi.formula!r}; remove it",
        )


def _formula(entry: KpiFile) -> Iterator[Fault]:
    if entry.kpi.formula is not None:
        yield from _stated_formula(entry, entry.kpi.formula)
    # a KPI of days without a formula is a milestone
    elif _is_over_targets(entry) and entry.kpi.unit is not Unit.DAYS:
        yield entry.file.fault(("formula",), "formula: expected a value, found none; add it")


def _stated_formula(entry: KpiFile, text: str) -> Iterator[Fault]:
    try:
        names = Formula.parse(text).names
    except BookError as error:
        yield entry.file.fault(("formula",), with_advice(error, "correct the formula"))
        return
    yield from _measures(entry, "formula", names)
    yield from lint_formula_units(entry)


def _is_over_targets(entry: KpiFile) -> bool:
    """Whether the rule scores a formula's value against a target; an unknown rule is assumed to."""
    kind = RULES.get(str(entry.kpi.rule.get("name")))
    return kind is None or kind.rule.needs is Needs.TARGET


def _baseline(entry: KpiFile) -> Iterator[Fault]:
    how = entry.kpi.attainment
    if (how.method is Method.BASELINE) != (how.baseline is not None):
        yield entry.file.fault(
            ("attainment",),
            "attainment: expected a baseline with the method baseline, and only with it, "
            f"found the method {how.method} {'with one' if how.baseline is not None else 'without one'}; "
            "correct one of them",
        )


def _complement(entry: KpiFile) -> Iterator[Fault]:
    if entry.kpi.attainment.method is Method.COMPLEMENT and entry.kpi.direction is not Direction.LOWER:
        yield entry.file.fault(
            ("attainment", "method"),
            "attainment: expected the method complement only where lower is better, "
            f"found direction {str(entry.kpi.direction)!r}; correct one of them",
        )


def _at_zero(entry: KpiFile) -> Iterator[Fault]:
    how = entry.kpi.attainment
    if how.at_zero is None:
        return
    if (how.method, entry.kpi.direction) == (Method.QUOTIENT, Direction.LOWER):
        yield from _less_for_none(entry, how.at_zero)
    else:
        yield entry.file.fault(
            ("attainment", "at_zero"),
            "attainment: expected at_zero only with the method quotient where lower is better, "
            f"found the method {how.method} and direction {str(entry.kpi.direction)!r}; remove it",
        )


def _less_for_none(entry: KpiFile, at_zero: Decimal) -> Iterator[Fault]:
    """A single one could attain anything, so a result of none must score the most that there is."""
    rule = readable_rule(entry.kpi)
    if rule is None or rule.needs is not Needs.TARGET:
        return
    scored = rule.score(Case(Direction.LOWER, Decimal(0), ONE, at_zero))
    if isinstance(scored, Working) and scored.result < rule.best:
        yield entry.file.fault(
            ("attainment", "at_zero"),
            f"attainment.at_zero: expected what scores {rule.best}, the most, because none is better than "
            f"any other result, found {at_zero}, which scores {scored.result}; raise it",
        )


def _measures(entry: KpiFile, key: str, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        if split_name(name)[0] not in measure_catalog():
            yield entry.file.fault(
                (key,), f"{key}: expected measures of sql/measures/, found {name!r}; correct it"
            )
