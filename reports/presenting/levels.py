"""What people chose or what was met, in the place of a number."""

from __future__ import annotations

import re

from reports.figures import Figure
from reports.presenting.operands import plain
from reports.presenting.reader import Reader
from scoring.scorecard import KpiResult
from scoring.text import Language

# `good 良好`: a name without Chinese characters, then one that begins with them
_IN_BOTH = re.compile(r"([^\u3400-\u9fff]+?)\s+([\u3400-\u9fff][^A-Za-z]*)")
_SHORT = 12


def level_name(level: object, reader: Reader) -> str:
    """The level as a reader of this language calls it."""
    return level_in(str(level), reader.words.language)


def level_in(level: str, language: Language) -> str:
    """The same in a language."""
    both = _IN_BOTH.fullmatch(level)
    return level if both is None else both[2 if language == "zh_CN" else 1]


def judged_figure(result: KpiResult, reader: Reader) -> Figure | None:
    """The level that was chosen, or how many conditions are met; None for a KPI with a number."""
    operands = {} if result.working is None else result.working.values
    if "level" in operands:
        return _in_words(level_name(operands["level"], reader))
    if "met" in operands:
        met, conditions = (plain(operands[name], reader) for name in ("met", "conditions"))
        return _in_words(reader.words.say("%(met)s of %(conditions)s", met=met, conditions=conditions))
    return None


def _in_words(text: str) -> Figure:
    return Figure(text, is_long=len(text) > _SHORT)
