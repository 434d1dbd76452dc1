"""The file beneath the pages: PDF/A-3a and PDF/UA-1, the card's data in it, links, and numbers that paste."""

import csv
import io
import re
import subprocess
from collections import Counter
from decimal import Decimal

import pikepdf
import pytest

from reports.pdf import render_pdf
from reports.tables.scores import LINE
from reports.workbook.render import render_workbook
from scoring.canonical import to_json
from tests.reports.workbook_cards import books

WISHES = [{}, {"language": "zh_CN", "lines": 5, "months": 2, "files": 2}]


@pytest.fixture(params=WISHES, ids=["en", "zh_CN"])
def wishes(request: pytest.FixtureRequest):
    return request.param


@pytest.fixture
def opened(printed, wishes):
    with pikepdf.open(io.BytesIO(printed(**wishes)[0])) as pdf:
        yield pdf


def elements(pdf: pikepdf.Pdf, *kinds: str) -> list[pikepdf.Dictionary]:
    return [item for item in dictionaries(pdf, "/StructElem") if str(item.S) in kinds]


def dictionaries(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == kind
    ]


def links(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return [item for item in dictionaries(pdf, "/Annot") if item.Subtype == "/Link"]


def files_of(pdf: bytes) -> dict[str, tuple[str, bytes]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {str(file.UF): (str(file.AFRelationship), file.EF.F.read_bytes()) for file in opened.Root.AF}


def test_it_claims_both_standards_and_has_what_they_ask_for(opened) -> None:
    with opened.open_metadata() as metadata:
        claims = [metadata[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
    assert claims == ["3", "A", "1"]
    assert b"pdfaExtension:schemas" in opened.Root.Metadata.read_bytes()
    assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert len(opened.Root.OutputIntents[0].DestOutputProfile.read_bytes()) > 1000
    assert "/ID" in opened.trailer
    assert opened.pdf_version == "1.7"
    for font in dictionaries(opened, "/FontDescriptor"):
        assert "/FontFile2" in font
    assert not {"/OpenAction", "/AA"} & set(opened.Root.keys())


def test_qpdf_finds_nothing_wrong_with_it(printed, wishes, tmp_path) -> None:
    path = tmp_path / "card.pdf"
    path.write_bytes(printed(**wishes)[0])
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_heads_of_tables_say_whether_they_are_of_a_column_or_a_row(opened) -> None:
    for cell in elements(opened, "/TH"):
        is_above = cell.P.P.S == "/THead"
        assert cell.A.Scope == ("/Column" if is_above else "/Row")
    assert {str(cell.A.Scope) for cell in elements(opened, "/TH")} == {"/Column", "/Row"}


def test_lists_have_entries_and_nothing_else_and_entries_are_in_lists(opened) -> None:
    assert {str(kid.S) for one in elements(opened, "/L") for kid in one.K} == {"/LI"}
    assert {str(entry.P.S) for entry in elements(opened, "/LI")} == {"/L"}


def test_each_link_has_words_a_target_and_a_place_in_the_structure(opened, make_card, wishes) -> None:
    targets = {str(name) for name in opened.Root.Names.Dests.Names[::2]}
    numbers = opened.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(number): parent for number, parent in zip(numbers[::2], numbers[1::2], strict=True)}
    led = Counter(str(link.Dest) for link in links(opened))
    for link in links(opened):
        assert str(link.Dest) in targets
        assert " " in str(link.Contents) or not str(link.Contents).isascii()
        assert link.F == 4
        assert parents[int(link.StructParent)].S == "/Link"
    for result in make_card(**wishes).results:
        assert led[f"working-{result.kpi_id}"]
        assert led[f"line-{result.kpi_id}"]
    assert {"trends", "definitions", "sources", "method"} <= set(led)


def test_a_negative_number_is_copied_as_a_spreadsheet_takes_it(make_card, change) -> None:
    card = change(make_card(lines=18, months=2, files=1), "nps", actual=Decimal("-3.2"))
    pdf = render_pdf(card)
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert re.search(r"^-3\.2$", text, re.MULTILINE)
    assert "\u2212" not in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        maps = [font.ToUnicode.read_bytes() for font in dictionaries(opened, "/Font") if "/ToUnicode" in font]
    assert maps
    assert not any(b"<2212>" in characters for characters in maps)


def test_the_card_is_in_it_as_data_and_its_kpis_as_a_table(printed, make_card, wishes) -> None:
    card, files = make_card(**wishes), files_of(printed(**wishes)[0])
    assert {name: relation for name, (relation, _) in files.items()} == {
        "kpis.csv": "/Data",
        "scorecard.json": "/Source",
    }
    assert files["scorecard.json"][1].decode() == to_json(card)
    rows = [*csv.DictReader(io.StringIO(files["kpis.csv"][1].decode("utf-8-sig")))]
    assert list(rows[0]) == list(LINE)
    told = {row["kpi_id"]: (row["actual"], row["score"]) for row in rows}
    for result in card.results:
        for said, value in zip(told[result.kpi_id], (result.actual, result.score), strict=True):
            assert (Decimal(said) if said else None) == value


def test_each_file_is_listed_once_with_its_size_and_what_it_is(opened) -> None:
    assert len({file.objgen for file in opened.Root.AF}) == len(opened.Root.AF) == 2
    names = [str(name) for name in opened.Root.Names.EmbeddedFiles.Names[::2]]
    assert names == sorted(names)
    for file in opened.Root.AF:
        assert str(file.Desc)
        assert str(file.EF.F.Subtype) in ("/text/csv", "/application/json")
        assert file.EF.F.Params.Size == len(file.EF.F.read_bytes())
        assert str(file.EF.F.Params.ModDate) == "D:20261101000000Z"


def test_a_card_with_a_workbook_has_it_in_its_pdf_too() -> None:
    card = next(iter(books().values()))
    relation, content = files_of(render_pdf(card))["scorecard.xlsx"]
    assert (relation, content) == ("/Data", render_workbook(card))
