"""What is loaded and refused before a step looks at the exports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from book.history import months_of
from pipeline.site import Site
from scoring.period import Period
from warehouse import Content, Refusal, Slice, contents_in, refusals


@dataclass(frozen=True, slots=True)
class Known:
    """What slices were last loaded from, and which exports were refused."""

    contents: Mapping[Slice, Content]
    refusals: Sequence[Refusal]

    def refused_by(self, step: str, looked_at: Collection[Slice]) -> set[Refusal]:
        """What `step` refused of these slices when it last looked at them."""
        return {each for each in self.refusals if each.step == step and each.slice in looked_at}


def known_of(site: Site, sources: Iterable[str], periods: Sequence[Period]) -> Known:
    """What is known of the months that cards of `periods` need, asked once for all of these sources."""
    months = sorted(set[Period]().union(*(months_of(site.book, source, periods) for source in sources)))
    with site.warehouse.opened():
        return Known(contents_in(site.warehouse, months), refusals(site.warehouse, months))
