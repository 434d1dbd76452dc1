"""Texts of the book, of exports and of file names are text everywhere: nothing runs, fetches or commands."""

from __future__ import annotations

import csv
import email
import email.policy
import html
import json
import re
import socket
from datetime import date
from html.parser import HTMLParser
from itertools import cycle, islice

import openpyxl
import pikepdf
import pytest
import sqlalchemy as sa
from openpyxl.cell import Cell

from book import read_book
from reports.directions import APART, TOGETHER
from reports.page import page_html
from scoring.canonical import from_json
from tests.book.books import VALID, lay_out
from tests.pipeline.conftest import Place
from tests.pipeline.exports import ADS, OCTOBER, write_exports
from tests.pipeline.payloads import ALL, CONTROLS, PRINTABLE, TURNS
from tests.reports.conftest import pdf_text

COMMANDING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
PEOPLE = ("Ana Ruiz", "王薇", "Lantern Controlling", "Tove Lind", "Ola Berg", "李娜")
BOOKS = ("config", "kpis", "okrs")
NAME = 110
"""Characters of a name: a mail's subject holds some of them together."""


def _names(texts, most=NAME):
    """Endless names, each made of as many payloads as it can hold."""
    name = ""
    for text in cycle(texts):
        if len(name) + len(text) + 1 > most:
            yield name.strip()
            name = ""
        name += f"{text} "


def _rewrite(path, which, texts):
    """Put texts into columns of a CSV, named by its header or counted."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows[which]:
        for column, some in texts.items():
            row[rows[0].index(column) if isinstance(column, str) else column] = next(some)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _open_cells(sheet):
    cells = (cell for row in sheet.iter_rows(min_row=6) for cell in row)
    return [cell for cell in cells if isinstance(cell, Cell) and not cell.protection.locked]


def _fill(path):
    """Payloads in all that a form asks for in words: comments, and the names of those who judge."""
    book = openpyxl.load_workbook(path)
    names, comments = _names(PRINTABLE), _names(PRINTABLE, 500)
    answers = {"D": date(2026, 11, 2), "E": 1, "H": 100, "J": 90}
    for sheet in book:
        for cell in _open_cells(sheet):
            is_who = not sheet.cell(cell.row, 4).protection.locked
            if cell.column_letter == "F":
                cell.value = sheet.cell(cell.row, 23).value
            elif cell.column_letter in "BIK":
                cell.value = next(names if is_who else comments)
                cell.data_type = "s"
            else:
                cell.value = answers.get(cell.column_letter)
    book.save(path)


def _poison(place: Place) -> None:
    names = _names(PRINTABLE)
    everything = json.dumps(" ".join(PRINTABLE))

    def name(_: re.Match[str]) -> str:
        return f"{{en: {json.dumps(next(names))}, zh_CN: {json.dumps(next(names))}}}"

    books = [path for path in place.root.rglob("config/**/*.yaml") if path.parent.name in BOOKS]
    for path in books:
        text = path.read_text("utf-8")
        text = re.sub(
            r"(?m)^( *)(description|why):\n +en: .*\n +zh_CN: .*$", r"\1\2: {en: @, zh_CN: @}", text
        )
        text = text.replace("{en: @, zh_CN: @}", f"{{en: {everything}, zh_CN: {everything}}}")
        text = re.sub(r"\{en: [^@\"{}]*, zh_CN: [^@\"{}]*\}", name, text)
        text = re.sub(
            r"(?m)^( *)en: (?!\").*\n\1zh_CN: .*$",
            lambda found: (
                f"{found[1]}en: {json.dumps(next(names))}\n{found[1]}zh_CN: {json.dumps(next(names))}"
            ),
            text,
        )
        for person in PEOPLE:
            text = text.replace(f"name: {person}", f"name: {json.dumps(next(names))}")
        text = re.sub(r"(?m)^owner: .*$", lambda _: f"owner: {json.dumps(next(names))}", text)
        text = re.sub(r"name: ([ABC]), ", lambda _: f"name: {json.dumps(next(names))}, ", text)
        text = text.replace("优秀", json.dumps(next(names)))
        text = text.replace('keys: ["*"]', f"keys: {json.dumps(['*', *islice(names, 12)])}")
        path.write_text(text, "utf-8")
    for path in place.root.glob("config/targets/*.csv"):
        _rewrite(path, slice(1, None), {"approved_by": names, "reason": names})
    checked = {"comment": _names(PRINTABLE, 300), "by": names}
    _rewrite(place.root / "config/okrs/check-ins.csv", slice(1, None), checked)
    texts = cycle(ALL)
    _rewrite(place.export(ADS), slice(3, -1), {1: texts, 3: texts})
    for text in ALL:
        file_name = text.replace("/", "_").encode()[:200] + b"\xff.csv"
        (place.root / "exports").joinpath(file_name.decode("utf-8", "surrogateescape")).write_bytes(b"x")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """An installation with payloads in every text it has."""
    place = Place(tmp_path_factory.mktemp("poisoned"))
    lay_out(VALID.parent / "appraised", place.root / "config")
    write_exports(place.root / "exports")
    _poison(place)
    return place


class _Tags(HTMLParser):
    """What a browser would do with a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in ("href", "src", "data", "action")]


