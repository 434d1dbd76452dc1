"""Reads back objectives and key results: on page 1, in their tables, charts and workings, and in an archive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.printed.held import NOTHING, Held, numbers_in, printed_number
from tests.printed.structure import Element, tables
from tests.publishing.read_back import Node

Said = dict[str, Any]
WORDS = {
    "en": {"key result": "Key result", "line": "Objectives: ", "score": "Score of the objective"},
    "zh_CN": {"key result": "关键成果", "line": "目标得分：", "score": "目标得分 "},
}


def _scale(item: Said) -> int:
    return 100 if item["unit"] == "percent" else 1


def hold_objectives(held: Held, root: Element, said: Said) -> None:
    """All that a PDF says of them."""
    words, goals = WORDS[said["language"]], said.get("objectives", [])
    items = [item for goal in goals for item in goal["key_results"]]
    rows = [row for head, rows in tables(root) if words["key result"] in head for row in rows]
    cells = [row.all("TH", "TD") for row in rows if len(row.all("TH", "TD")) > 1]
    held.same("pdf: key results", len(cells), len(items))
    for row, item in zip(cells, items, strict=False):
        _key_result(held, "pdf: key results", [cell.text for cell in row[1:]], item)
    _on_page_1(held, root, words["line"], goals)
    _workings(held, [each.text for each in root.all("LBody")], words["score"], goals)


def _key_result(held: Held, where: str, cells: Sequence[str], item: Said) -> None:
    start, current, target, progress, weight, score = cells
    for text, name in ((start, "start"), (current, "current"), (target, "target")):
        held.number(f"{where}: {name}", text, item[name], _scale(item))
    told = numbers_in(progress)[-1] if item["progress"] is not None else progress
    held.number(f"{where}: progress", told, item["progress"], 100, 1)
    held.number(f"{where}: weight", weight, item["weight"])
    held.number(f"{where}: score", score, item["score"], 1, 2)


def _on_page_1(held: Held, root: Element, beginning: str, goals: Sequence[Said]) -> None:
    """The line with their scores, where the page has it."""
    for text in [each.text for each in root.all("P") if each.text.startswith(beginning)][:1]:
        scores = re.findall(r"[\d.–]+(?= ?[●▲◆○])", text)
        held.same("pdf: page 1: objectives", len(scores), len(goals))
        for score, goal in zip(scores, goals, strict=False):
            held.number("pdf: page 1: objectives", score, goal["score"], 1, 2)


def _workings(held: Held, texts: Sequence[str], beginning: str, goals: Sequence[Said]) -> None:
    scored = [goal for goal in goals if goal["score"] is not None]
    found = [text for text in texts if text.startswith(beginning)]
    held.same("pdf: scores of objectives", len(found), len(scored))
    for text, goal in zip(found, scored, strict=False):
        held.number("pdf: scores of objectives", numbers_in(text)[-1], goal["score"], 1, 2)


def without_objectives(held: Held, told: Sequence[str], said: Said) -> list[str]:
    """What other charts say; those of objectives are held here."""
    others = [*told]
    for goal in said.get("objectives", []):
        _ring(held, others, goal, said)
        for item in goal["key_results"]:
            _bar(held, others, item, goal, said)
    return others


def _taken(told: list[str], named: Said, said: Said) -> list[str]:
    """What is said of it, which is then no chart of anything else."""
    name = named["name"]["zh_CN" if said["language"] == "zh_CN" else "en"]
    found = [text.removeprefix(name) for text in told if re.match(rf"{re.escape(name)}[:：]", text)]
    told[:] = [text for text in told if not re.match(rf"{re.escape(name)}[:：]", text)]
    return found


def _ring(held: Held, told: list[str], goal: Said, said: Said) -> None:
    found = _taken(told, goal, said)
    held.same("pdf: rings", len(found), int(goal["score"] is not None))
    for text in found:
        held.number("pdf: rings", numbers_in(text)[0], goal["score"], 1, 2)


def _bar(held: Held, told: list[str], item: Said, goal: Said, said: Said) -> None:
    found = _taken(told, item, said)
    held.same("pdf: bars", len(found), int(item["progress"] is not None))
    for text in found:
        progress, elapsed, *_ = numbers_in(text)
        held.number("pdf: bars: progress", progress, item["progress"], 100, 1)
        share = goal["elapsed_days"] / goal["days"]
        held.same("pdf: bars: time", abs(float(printed_number(elapsed)) - 100 * share) <= 0.5, True)


def hold_published(held: Held, page: Node, said: Said) -> None:
    """Their tables on the page of an archive."""
    goals = said.get("objectives", [])
    found = [table for table in page.all("table") if table["aria-labelledby"].startswith("objective-")]
    held.same("archive: objectives", len(found), len(goals))
    for table, goal in zip(found, goals, strict=False):
        rows = [row for row in table.all("tr") if row.all("td")]
        held.same("archive: key results", len(rows), len(goal["key_results"]))
        for row, item in zip(rows, goal["key_results"], strict=False):
            cells = [cell.text.strip() or NOTHING for cell in row.all("td")]
            _key_result(held, "archive: key results", cells, item)
