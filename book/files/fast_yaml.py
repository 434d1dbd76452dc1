"""Long files of YAML, parsed by libyaml where it is certain to say what PyYAML's own parser would say.

The files of thousands of teams have megabytes, which PyYAML's own parser reads in seconds and libyaml's in a
quarter of them. But libyaml lets pass what the other refuses, such as a tab within a text, and a book means
the same however long it is. So it has no word about mistakes, about the signs at which the two differ, and
about empty values, whose lines they count otherwise. What composes its events is PyYAML's own: the composer
of libyaml follows lists in lists until the process ends.
"""

from __future__ import annotations

from contextlib import suppress

import yaml
from yaml.composer import Composer, ComposerError
from yaml.resolver import Resolver

LONG = 50_000
"""Shorter files take no time worth two parsers."""

_READ_OTHERWISE = frozenset("\t?!\u0085\u2028\u2029\ufeff")


class WithoutAliases(Composer):
    """Refuses aliases: data cannot grow by repetition."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next value."""
        if self.check_event(yaml.AliasEvent):  # type: ignore[attr-defined]
            alias = self.get_event()  # type: ignore[attr-defined]
            problem = f"the alias *{alias.anchor}, where each value must be written out"
            raise ComposerError(None, None, problem, alias.start_mark)
        return super().compose_node(parent, index)


def composed_fast(text: str) -> yaml.Node | None:
    """What a text says; None where PyYAML's own parser is to say it. Raises `RecursionError`."""
    if len(text) < LONG or not yaml.__with_libyaml__ or _READ_OTHERWISE.intersection(text):
        return None
    with suppress(yaml.YAMLError):
        return _Loader(text).get_single_node()
    return None


# PyYAML may be built without libyaml
if yaml.__with_libyaml__:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class _Loader(WithoutAliases, CParser, Resolver):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            Resolver.__init__(self)

        def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
            if _is_empty(self.peek_event()):
                raise yaml.YAMLError
            return super().compose_node(parent, index)


def _is_empty(event: yaml.Event | None) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not (event.value or event.style)