@pytest.fixture
def no_network(monkeypatch):
    """The addresses that somebody tried to reach."""
    asked = []

    def refuse(_, address):
        asked.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return asked


def test_there_are_payloads_enough():
    assert len(set(ALL)) >= 150


@pytest.mark.parametrize("text", CONTROLS)
def test_a_book_refuses_what_commands_a_terminal(tmp_path, text):
    """In a name and in a long text; the fault itself shows it by its code."""
    config = lay_out(VALID, tmp_path / "config")
    path = config / "teams.yaml"
    path.write_text(path.read_text("utf-8").replace("Ana Ruiz", json.dumps(f"A {text}")), "utf-8")
    (fault,) = read_book(config).faults
    assert "without control characters" in fault.message
    assert not COMMANDING.search(str(fault))


@pytest.mark.parametrize("text", TURNS)
@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("teams.yaml", "Ana Ruiz"),
        ("kpis/nps.yaml", "customer insight"),
        ("kpis/nps.yaml", "Customers who recommend us sell for us."),
        ("targets/2026.csv", "New shop"),
        ("okrs/check-ins.csv", "Lease signed"),
    ],
)
def test_a_book_refuses_what_turns_the_text_beside_it(tmp_path, text, file, word):
    """In every kind of file; and the fault is one sentence that turns nothing itself."""
    path = lay_out(VALID, tmp_path / "config") / file
    put = json.dumps(f"A {text}") if path.suffix == ".yaml" else f"A {text}"
    path.write_text(path.read_text("utf-8").replace(word, put), "utf-8")
    (fault,) = read_book(tmp_path / "config").faults
    assert "text without marks that change the writing direction (U+202A–202E, U+2066–2069)" in fault.message
    assert not COMMANDING.search(str(fault))


