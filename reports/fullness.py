"""Whether page 1 holds what is set on it: how high lines get is only known once they are laid out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import takewhile

from reports.presenting.turns import SEVERAL

_MAY_BE_LONG = f'<body class="{SEVERAL}">'


class OverfullError(Exception):
    """Page 1 went over its end, and is to be set more tightly."""


def refuse_overfull(html: str, anchors: Sequence[Collection[str]]) -> None:
    """Raise `OverfullError` where anything of page 1 stands on a page behind it; `anchors` are those by page.

    Pages without workings, such as those that compare revisions, have no page 1 of that kind.
    """
    first = list(takewhile(_is_of_page_1, anchors))
    if 1 < len(first) < len(anchors) and _MAY_BE_LONG not in html:
        raise OverfullError


def _is_of_page_1(anchors: Collection[str]) -> bool:
    return not any(anchor.startswith("working-") for anchor in anchors)
