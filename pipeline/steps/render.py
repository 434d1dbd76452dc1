"""Turn drafted cards into documents."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from archive.cards import CardRef, CardStore
from archive.documents import draw
from archive.drawing import Drawing, UnfinishedError, drawings
from killpoints import reach
from pipeline.site import Site
from pipeline.steps.seconds import Seconds
from reports.undrawable import UndrawableError
from scoring.errors import ScorewrightError
from scoring.scorecard import Scorecard

log = logging.getLogger(__name__)


def render(site: Site, name: str) -> str:
    """Render the card called `name` (`2026-10/eu-brand/r1`) and keep its documents; returns `name`.

    The same card gives the same bytes; issued documents that still exist are not redrawn.
    """
    card = _to_draw(site, name)
    return _kept(site, name, card, lambda: draw(card) if card else {})


def _kept(site: Site, name: str, card: Scorecard | None, drawing: Drawing) -> str:
    took = Seconds()
    if card is not None:
        drawn = drawing()
        reach("render.drawn")
        site.cards.write_documents(card, drawn)
        reach("render.kept")
    of = "is issued as it is" if card is None else f"({card.team_name.en})"
    log.info("render: %s %s, %s", name, of, took)
    return name


def render_each(
    site: Site, names: Iterable[str], undrawn: list[ScorewrightError], among: int = 0
) -> Iterator[str]:
    """Render cards one after another, many in several processes; those that would lose a character, or come
    to no end, are added to `undrawn` instead.

    They are not issued, and the run tells of them at its end. `among`: how many cards there are in all.
    """
    cards = (((name, card), card) for name in names for card in [_to_draw(site, name)])
    for (name, card), drawing in drawings(cards, among):
        try:
            yield _kept(site, name, card, drawing)
        except (UndrawableError, UnfinishedError) as error:
            log.warning("render: %s is not drawn, and will not be issued", name)
            undrawn.append(error)


def _to_draw(site: Site, name: str) -> Scorecard | None:
    """The card, unless it is issued as it is."""
    ref = CardRef.parse(name)
    return None if _is_issued(site, site.cards, ref) else site.cards.read_card(ref)


def _is_issued(site: Site, store: CardStore, ref: CardRef) -> bool:
    issue = site.ledger.latest_revision(ref.period, ref.team_id)
    return issue is not None and issue.revision == ref.revision and store.has_documents(issue)
