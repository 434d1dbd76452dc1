"""Reads back what the PDF, the files in it, the mail, the page of the archive and the workbook of a card say."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, takewhile
from typing import Any

import openpyxl
import pikepdf

from reports.mail import mail_body
from reports.published import Version, card_page
from scoring.arithmetic import round_half_up
from scoring.canonical import to_json
from scoring.scorecard import Scorecard
from tests.printed.held import CURRENCY_DIGITS, Held, decimal, is_number, numbers_in
from tests.printed.objectives import hold_objectives, hold_published, without_objectives
from tests.printed.sentences import hold_sentences, numbers_of_forecast
from tests.printed.structure import Element, rows_of, structure, tables
from tests.publishing.read_back import check_numbers, read

Said = dict[str, Any]
# where a line of a page ends, its text has no blank
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "trend": "Trend",
        "steps": r"(?:Attainment|Score|Points) |Year ?to ?date|Fiscal ?year ?to ?date|To ?the ?target|Forecast|Since \w+",
        "year": ("Yeartodate", "Fiscalyeartodate"),
        "years": ("Year to date", "Fiscal year to date"),
        "forecast": "Forecast",
        "points": "Points",
        "actual": "Actual",
        "attainment": "Attainment",
        "effective": "Effective weight",
        "total": "Total score",
        "weight": "Weight",
        "rates": "Last day",
        "rows": "Rows",
        "target": r", target ",
        "costs": r"costs (\S+) points",
        "area": r"Score ?(\S+) ?· ?Weight ?(\S+) ?· ?Points ?(\S+)",
        "pay": r"pay coefficient ?(\S+)",
        "grade": r"Grade ?(\S+)",
        "change": r"([-−+][\d,.]+) ?against [^()\n]*\(([-−\d,.]+)\)",
    },
    "zh_CN": {
        "trend": "走势",
        "steps": r"(?:完成率|(?<!加权)得分|加权得分) |本年累计|财年累计|距目标|预测|较\d",
        "year": ("本年累计", "财年累计"),
        "years": ("本年累计", "财年累计"),
        "forecast": "预测",
        "points": "加权得分",
        "actual": "实际值",
        "attainment": "完成率",
        "effective": "折算权重",
        "total": "总分",
        "weight": "权重",
        "rates": "月末",
        "rows": "行数",
        "target": r"，目标 ",
        "costs": r"失 (\S+) 分",
        "area": r"得分 ?(\S+) ?· ?权重 ?(\S+) ?· ?加权得分 ?(\S+)",
        "pay": r"绩效系数 ?(\S+)",
        "grade": r"等级 ?(\S+)",
        "change": r"较[^（\n]*（([-−\d,.]+)）([-−+][\d,.]+)",
    },
}
SHOWN = 12
"""So many totals are drawn."""
_MARKS = str.maketrans("", "", "\u2068\u2069")


def said_of(card: Scorecard) -> Said:
    """The card as its JSON says it."""
    said: Said = json.loads(to_json(card))
    said["lines"] = [line for area in said["areas"] for line in area["results"]]
    return said


def words_of(said: Said) -> dict[str, Any]:
    return WORDS[said["language"]]


def name_of(named: Said, said: Said) -> str:
    return str(named["name"]["zh_CN" if said["language"] == "zh_CN" else "en"])


def is_judged(line: Said) -> bool:
    """Whether a word stands in the place of the actual: a level, or how many conditions are met."""
    operands = {one["name"] for one in (line["working"] or {}).get("operands", ())}
    return bool({"level", "met"} & operands)


def _scale(line: Said) -> int:
    return 100 if line["unit"] == "percent" else 1


def _digits(line: Said, said: Said) -> int:
    """The digits after the point that the KPI's numbers are to have."""
    decimals = int(line["decimals"])
    if line["unit"] != "money" or not decimals:
        return decimals
    return max(0, decimals + CURRENCY_DIGITS[said["currency_code"]] - 2)


