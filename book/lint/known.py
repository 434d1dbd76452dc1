"""Names that must be known elsewhere in the book."""

from __future__ import annotations

from collections.abc import Collection

from book.files.dictionary import USES, dictionary

ONE_OF_KPIS = f"one of kpis/ or of `{USES}`"


def is_unknown(name: str, known: Collection[str] | None) -> bool:
    """Whether nothing has that name; `known` is None where what lists the names could not be read."""
    return known is not None and name not in known


def kpi_todo(kpi_id: str) -> str:
    """What to do about a KPI that the book has not: one of the dictionary only has to be used."""
    return f"add it to `{USES}` of organisation.yaml" if kpi_id in dictionary() else "correct it"