def test_payloads_everywhere_are_text_everywhere(command, poisoned, no_network):
    place, said = poisoned, []

    def run(*words, code=0, **settings):
        done = command(place, *words, **settings)
        assert done.code == code, (done.err or done.out)[-1500:]
        assert "Traceback" not in done.err
        said.append(done.out + done.err)
        return done

    run("check")
    form = place.root / "form.xlsx"
    run("appraisal", "form", "2026-10", "--output", form)
    _check_form(form)
    _fill(form)
    run("appraisal", "enter", form)
    run("run", "--period", "2026-10", log_level="DEBUG")
    for words in (
        ["status", "2026-10"],
        ["show", "2026-10", "north"],
        ["show", "2026-10", "south"],
        ["kpis"],
        ["kpis", "nps"],
        ["quarantine", "2026-10"],
        ["verify"],
        ["rollup", "2026-10"],
        ["what-if", "2026-10", "north", "ad_clicks=+5"],
        ["trace", "2026-10/north/r1", "clicks", "--rows", "--csv", place.root / "rows.csv"],
        ["trace", "--file", ADS, "--line", "5"],
        ["appraisal", "form", "2026-10", "--output", place.root / "again.xlsx"],
    ):
        run(*words, log_level="INFO")
    whole = "".join(said)
    assert not COMMANDING.search(whole)
    assert "9359" not in whole
    assert no_network == []
    # seen, and not merely left out
    assert r"\x1b[2Jp0" in whole
    assert r"\u202e" in whole

    _check_files(place)
    _check_form(place.root / "again.xlsx")
    _check_pdfs(place)
    _check_mails(place)
    _check_pages(place)
    _check_csv(place)
    _check_stores(place)


def _check_files(place):
    made = [path for path in place.root.rglob("*") if "exports" not in path.parts]
    assert not [path for path in made if "pwned" in path.name]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", path.name) for path in made)


def _check_form(path):
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert any(text in str(cell.value) for cell in cells for text in PRINTABLE)
    assert not [cell.value for cell in cells if cell.hyperlink or cell.data_type == "f"]


def _check_pdfs(place):
    pdfs = [path.read_bytes() for path in place.home.rglob("*.pdf")]
    assert len(pdfs) == 2
    for content in pdfs:
        path = place.root / "one.pdf"
        path.write_bytes(content)
        with pikepdf.open(path) as pdf:
            for item in pdf.objects:
                keys = set(item.keys()) if isinstance(item, pikepdf.Dictionary) else set()
                assert not keys & {
                    "/JS",
                    "/JavaScript",
                    "/URI",
                    "/Launch",
                    "/OpenAction",
                    "/AA",
                    "/EmbeddedFiles",
                }
        text = pdf_text(content)
        assert "<script>" in text
        assert "9359" not in text


def _check_mails(place):
    mails = [path.read_bytes() for path in place.home.rglob("*.eml")]
    assert len(mails) == 2
    for content in mails:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        headers = [
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
        ]
        assert sorted(mail.keys()) == sorted(headers)
        assert len(mail["To"].addresses) == len(mail["From"].addresses) == 1
        assert mail["To"].addresses[0].domain == "lantern.example"
        _check_page(mail.get_body(("html",)).get_content())
        assert "9359" not in mail.get_body(("plain",)).get_content()


def _check_pages(place):
    for issue in place.issues():
        card = from_json(issue.card_json)
        page = page_html(card)
        _check_page(page)
        # what is printed is the text itself
        assert "&lt;script&gt;" in page
        comments = [entry.comment for entry in card.entries if entry.comment]
        assert comments
        # but for the marks around what is read from the right
        shown = html.unescape(page).replace(APART, "").replace(TOGETHER, "")
        assert [text[:60] for text in comments if text not in shown] == []


def _check_page(page):
    found = _Tags(page)
    assert not found.tags & {"script", "img", "iframe", "object", "base", "embed", "form", "input"}
    assert not [name for name in found.attributes if name.startswith("on")]
    assert not [address for address in found.addresses if not address.startswith("#")]
    assert "9359" not in page


def _check_csv(place):
    with (place.root / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 500
    starts = ("=", "+", "-", "@", "\t", "\r")
    assert not [cell for cell in cells if cell.startswith(starts) and not re.fullmatch(r"-?[0-9.]+", cell)]


def _check_stores(place):
    site = place.open()
    with site.warehouse.opened() as connection:
        assert {"load_record", "fct_ad_daily", "measure_daily"} <= set(
            sa.inspect(connection).get_table_names()
        )
    assert len(site.ledger.latest_revisions(str(OCTOBER))) == 2
