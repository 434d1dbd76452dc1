"""Reads the pages of an archive the way that a program would, which knows nothing of how they are made."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from html.parser import HTMLParser

from scoring.canonical import to_json
from scoring.scorecard import Scorecard

VOID = {"meta", "input", "link", "br", "hr", "img"}
YEAR = "Year to date"
YEARS = (YEAR, "Fiscal year to date", "本年累计", "财年累计")
NAMES = {
    "en": ("Status", "Actual", "Target", "Attainment", "Weight", "Effective weight", "Score", "Points"),
    "zh-CN": ("状态", "实际值", "目标值", "完成率", "权重", "折算权重", "得分", "加权得分"),
}


@dataclass
class Node:
    """An element."""

    tag: str
    attributes: dict[str, str]
    inner: list[Node | str] = field(default_factory=list)

    def all(self, tag: str = "") -> list[Node]:
        """Every element inside, of that kind if one is named."""
        nodes = [node for node in self.inner if isinstance(node, Node)]
        found = [inner for node in nodes for inner in (node, *node.all())]
        return [node for node in found if tag in ("", node.tag)]

    @property
    def text(self) -> str:
        """What is read aloud."""
        parts = (part if isinstance(part, str) else part.text for part in self.inner)
        return "" if self.attributes.get("aria-hidden") == "true" else "".join(parts)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inner.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].inner.append(data)


def read(html: str) -> Node:
    """The page; fails where its elements are not nested."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1
    return reader.open[0]


def lines_of(page: Node) -> dict[str, dict[str, str]]:
    """The KPIs by their ids: each cell's text by the English name of its column."""
    (html,) = page.all("html")
    english = dict(zip(NAMES[html["lang"]], NAMES["en"], strict=True)) | dict.fromkeys(YEARS, YEAR)
    return {
        row["id"].removeprefix("kpi-"): {english[cell["data-name"]]: cell.text for cell in row.all("td")}
        for row in page.all("tr")
        if row["id"]
    }


def check_numbers(html: str, card: Scorecard) -> int:
    """Hold every number of a page against the card's JSON; returns how many were compared."""
    page, said = read(html), json.loads(to_json(card))
    cells = lines_of(page)
    lines = [line for area in said["areas"] for line in area["results"]]
    assert list(cells) == [line["kpi_id"] for line in lines]
    (total,) = [node for node in page.all("span") if node["class"] == "total"]
    compared = _is(total.text, said["total"])
    areas = [row for row in page.all("tr") if row["class"] == "group"]
    for row, area in zip(areas, said["areas"], strict=True):
        *_, score, points = (cell.text for cell in row.all("td"))
        compared += _is(score, area["score"]) + _is(points, area["points"])
    return compared + sum(_line(cells[line["kpi_id"]], line) for line in lines)


def _line(cell: dict[str, str], line: dict[str, object]) -> int:
    scale = 100 if line["unit"] == "percent" else 1
    low, high = line.get("target_low"), line.get("target_high")
    target = [line["target"]] if low is None else [low, high]
    compared = sum(
        _is(part, number, scale)
        for part, number in zip(_ends(cell["Target"], len(target)), target, strict=True)
    )
    operands = {one["name"]: one["value"] for one in (line["working"] or {}).get("operands", ())}
    if "met" in operands:
        assert re.findall("[0-9]+", cell["Actual"]) in (
            [operands["met"], operands["conditions"]],
            [operands["conditions"], operands["met"]],
        )
    elif "level" not in operands:
        compared += _is(cell["Actual"], line["actual"], scale)
    if YEAR in cell:
        year = line.get("year_to_date") or {"actual": None}
        if not re.search(r"[kMBT万亿e]", cell[YEAR]):
            compared += _is(cell[YEAR].removesuffix("*"), year["actual"], scale)
    compared += _is(cell["Attainment"], line["attainment"], 100)
    compared += _is(cell["Score"], line["score"]) + _is(cell["Points"], line["points"])
    for name, weight in (("Weight", "weight"), ("Effective weight", "effective_weight")):
        if Decimal(line["weight"]) and name in cell and (name == "Weight" or line["score"] is not None):
            compared += _is(cell[name], line[weight])
    return compared


def _ends(text: str, number: int) -> list[str]:
    return [text] if number == 1 else text.split("–")


def _is(printed: str, number: object, scale: int = 1) -> int:
    """Fail unless `printed` is the number, rounded half up to the digits that are printed."""
    if number is None:
        assert printed == "–", printed
        return 0
    digits = re.sub(r"[^0-9.−-]", "", printed).replace("−", "-")
    # numbers of a card have more digits than Python's decimals by themselves
    with localcontext(prec=60):
        found, exact = Decimal(digits), Decimal(str(number)) * scale
        assert found == exact.quantize(found, ROUND_HALF_UP), (printed, number)
    return 1