def _figures(held: Held, where: str, line: Said, said: Said, actual: str, target: str) -> None:
    """An actual and a target in the unit of the KPI."""
    scale, digits = _scale(line), _digits(line, said)
    if not is_judged(line):
        held.number(f"{where}: actual", actual, line["actual"], scale, digits)
    low, high = line.get("target_low"), line.get("target_high")
    if low is None:
        held.number(f"{where}: target", target, line["target"], scale)
        return
    ends = target.split("–")
    held.same(f"{where}: ends of a target", len(ends), 2)
    for text, end in zip(ends, (low, high), strict=False):
        held.number(f"{where}: target", text, end, scale)


# --- the PDF ---------------------------------------------------------------------------------------


def hold_pdf(held: Held, pdf: bytes, card: Scorecard) -> None:
    """All tables of the pages, the total, the areas, and the files within."""
    said, root = said_of(card), structure(pdf)
    _front(held, root, said)
    words = words_of(said)
    for wish, hold in (("trend", _first_table), ("points", _workings), ("rates", _rates), ("rows", _files)):
        found = [(head, rows) for head, rows in tables(root) if words[wish] in head]
        held.same(f"pdf: tables of {wish}", bool(found), True)
        hold(held, [row for _, rows in found for row in rows], found[0][0], said)
    _area_heads(held, root, said)
    _charts(held, without_objectives(held, [each.alt for each in root.all("Figure")], said), said)
    hold_objectives(held, root, said)
    _highlights(held, root, said)
    _attached(held, pdf, card, said)


def _front(held: Held, root: Element, said: Said) -> None:
    words = words_of(said)
    texts = [each.text.strip() for each in root.all("P", "H1", "H2")]
    at = texts.index(words["total"])
    held.number("pdf: total", texts[at + 1], said["total"])
    rest = " ".join(texts[at : at + 9])
    _change(held, "pdf", rest, said)
    _reward(held, "pdf", rest, said)
    _totals(held, root.all("Figure")[0].text, texts[at + 1], said)
    for area in said["areas"]:
        at = texts.index(name_of(area, said), at)
        held.number("pdf: area", texts[at + 1], area["score"])
        weight = next(text for text in texts[at : at + 5] if text.startswith(words["weight"]))
        held.number("pdf: area", weight, area["weight"])


def _highlights(held: Held, root: Element, said: Said) -> None:
    """The list above the first table of KPIs."""
    by_name = {"".join(_letters(name_of(line, said))): line for line in said["lines"]}
    listed = takewhile(lambda each: each.kind != "Table", root.all("LI", "Table"))
    hold_sentences(held, [each.text for each in listed], said, lambda name: by_name["".join(_letters(name))])


def _totals(held: Held, drawn: str, total: str, said: Said) -> None:
    """The totals of the periods, which stand in a row in the chart, with as many digits as the total."""
    digits, at = len(total.partition(".")[2]), 0
    for point in said["total_history"][-SHOWN:]:
        if point["actual"] is not None:
            told = f"{round_half_up(Decimal(point['actual']), digits):.{digits}f}"
            held.same(
                f"pdf: chart of totals: {told}" if told not in drawn[at:] else "pdf: chart of totals",
                told in drawn[at:],
                True,
            )
            at = max(at, drawn.find(told, at))


def _change(held: Held, where: str, text: str, said: Said) -> None:
    *_, past, _ = [decimal(point["actual"]) for point in said["total_history"]]
    if None in (past, said["total"]) or Decimal(said["total"]) == past:
        return
    found = re.search(words_of(said)["change"], text)
    held.same(f"{where}: change is told", found is not None, True)
    if found is not None:
        ends = found.groups() if said["language"] == "en" else found.groups()[::-1]
        held.number(f"{where}: change", ends[0], Decimal(said["total"]) - Decimal(past or 0))
        held.number(f"{where}: change", ends[1], past)


def _reward(held: Held, where: str, text: str, said: Said) -> None:
    words = words_of(said)
    if said.get("pay"):
        (pay,) = re.findall(words["pay"], text)
        held.number(f"{where}: pay", pay, said["pay"]["result"])
    if said.get("grade"):
        held.same(f"{where}: grade", re.findall(words["grade"], text), [said["grade"]])


def _cells(rows: Sequence[Element]) -> Iterator[list[Element]]:
    """The rows with more than one cell: others are headings, or tell workings."""
    return (row.all("TH", "TD") for row in rows if len(row.all("TH", "TD")) > 1)


