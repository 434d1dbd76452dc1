"""Opening a workbook from outside: what keeps it from being read, and that nothing else is touched by it."""

from __future__ import annotations

import io
import os
import threading
import time
import zipfile

import openpyxl
import pytest

from etl.reading.workbook_table import read_grids
from processes import guarded
from unpacking.package import BadWorkbookError, Room, read_workbook
from unpacking.written import read_first_page, read_pages

ROOM = Room(unpacked=40_000_000, is_apart=True)
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows=(("a", 1), (None, None), ("b", 2.5)), **changed):
    """A workbook; `changed` are functions of a part by the end of its name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    saved, content = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            change = changed.get(name.rsplit("/")[-1].split(".")[0])
            new.writestr(name, change(part) if change else part)
    return content.getvalue()


def refusal(content, room=ROOM, reader=read_grids, *arguments):
    with pytest.raises(BadWorkbookError) as raised:
        read_workbook(content, room, reader, *arguments)
    return str(raised.value)


def test_the_rows_of_a_sheet_keep_their_numbers():
    (grid,) = read_workbook(workbook(), ROOM, read_grids)
    assert grid.sheet == "Sheet"
    assert grid.rows == (("a", "1"), ("", ""), ("b", "2.5"))
    assert grid.plain[2] == (False, True)


def test_the_process_apart_reads_the_same(monkeypatch):
    here = read_workbook(workbook(), ROOM, read_grids)
    monkeypatch.setattr("unpacking.package._PLAIN_BYTES", 0)
    assert read_workbook(workbook(), ROOM, read_grids) == here
    assert guarded._Kept.process is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "found something else (File is not a zip file)"),
        (b"text", "found something else (File is not a zip file)"),
        (b"PK\x05\x06" + bytes(18), "found a packed file without [Content_Types].xml"),
        (workbook()[:-400], "found something else"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(content, said):
    assert refusal(content).startswith("expected an Excel workbook (.xlsx), " + said)


def test_a_part_that_lies_about_its_size_is_not_unpacked_further():
    content = workbook(sheet1=lambda part: part + b" " * 9_000_000)
    assert refusal(content, Room(5_000_000)) == (
        f"expected at most 5,000,000 bytes unpacked, found {sum_of(content):,}"
    )
    size = (len(unpacked(content)[SHEET])).to_bytes(4, "little")
    denied = content.replace(size, (1000).to_bytes(4, "little"))
    assert denied != content
    assert "expected an Excel workbook (.xlsx), found a damaged one (Bad CRC-32" in refusal(denied)


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sum_of(content):
    return sum(map(len, unpacked(content).values()))


def test_too_many_parts_are_refused_before_they_are_listed():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(1001):
            archive.writestr(str(number), b"")
    assert refusal(content.getvalue()) == "expected at most 1,000 parts, found more"


def test_two_parts_of_one_name_are_refused():
    content = io.BytesIO(workbook())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(content, "a") as archive:
        archive.writestr(SHEET, b"another")
    assert f"a packed file that has {SHEET!r} twice" in refusal(content.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_encoding(encoding):
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]>'.encode(encoding)
    assert "declares entities in 'xl/styles.xml'" in refusal(workbook(styles=lambda part: bomb + part))


def in_rows(xml):
    return lambda part: part.replace(b"</sheetData>", xml + b"</sheetData>")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (in_rows(b'<row r="99999999999"><c><v>1</v></c></row>'), "one that breaks the program that reads it"),
        (in_rows(b'<row r="999999"><c r="XFD999999"><v>1</v></c></row>'), "breaks the program that reads it"),
        (in_rows(b'<row><c r="BKV900"><v>1</v></c></row>'), "at most 1,000,000 cells, found more"),
        (lambda part: part[:200], "one that cannot be read (XmlError)"),
    ],
)
def test_what_a_sheet_holds_has_an_end(change, said):
    started = time.perf_counter()
    assert refusal(workbook(sheet1=change)).endswith(said)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (b'<row r="4"><c r="B3"><v>9</v></c></row>', "found B3 after B3"),
        (b'<row r="4"><c r="A4"><v>9</v></c><c r="B1"><v>9</v></c></row>', "found B1 after A4"),
        (b"<row r='4'><c t='n' r='C4'><v>9</v></c><c r='B4'><v>9</v></c></row>", "found B4 after C4"),
    ],
    ids=["twice", "in an earlier row", "out of order"],
)
def test_a_cell_that_would_be_put_over_another_is_refused(xml, said):
    told = refusal(workbook(sheet1=in_rows(xml)))
    assert told == f"expected cells that stand in their order, each once, {said}"
    further = in_rows(
        b'<row r="4"><c r="B4"><v>9</v></c><c><v>8</v></c></row><row><c r="AA5"><v>7</v></c></row>'
    )
    assert read_grids(workbook(sheet1=further))[0].rows[3][1:3] == ("9", "8")


def test_what_a_sheet_says_of_its_own_size_is_not_believed():
    def claim(part):
        return part.replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:XFD1048576"')

    assert read_workbook(workbook(sheet1=claim), ROOM, read_grids)[0].rows[0] == ("a", "1")


def spin(content):
    while True:
        pass


def fill(content):
    return bytearray(2**30)


def leave(content):
    os._exit(3)


def wrong(content):
    raise ZeroDivisionError


def environment(content):
    return dict(os.environ)


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (spin, "found one that is not read after 1 s"),
        (fill, "found one that needs more than 448 MiB of memory"),
        (leave, "found one that breaks the program that reads it"),
        (wrong, "found one that cannot be read (ZeroDivisionError)"),
    ],
)
def test_a_reader_that_goes_wrong_costs_its_process_and_no_more(reader, said):
    with pytest.raises(BadWorkbookError, match=r"expected .*") as raised:
        read_apart(reader)
    assert said in str(raised.value)
    assert read_apart(len) > 0


def read_apart(reader, rows=((1,),) * 9000):
    """Read in the process apart, for the workbook is not small."""
    return read_workbook(workbook(rows), Room(40_000_000, seconds=1), reader)


def test_a_process_that_ended_meanwhile_is_not_blamed_on_the_file():
    read_apart(len)
    process = guarded._Kept.process
    process.running.kill()
    process.running.wait()
    assert read_apart(len) > 0


def test_the_process_apart_gets_no_settings_and_no_passwords(monkeypatch):
    guarded.stop()
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("SCOREWRIGHT_DELIVERY", "smtp://user:secret@mail")
    assert "secret" not in str(read_apart(environment))


def test_threads_wait_for_each_other_and_a_fork_starts_its_own():
    found = []
    threads = [threading.Thread(target=lambda: found.append(read_apart(len))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    ours = guarded._Kept.process
    child = os.fork()
    if not child:
        os._exit(0 if read_apart(len) == found[0] and guarded._Kept.process is not ours else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert read_apart(len) == found[0]
    assert guarded._Kept.process is ours


def test_a_system_without_room_for_a_process_is_not_blamed_on_the_file(monkeypatch):
    guarded.stop()
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(
        BadWorkbookError, match="a system that can start a process to read it in, found No such"
    ):
        read_apart(len)


def test_what_people_write_comes_with_its_formulas():
    book = openpyxl.Workbook()
    book.active.append(["x", "=1+1"])
    book.create_sheet("more").append([0.2])
    book["more"]["A1"].number_format = "0%"
    content = io.BytesIO()
    book.save(content)
    page = read_workbook(content.getvalue(), ROOM, read_first_page, 9)
    text, formula = page.rows[0]
    assert (text.value, text.is_formula) == ("x", False)
    assert (formula.value, formula.written, formula.is_formula) == (None, "=1+1", True)
    pages = read_workbook(content.getvalue(), ROOM, read_pages, 2, 9, 1)
    assert [(page.title, len(page.rows[0]), page.is_cut) for page in pages] == [
        ("Sheet", 1, False),
        ("more", 1, False),
    ]
    assert pages[1].rows[0][0].number_format == "0%"
    assert refusal(content.getvalue(), ROOM, read_pages, 1, 9, 1) == "expected at most 1 sheets, found 2"
