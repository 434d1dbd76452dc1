"""A first run in the process that will fork, so that no child finds anything out that is always the same."""

from __future__ import annotations

from etl.reading.days import month_of
from pipeline.preparing import prepare
from pipeline.steps.gather import gather_source
from pipeline.steps.known import known_of
from tests.faults.dumps import dump
from tests.faults.forks import forked
from tests.faults.place import FIRST_RUN, Place
from tests.pipeline.exports import OCTOBER


def rehearse(place: Place) -> None:
    """Everything that a run does in a new place, but for loading, which would leave threads: a child does it.

    The SQL of every file is translated then, and the templates of mails and the names of months are read.
    """
    month_of("October")
    prepare(place.open(), OCTOBER)
    loaded = forked(lambda: _load(place))
    ended = place.run()
    if loaded.code or loaded.broken or ended["code"]:
        raise RuntimeError(f"the first run ended with {loaded} and {ended}")
    dump(place)


def _load(place: Place) -> None:
    site = place.open()
    known = known_of(site, site.book.source_names, [OCTOBER])
    for source in site.book.source_names:
        gather_source(site, OCTOBER, source, known, now=lambda: FIRST_RUN)
