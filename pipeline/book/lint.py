"""The faults that no single line shows: things that must fit each other across the book's files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from etl.sources import registry
from etl.warehouse import UNASSIGNED, measure_catalog
from pipeline.book.draft import Draft, KpiFile
from pipeline.book.fault import Fault
from pipeline.book.targetfile import TargetRow
from pipeline.book.yamlfile import YamlFile
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.kpi import RuleSpec
from scoring.rules import rule_of

HUNDRED = Decimal(100)


def lint(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in the book; only the parts that could be read are held against each other."""
    yield from _grading(draft)
    yield from _sources(draft)
    for entry in draft.kpis.values():
        yield from _kpi(draft, entry)
    yield from _teams(draft)
    yield from _targets(draft)


def _grading(draft: Draft) -> Iterator[Fault]:
    grading = draft.grading
    if grading and grading.amber >= grading.green:
        yield draft.files["grading.yaml"].fault(
            ("amber",), f"amber: expected less than green {grading.green}, found {grading.amber}"
        )


def _sources(draft: Draft) -> Iterator[Fault]:
    for source, shape in draft.sources.items():
        file = draft.files["sources.yaml"]
        if source not in registry():
            yield file.fault(
                (source,), f"expected one of the sources {', '.join(registry())}, found {source!r}"
            )
        seen: set[str] = set()
        for index, account in enumerate(shape.accounts):
            if account.entity in seen:
                yield file.fault(
                    (source, "accounts", index, "entity"),
                    f"expected each account of {source} once, found {account.entity!r} again",
                )
            seen.add(account.entity)
            if source in registry() and len(account.files) != registry()[source].FILES:
                yield file.fault(
                    (source, "accounts", index, "files"),
                    f"files: expected {registry()[source].FILES} patterns for {source}, "
                    f"found {len(account.files)}",
                )


def _kpi(draft: Draft, entry: KpiFile) -> Iterator[Fault]:
    file, kpi = entry.file, entry.kpi
    if draft.organisation and kpi.area not in draft.organisation.areas:
        areas = ", ".join(draft.organisation.areas)
        yield file.fault(("area",), f"area: expected one of {areas}, found {kpi.area!r}")
    try:
        for name in Formula.parse(kpi.formula).names:
            if name not in measure_catalog():
                yield file.fault(
                    ("formula",), f"formula: expected measures that sql/measures/ has, found {name!r}"
                )
    except BookError as error:
        yield file.fault(("formula",), str(error))
    try:
        rule_of(rule_spec(kpi.rule))
    except BookError as error:
        yield file.fault(("rule",), str(error))


def rule_spec(content: dict[str, object]) -> RuleSpec:
    """The `rule:` entry of a KPI: its name, and all else as parameters."""
    params = {key: value for key, value in content.items() if key != "name"}
    return RuleSpec(str(content.get("name", "")), params)


def _teams(draft: Draft) -> Iterator[Fault]:
    file = draft.files["teams.yaml"]
    shares: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    places: dict[tuple[str, str, str], tuple[str | int, ...]] = {}
    addresses: dict[str, str] = {}
    for team_id, team in draft.teams.items():
        if team_id == UNASSIGNED:
            yield file.fault((team_id,), f"expected another id, found {UNASSIGNED!r}, which means no team")
        other = addresses.setdefault(team.manager.email.lower(), team.manager.name)
        if other != team.manager.name:
            yield file.fault(
                (team_id, "manager", "email"),
                f"expected one person behind {team.manager.email}, found {other} and {team.manager.name}",
            )
        for index, owned in enumerate(team.owns):
            place = (team_id, "owns", index)
            yield from _owned_account(draft, file, place, owned.source, owned.entity)
            for key in owned.keys:
                slot = (owned.source, owned.entity, key)
                shares[slot] += owned.share
                places[slot] = place
    for slot, share in shares.items():
        if share != 1:
            source, entity, key = slot
            yield file.fault(
                places[slot],
                f"expected the shares of {source}/{entity} {key!r} to sum to 1, found {share}",
            )


def _owned_account(
    draft: Draft, file: YamlFile, place: tuple[str | int, ...], source: str, entity: str
) -> Iterator[Fault]:
    if not draft.sources:
        return
    accounts = draft.sources[source].accounts if source in draft.sources else ()
    if entity not in {account.entity for account in accounts}:
        yield file.fault(place, f"expected an account that sources.yaml has, found {source}/{entity}")


def _targets(draft: Draft) -> Iterator[Fault]:
    by_team: defaultdict[str, list[TargetRow]] = defaultdict(list)
    for row in draft.targets:
        if row.target.team_id not in draft.teams:
            yield row.fault(f"team: expected one that teams.yaml has, found {row.target.team_id!r}")
        elif row.target.kpi_id not in draft.kpis:
            yield row.fault(f"kpi: expected one that kpis/ has, found {row.target.kpi_id!r}")
        else:
            by_team[row.target.team_id].append(row)
    for rows in by_team.values():
        overlaps = list(_overlaps(rows))
        yield from overlaps or _weights(rows)
    for team_id in draft.teams:
        if team_id not in by_team:
            yield draft.files["teams.yaml"].fault((team_id,), f"expected targets for {team_id}, found none")


def _overlaps(rows: list[TargetRow]) -> Iterator[Fault]:
    """The same KPI twice on one day."""
    ordered = sorted(rows, key=lambda row: (row.target.kpi_id, row.target.valid_from, row.file, row.line))
    for earlier, later in pairwise(ordered):
        same = earlier.target.kpi_id == later.target.kpi_id
        if same and later.target.valid_from < earlier.target.valid_until:
            yield later.fault(
                f"{later.target.team_id} {later.target.kpi_id}: expected valid_from no earlier than "
                f"{earlier.target.valid_until}, where {earlier.file}:{earlier.line} ends, "
                f"found {later.target.valid_from}"
            )


def _weights(rows: list[TargetRow]) -> Iterator[Fault]:
    """Weights that do not sum to 100 on some day; said once for each stretch of days."""
    edges = sorted({day for row in rows for day in (row.target.valid_from, row.target.valid_until)})
    for day, until in pairwise(edges):
        valid = [row for row in rows if row.target.valid_from <= day < row.target.valid_until]
        total = sum((row.target.weight for row in valid), Decimal(0))
        if valid and total != HUNDRED:
            yield max(valid, key=lambda row: (row.target.valid_from, row.file, row.line)).fault(
                f"{valid[0].target.team_id}: expected weights that sum to 100 from {day} to {until}, "
                f"found {total}"
            )