def _first_table(held: Held, rows: list[Element], head: list[str], said: Said) -> None:
    found = [*_cells(rows)]
    held.same("pdf: KPIs on page 1", len(found), len(said["lines"]))
    heads = [re.sub(r"\s", "", each) for each in head]
    years = [at for at, each in enumerate(heads) if each in words_of(said)["year"]]
    has_before = words_of(said)["trend"] != head[3] and 3 not in years
    for cells, line in zip(found, said["lines"], strict=False):
        actual, target, attainment, weight, score = (cells[at].text for at in (1, 2, -4, -3, -2))
        held.same("pdf: name on page 1", _letters(cells[0].text), _letters(name_of(line, said)))
        _figures(held, "pdf: page 1", line, said, actual, target)
        held.number("pdf: page 1: attainment", attainment, line["attainment"], 100, 1)
        held.number("pdf: page 1: weight", weight, line["weight"])
        held.number("pdf: page 1: score", score, line["score"])
        if has_before:
            _before(held, cells[3], line, said)
        for at in years:
            year = line.get("year_to_date") or {}
            told = cells[at].text.removesuffix("*")
            held.number("pdf: page 1: year to date", told, year.get("actual"), _scale(line))
            held.same("pdf: page 1: year to date", cells[at].text.endswith("*"), bool(_lacks(year)))


def _lacks(year: Said) -> object:
    """Its months without data; of one without a value the table says nothing."""
    return year.get("actual") is not None and year.get("lacking")


