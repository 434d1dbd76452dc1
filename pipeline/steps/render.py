"""Turn drafted cards into documents."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from archive.cards import CardRef, CardStore
from archive.documents import draw
from killpoints import reach
from pipeline.site import Site
from pipeline.steps.seconds import Seconds
from reports.undrawable import UndrawableError
from scoring.errors import ScorewrightError

log = logging.getLogger(__name__)


def render(site: Site, name: str) -> str:
    """Render the card called `name` (`2026-10/eu-brand/r1`) and keep its documents; returns `name`.

    The same card gives the same bytes; issued documents that still exist are not redrawn.
    """
    took, ref = Seconds(), CardRef.parse(name)
    store = site.cards
    if not _is_issued(site, store, ref):
        card = store.read_card(ref)
        drawn = draw(card)
        reach("render.drawn")
        store.write_documents(card, drawn)
        reach("render.kept")
        log.info("render: %s (%s), %s", name, card.team_name.en, took)
    else:
        log.info("render: %s is issued as it is, %s", name, took)
    return name


def render_each(site: Site, names: Iterable[str], undrawn: list[ScorewrightError]) -> Iterator[str]:
    """Render cards one after another; those that would lose a character are added to `undrawn` instead.

    Nothing waits for them: they are not issued, and the run tells of them at its end.
    """
    for name in names:
        try:
            yield render(site, name)
        except UndrawableError as error:
            log.warning("render: %s is not drawn, and will not be issued", name)
            undrawn.append(error)


def _is_issued(site: Site, store: CardStore, ref: CardRef) -> bool:
    issue = site.ledger.latest_revision(ref.period, ref.team_id)
    return (
        issue is not None
        and issue.revision == ref.revision
        and store.path(ref, "drawn").exists()
        and all(store.read_issued(ref, document) is not None for document in issue.documents)
    )
