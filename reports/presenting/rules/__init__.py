"""The sentence of each scoring rule: one module of the rule's own name, with `words` and `NEEDS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from reports.presenting.operands import Operands
from reports.presenting.reader import Reader
from scoring.working import Working


@dataclass(frozen=True, slots=True)
class Sentence:
    """A rule's sentence and the operands that it cannot do without."""

    say: Callable[[Operands, Working, Reader], str]
    needs: frozenset[str]


def find_sentences() -> dict[str, Sentence]:
    """The sentence that each module of this package declares, by the rule's name in the book."""
    names = [module.name for module in iter_modules(__path__)]
    modules = {name: import_module(f"{__name__}.{name}") for name in names if not name.startswith("_")}
    return {name: Sentence(module.words, module.NEEDS) for name, module in modules.items()}


SENTENCES: Mapping[str, Sentence] = find_sentences()