def _letters(text: str) -> list[str]:
    """What a name is made of: where a line of it ended there is no blank, and Arabic is told as it is drawn."""
    return sorted(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def _before(held: Held, cell: Element, line: Said, said: Said) -> None:
    year, month = map(int, said["period"].split("-"))
    wished = (f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-12", f"{year - 1}-{month:02}")
    known = {
        point["period"] for each in said["lines"] for point in each["history"] if point["actual"] is not None
    }
    actual = {point["period"]: point["actual"] for point in line["history"]}
    periods = [period for period in wished if period in known]
    held.same("pdf: page 1: periods before", len(cell.parts), len(periods))
    for text, period in zip(cell.parts, periods, strict=False):
        held.number("pdf: page 1: before", text, actual.get(period), _scale(line))


def _workings(held: Held, rows: list[Element], head: list[str], said: Said) -> None:
    is_scaled = words_of(said)["effective"] in head
    lines = iter(said["lines"])
    line: Said = {}
    drivers: list[list[str]] = []
    for row in rows:
        cells = [each for each in row.inner if each.kind in ("TH", "TD")]
        if len(cells) == 1:
            _steps(held, cells[0], line, said)
            drivers += _driver_rows(cells[0])
            continue
        _drivers(held, drivers, line)
        drivers = []
        line = next(lines)
        _, target, actual, attainment, weight, *rest = (cell.text for cell in cells)
        _figures(held, "pdf: workings", line, said, actual, target)
        held.number("pdf: workings: attainment", attainment, line["attainment"], 100, 2)
        held.number("pdf: workings: weight", weight, line["weight"])
        if is_scaled and rest[0].strip():
            wanted = line["effective_weight"] if line["score"] is not None else None
            held.number("pdf: workings: effective weight", rest[0], wanted)
        held.number("pdf: workings: score", rest[-2], line["score"])
        held.number("pdf: workings: points", rest[-1], line["points"], 1, 3)
    _drivers(held, drivers, line)
    held.same("pdf: workings: KPIs left over", len([*lines]), 0)


def _driver_rows(cell: Element) -> list[list[str]]:
    """Without heads: a table that goes on over the page is two."""
    tables = (rows_of(table)[1:] for table in cell.all("Table"))
    return [[each.text for each in row.inner] for row in chain.from_iterable(tables)]


def _drivers(held: Held, rows: Sequence[Sequence[str]], line: Said) -> None:
    """What each member did to the figure, by mix and by rate."""
    if rows or len((line.get("drivers") or {}).get("members", ())) > 1:
        hold_members(held, "pdf: drivers", rows, line)


def hold_members(held: Held, where: str, rows: Sequence[Sequence[str]], line: Said) -> None:
    """Rows of a name and what that did, against the members of the line's drivers."""
    members = line["drivers"]["members"]
    held.same(where, len(rows), len(members))
    for (_, *cells), member in zip(rows, members, strict=False):
        numbers = [member[name] for name in ("effect", "mix", "rate") if member.get(name) is not None]
        held.same(where, len(cells), len(numbers))
        for cell, number in zip(cells, numbers, strict=False):
            held.number(where, cell, number, _scale(line))


def _steps(held: Held, cell: Element, line: Said, said: Said) -> None:
    """What a working comes to is what the line says."""
    words = words_of(said)
    wanted = {
        words["actual"]: (line["actual"], _scale(line)),
        words["attainment"]: (line["attainment"], 100),
        words["points"]: (line["points"], 1),
    }
    # those that follow one another are one text
    texts = (re.split(rf"(?={words['steps']})", each.text) for each in cell.inner)
    for step in chain.from_iterable(texts):
        label, _, text = step.partition(" ")
        result = re.split("[=≈]", text)[-1]
        number, scale = wanted.get(label, (None, 1))
        if number is not None and result != text and not re.search(r"[（(]", result):
            held.number(f"pdf: step of {_english(label, said)}", result, number, scale)
        _further(held, step, line, words)


def _further(held: Held, text: str, line: Said, words: dict[str, Any]) -> None:
    """The steps of the year to date and of a forecast."""
    squeezed, year, ahead = text.replace(" ", ""), line.get("year_to_date"), line.get("outlook")
    if year and year["actual"] is not None and squeezed.startswith(words["year"]):
        result = re.split("[;；]", re.split("[=≈]", text)[-1])[0]
        held.number("pdf: step of the year to date", result, year["actual"], _scale(line))
    if ahead and text.startswith(words["forecast"]):
        found = {*numbers_of_forecast(text)}
        wanted = [("forecast", _scale(line))]
        if ahead.get("low") is not None:
            wanted += [("low", _scale(line)), ("high", _scale(line)), ("tried", 1), ("mean_error", 100)]
        for name, scale in wanted:
            told = next((each for each in found if is_number(each, ahead[name], scale)), "none")
            held.number(f"pdf: step of a forecast: {name}", told, ahead[name], scale)


def _english(label: str, said: Said) -> str:
    return next(name for name, word in words_of(said).items() if word == label)


def _rates(held: Held, rows: list[Element], _: list[str], said: Said) -> None:
    for cells, rate in zip(_cells(rows), said["rates"], strict=True):
        held.number("pdf: rates", cells[1].text, rate["first_rate"], 1, 10)
        held.number("pdf: rates", cells[2].text, rate["last_rate"], 1, 10)


def _files(held: Held, rows: list[Element], _: list[str], said: Said) -> None:
    files = [file for source in said["sources"] for file in source["files"]]
    for cells, file in zip(_cells(rows), files, strict=True):
        held.number("pdf: rows of files", cells[2].text, file["rows"])


def _area_heads(held: Held, root: Element, said: Said) -> None:
    heads = [re.search(words_of(said)["area"], each.text) for each in root.all("H3")]
    found = [head.groups() for head in heads if head]
    held.same("pdf: heads of areas", len(found), len(said["areas"]))
    for texts, area in zip(found, said["areas"], strict=False):
        for text, what in zip(texts, ("score", "weight", "points"), strict=True):
            held.number("pdf: heads of areas", text, area[what])


def _charts(held: Held, told: Sequence[str], said: Said) -> None:
    """What the charts say to who cannot see them: the totals, and of each KPI its past and its attainment."""
    total, *others = told
    _told_by_period(held, "pdf: told of the totals", total, said["total_history"][-SHOWN:], said)
    compared = 0
    for line in said["lines"]:
        name = name_of(line, said)
        for rest in (alt.removeprefix(name) for alt in others if alt.startswith(name)):
            compared += 1
            _told_of(held, rest, line, said)
    held.same("pdf: charts", compared, len(others))


def _told_of(held: Held, told: str, line: Said, said: Said) -> None:
    known = [point["actual"] for point in line["history"] if point["actual"] is not None]
    if _label(said["period"], said) in told:
        _told_by_period(held, "pdf: told of a trend", told, line["history"], said, _scale(line))
    elif re.search("期内由|periods, from", told):
        for text, number in zip(numbers_in(told)[1:], (known[0], known[-1]), strict=True):
            held.number("pdf: told of a sparkline", text, number, _scale(line))
    elif numbers_in(told):
        held.number("pdf: told of a bullet", told, line["attainment"], 100, 1)


def _told_by_period(
    held: Held, where: str, told: str, history: Sequence[Said], said: Said, scale: int = 1
) -> None:
    for point in history:
        text = told.partition(_label(point["period"], said))[2].strip()
        if point["actual"] is None:
            held.same(f"{where}: none", text.startswith(("none", "无")), True)
        else:
            held.number(where, text, point["actual"], scale)


def _label(period: str, said: Said) -> str:
    year, month = map(int, period.split("-"))
    chinese = f"{year % 100:02}年{month}月 "
    return chinese if said["language"] == "zh_CN" else f"{date(year, month, 1):%b} {year % 100:02} "


def _attached(held: Held, pdf: bytes, card: Scorecard, said: Said) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        files = {str(file.UF): file.EF.F.read_bytes() for file in opened.Root.AF}
    held.same("pdf: scorecard.json", files["scorecard.json"].decode(), to_json(card))
    rows = [*csv.DictReader(io.StringIO(files["kpis.csv"].decode("utf-8-sig")))]
    held.same("pdf: kpis.csv", len(rows), len(said["lines"]))
    for row, line in zip(rows, said["lines"], strict=False):
        for name in ("target", "actual", "attainment", "weight", "effective_weight", "score", "points"):
            held.same("pdf: kpis.csv", decimal(row[name] or None), decimal(line[name]))
        year, ahead = line.get("year_to_date") or {}, line.get("outlook") or {}
        further = {"year_to_date": year.get("actual")} | {
            f"outlook_{name}": ahead.get(name) for name in _AHEAD
        }
        for name, number in further.items():
            held.same("pdf: kpis.csv: further", decimal(row.get(name) or None), decimal(number))


_AHEAD = ("goal", "so_far", "days", "days_left", "pace", "needed", "forecast", "low", "high", "mean_error")


# --- the mail --------------------------------------------------------------------------------------


def hold_mail(held: Held, card: Scorecard) -> None:
    """Subject, plain text and HTML."""
    said, mail = said_of(card), mail_body(card)
    if said["total"] is not None:
        held.number("mail: subject", numbers_in(mail.subject)[0], said["total"])
    text = mail.text.translate(_MARKS)
    _mail_text(held, "mail: text", text.splitlines(), said)
    page = read(mail.html)
    shown = [_line_text(node.text) for node in page.all() if node.tag in ("p", "th", "td", "tr")]
    big = next(node for node in page.all("p") if "font-size:40px" in node["style"])
    held.number("mail: html: total", big.text.split()[0], said["total"])
    _change(held, "mail: html", "\n".join(shown), said)
    cells = [node.text for node in page.all("td") if "font-size:20px" in node["style"]]
    held.same("mail: html: areas", len(cells), len(said["areas"]))
    for cell, area in zip(cells, said["areas"], strict=False):
        held.number("mail: html: areas", cell, area["score"])
    _focus(held, "mail: html", shown, said)


def _line_text(text: str) -> str:
    return " ".join(text.translate(_MARKS).split())


def _mail_text(held: Held, where: str, lines: Sequence[str], said: Said) -> None:
    def told(name: str) -> str:
        found = next(line for line in lines if re.match(rf"{re.escape(name)}[:：]", line))
        return found[len(name) + 1 :].strip()

    held.number(f"{where}: total", re.split("[ （]", told(words_of(said)["total"]))[0], said["total"])
    for area in said["areas"]:
        held.number(f"{where}: areas", re.split("[ （]", told(name_of(area, said)))[0], area["score"])
    _change(held, where, "\n".join(lines), said)
    _focus(held, where, [line.strip() for line in lines if line.startswith("  ")], said)


def _focus(held: Held, where: str, lines: Sequence[str], said: Said) -> None:
    """The KPIs that are named with their figures, and what each costs."""
    words, found = words_of(said), 0
    for line in said["lines"]:
        name = _line_text(name_of(line, said))
        told = next((each for each in lines if re.match(rf"{re.escape(name)}[:：]", each)), "")
        figures, _, cost = told[len(name) + 1 :].strip().partition(" · ")
        if not told:
            continue
        found += 1
        actual, *target = re.split(words["target"], figures)
        if target:
            _figures(held, where, line, said, actual, target[0])
        elif not is_judged(line):
            held.number(f"{where}: actual", actual, line["actual"], _scale(line), _digits(line, said))
        if cost and not _is_struck(said):
            lost = Decimal(line["effective_weight"]) - Decimal(line["points"])
            held.number(f"{where}: cost", re.findall(words["costs"], cost)[0], lost, 1, 1)
    wanting = sum(line["band"] in ("red", "amber") for line in said["lines"])
    held.same(f"{where}: KPIs that want somebody are named", found > 0 or not wanting, True)


def _is_struck(said: Said) -> bool:
    """Whether a veto sets lines: what it takes from them is told with the veto."""
    return any(line.get("overruled_by") for line in said["lines"])


# --- the archive -----------------------------------------------------------------------------------


def hold_archive(held: Held, card: Scorecard) -> None:
    """The page of the card in an archive."""
    html = card_page(card, [Version(card.revision, "card.html", date(2026, 11, 3), ())], None)
    page, said = read(html.translate(_MARKS)), said_of(card)
    hold_published(held, page, said)
    tables_by_name = {table["aria-labelledby"]: table for table in page.all("table")}
    for line in said["lines"]:
        if len((line.get("drivers") or {}).get("members", ())) > 1:
            rows = tables_by_name[f"further-kpi-{line['kpi_id']}"].all("tr")[1:]
            cells = [[each.text for each in row.all() if each.tag in ("th", "td")] for row in rows]
            hold_members(held, "archive: drivers", cells, line)
    try:
        held.compared["archive"] += check_numbers(html.translate(_MARKS), card)
    except AssertionError as error:
        held.differing.append(f"{held.place} archive: {error}")


# --- the workbook ----------------------------------------------------------------------------------


def hold_workbook(held: Held, content: bytes, card: Scorecard) -> None:
    """The first sheet as written, and that the last one finds no number that differs."""
    said = said_of(card)
    with warnings.catch_warnings():
        # it cannot read sparklines, and says so
        warnings.simplefilter("ignore")
        front, *_, check = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets
    rows = front.iter_rows(min_row=7, values_only=True)
    for area in said["areas"]:
        _row(held, next(rows), name_of(area, said), {4: area["weight"], 5: area["score"], 6: area["points"]})
        for line in area["results"]:
            wanted = dict(enumerate((line["actual"], line["attainment"], line["weight"], line["score"]), 2))
            if line.get("target_low") is None:
                wanted[1] = line["target"]
            _row(held, next(rows), name_of(line, said), wanted | {6: line["points"]})
    _row(held, next(rows), None, {4: said["total_weight"], 5: said["total"]})
    if said.get("grade"):
        held.same("workbook: grade", next(rows)[5], said["grade"])
    if said.get("pay"):
        _row(held, next(rows), None, {5: said["pay"]["result"]})
    checked = {row[0]: row[2] for row in check.iter_rows(min_row=4, values_only=True)}
    for line in said["lines"]:
        for what, number in _further_in(line, words_of(said)):
            found = checked.get(f"{name_of(line, said)}: {what}")
            held.same(f"workbook: further: {what}", found, decimal(number))
    for label, issued, now, differs, *_ in check.iter_rows(min_row=4, values_only=True):
        held.same(f"workbook: check: {label}" if differs else "workbook: check", differs, Decimal(0))
        held.same("workbook: check", now, Decimal(str(issued)) if isinstance(issued, float) else issued)


def _further_in(line: Said, words: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """What the sheet of figures is to say of a line besides."""
    if year := line.get("year_to_date"):
        yield words["years"][not year["first"].endswith("-01-01")], year["actual"]
    if ahead := line.get("outlook"):
        yield words["forecast"], ahead["forecast"]


def _row(held: Held, row: tuple[Any, ...], name: str | None, wanted: dict[int, object]) -> None:
    if name is not None:
        held.same("workbook: name", row[0], name)
    for at, number in wanted.items():
        exact = decimal(number)
        held.same("workbook: number", row[at], "–" if exact is None else exact)
