"""The pages of a published archive of cards. Each is whole in itself: it fetches nothing at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain

from reports import palette
from reports.directions import set_texts_apart
from reports.periods import PeriodNames
from reports.presenting.published import (
    DocumentCopy,
    Entry,
    Version,
    entry_of,
    matrices,
    published_card,
    searched,
)
from reports.presenting.revisions import Mailed, RevisionView, revision_view
from reports.templating import TEMPLATES, environment
from reports.texts import texts_of
from reports.wording import wording
from scoring.scorecard import Scorecard
from scoring.text import Language

__all__ = [
    "DocumentCopy",
    "Entry",
    "Mailed",
    "RevisionView",
    "Version",
    "card_page",
    "entry_of",
    "index_page",
    "revision_view",
]

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Index:
    """What the index says beside its cards: whose archive it is, of which day, for whom if not for all."""

    organisation: str
    language: Language
    as_of: date
    reader: str = ""


def card_page(card: Scorecard, versions: Sequence[Version], changes: RevisionView | None) -> str:
    """The page of one revision as HTML, in the card's language; `versions` are all that there are of it."""
    template = environment(card.language).get_template("published_card.html.j2")
    html = template.render(
        view=published_card(card, versions, changes), style=_style(), policy=_policy(_style()), index=INDEX
    )
    said = chain(texts_of(card, card.language), texts_of(changes, card.language))
    return set_texts_apart(html, (text for _, text in said), markup=True)


def index_page(index: Index, entries: Sequence[Entry]) -> str:
    """The index as HTML: a matrix of all cards, and above it a search where scripts run."""
    words = wording(index.language)
    template = environment(index.language).get_template("published_index.html.j2")
    html = template.render(
        index=index,
        as_of=PeriodNames(index.language).full_date(index.as_of),
        html_lang=words.html_lang,
        matrices=matrices(entries, words),
        counted=words.count("%(number)s card", "%(number)s cards", len(entries)),
        data=searched(entries),
        style=_style(),
        script=_script(),
        policy=_policy(_style(), _script()),
    )
    # the names of other cards stand in each sentence
    names = (index.organisation, index.reader, *(entry.team for entry in entries))
    return set_texts_apart(html, names, markup=True)


@cache
def _style() -> str:
    return environment("en").get_template("published.css.j2").render(p=palette)


@cache
def _script() -> str:
    return (TEMPLATES / "published.js").read_text("utf-8")


def _policy(style: str, script: str = "") -> str:
    """What a page may do: use exactly these texts of ours, and nothing else, from nowhere.

    They are named by their hashes, because in a folder, without a server, no page has an origin.
    """
    scripts = f"script-src {_hash(script)}; " if script else ""
    return f"default-src 'none'; {scripts}style-src {_hash(style)}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
