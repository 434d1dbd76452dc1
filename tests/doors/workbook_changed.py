"""What happens to a workbook: to the archive, to its directory, to the XML in it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from random import Random

from tests.doors.bytes_changed import ANY, Change

Parts = dict[str, bytes]
SHEET, STRINGS, STYLES, BOOK = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
)
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def unpack(content: bytes) -> Parts:
    """The parts of a sound workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Parts, level: int = 6) -> bytes:
    """A workbook of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def in_parts(change: Callable[[Parts, Random], object]) -> Change:
    """A change of the parts as one of the packed bytes."""

    def changed(content: bytes, rng: Random) -> bytes:
        parts = unpack(content)
        change(parts, rng)
        return pack(parts)

    changed.__name__ = change.__name__
    return changed


def in_sheet(change: Callable[[bytes, Random], bytes]) -> Change:
    """A change of the first sheet's XML as one of the packed bytes."""

    def changed(content: bytes, rng: Random) -> bytes:
        parts = unpack(content)
        parts[SHEET] = change(parts[SHEET], rng)
        return pack(parts)

    changed.__name__ = change.__name__
    return changed


def _somewhere(xml: bytes, rng: Random, tag: bytes = b"<c ") -> int:
    places = [match.start() for match in re.finditer(re.escape(tag), xml)]
    return rng.choice(places) if places else 0


def drop_part(parts: Parts, rng: Random) -> None:
    """A part that is missing."""
    del parts[rng.choice(list(parts))]


def rename_part(parts: Parts, rng: Random) -> None:
    """A part under another name."""
    name = rng.choice(list(parts))
    parts[rng.choice((name.upper(), "../" + name, name + "\0x", "/" + name, "x" * 60_000))] = parts.pop(name)


def many_parts(parts: Parts, rng: Random) -> None:
    """Very many parts beside its own."""
    for number in range(rng.choice((90, 1100, 20_000))):
        parts[f"xl/{number}.xml"] = b"<a/>"


def change_part(parts: Parts, rng: Random) -> None:
    """Bytes changed in a part, whose checksum is right."""
    name = rng.choice(list(parts))
    parts[name] = rng.choice(ANY)(parts[name], rng)


def recode_part(parts: Parts, rng: Random) -> None:
    """A part in another encoding than it says."""
    name = rng.choice(list(parts))
    encoding = rng.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "gb18030"))
    text = parts[name].decode("utf-8", "replace")
    if rng.random() < 0.5:
        text = re.sub('encoding="[^"]*"', f'encoding="{rng.choice(("utf-16", "cp037", "x", "utf-7"))}"', text)
    parts[name] = text.encode(encoding, "replace")


def huge_part(parts: Parts, rng: Random) -> None:
    """A part that is nothing but long."""
    parts[rng.choice(list(parts))] = rng.choice((b" ", b"\0", b"<a/>", b"a")) * rng.choice(
        (300_000, 9_000_000)
    )


def nested_part(parts: Parts, rng: Random) -> None:
    """A part that is nested without end."""
    name, depth = rng.choice(list(parts)), rng.choice((300, 50_000, 500_000))
    deep = b"<a>" * depth + rng.choice((b"", b"</a>" * depth))
    xml = parts[name]
    at = rng.choice((len(xml), xml.rfind(b"</"), _somewhere(xml, rng)))
    parts[name] = xml[:at] + deep + xml[at:]


def entities(parts: Parts, rng: Random) -> None:
    """Entities that grow by being repeated, or that name a file."""
    name = rng.choice((SHEET, STRINGS, BOOK, STYLES))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    kind = rng.choice((f'<!ENTITY l0 "ha">{laughs}', '<!ENTITY l9 SYSTEM "file:///etc/passwd">'))
    xml = parts[name]
    begin = max(xml.find(b"?>") + 2, 0) if xml.startswith(b"<?") else 0
    parts[name] = xml[:begin] + f"<!DOCTYPE a [{kind}]>".encode() + xml[begin:].replace(b"<v>", b"<v>&l9;", 3)


def long_format(parts: Parts, rng: Random) -> None:
    """A number format that is looked at again and again."""
    code = rng.choice(("[", "&quot;", "[h", "d", "\\")) * rng.choice((50, 5000, 200_000))
    formats = f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'.encode()
    parts[STYLES] = re.sub(rb"(<styleSheet[^>]*>)", lambda match: match[1] + formats, parts[STYLES])


def many_strings(parts: Parts, rng: Random) -> None:
    """Shared strings by the million, or none at all."""
    count = rng.choice((0, 5_000, 400_000, 1_500_000))
    parts[STRINGS] = b"<sst>" + b"<si><t>x</t></si>" * count + b"</sst>"


def many_sheets(parts: Parts, rng: Random) -> None:
    """A book that lists its sheet again and again."""
    match = re.search(rb"<sheet [^>]*/>", parts[BOOK])
    if match:
        parts[BOOK] = parts[BOOK].replace(match[0], match[0] * rng.choice((2, 300, 20_000)))


def other_size(xml: bytes, rng: Random) -> bytes:
    """A sheet that says another size than it has."""
    size = rng.choice((b"A1:XFD1048576", b"A1", b"ZZZZ1:A0", b"A1:XFD99999999999", b"", b"B9:A1"))
    return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + size + b'"', xml)


def far_row(xml: bytes, rng: Random) -> bytes:
    """A row that stands far below the others, or nowhere."""
    number = rng.choice(
        (b"1048576", b"150000", b"99999999999", b"0", b"-5", b"1.5", b"1e9", b"x", b"\xd9\xa3")
    )
    at = _somewhere(xml, rng, b'<row r="')
    return xml[:at] + re.sub(rb'<row r="\d+"', b'<row r="' + number + b'"', xml[at:], count=1)


def far_cells(xml: bytes, rng: Random) -> bytes:
    """Cells at the right edge of the sheet, row by row."""
    column = rng.choice((b"XFD", b"ZZZ", b"AAAA", b"", b"a", b"IV"))
    rows = b"".join(
        b'<row r="%d"><c r="%b%d"><v>1</v></c></row>' % (number, column, number)
        for number in range(900, 900 + rng.choice((1, 30, 700, 20_000)))
    )
    return xml.replace(b"</sheetData>", rows + b"</sheetData>")


def many_cells(xml: bytes, rng: Random) -> bytes:
    """Rows by the ten thousand; packed, next to nothing."""
    row = b"<row>" + b"<c><v>1</v></c>" * rng.choice((1, 6, 300)) + b"</row>"
    return xml.replace(b"</sheetData>", row * rng.choice((500, 10_000, 60_000)) + b"</sheetData>")


def other_value(xml: bytes, rng: Random) -> bytes:
    """A cell that holds something else."""
    value = rng.choice(
        (b"1e999", b"9" * 5000, b"-1", b"nan", b"x", b"2958466", b"-1e300", b"", b"1_0", b"0x1", b"9" * 18)
    )
    kind = rng.choice((b"s", b"n", b"b", b"d", b"e", b"str", b"inlineStr", b"q"))
    cell = b'<c r="B2" s="%b" t="%b"><v>%b</v><is><t>a</t></is></c>' % (
        rng.choice((b"0", b"1", b"99999", b"-1", b"x")),
        kind,
        value,
    )
    at = _somewhere(xml, rng)
    return xml[:at] + cell + xml[at:]


def formulas(xml: bytes, rng: Random) -> bytes:
    """Formulas that are shared, long or wrong."""
    text = b"A1+" * rng.choice((1, 1000, 30_000)) + b"1"
    shared = b'<c r="A900"><f t="shared" ref="A900:A999" si="0">' + text + b"</f></c>"
    follow = b'<c r="B9"><f t="shared" si="0"/></c>' * rng.choice((1, 2000))
    return xml.replace(b"</sheetData>", b'<row r="900">' + shared + follow + b"</row></sheetData>")


def directory_bytes(content: bytes, rng: Random) -> bytes:
    """Bytes of the directory changed, and of the heads of the parts."""
    changed = bytearray(content)
    heads = [
        match.start()
        for match in re.finditer(re.escape(rng.choice((_CENTRAL, _LOCAL, b"PK\x05\x06"))), content)
    ]
    for _ in range(rng.choice((1, 3))):
        if heads:
            at = rng.choice(heads) + rng.randrange(4, 46)
            changed[min(at, len(changed) - 1)] = rng.choice((0, 1, 0xFF, rng.randrange(256)))
    return bytes(changed)


def declare_size(content: bytes, rng: Random) -> bytes:
    """A part that says it is larger, or smaller, than it is."""
    changed = bytearray(content)
    heads = [match.start() for match in re.finditer(re.escape(_CENTRAL), content)]
    size = rng.choice((0, 1, 100, 39_000_000, 700_000_000, 0xFFFFFFFF))
    struct.pack_into("<I", changed, rng.choice(heads) + rng.choice((20, 24)), size)
    return bytes(changed)


def wrong_checksum(content: bytes, rng: Random) -> bytes:
    """A part whose checksum is another's."""
    changed = bytearray(content)
    heads = [match.start() for match in re.finditer(re.escape(_CENTRAL), content)]
    struct.pack_into("<I", changed, rng.choice(heads) + 16, rng.randrange(2**32))
    return bytes(changed)


def odd_packing(content: bytes, rng: Random) -> bytes:
    """Parts that are locked, or packed in a way that nobody unpacks."""
    changed = bytearray(content)
    heads = [match.start() for match in re.finditer(re.escape(_CENTRAL), content)]
    place, value = rng.choice(((8, 1), (8, 0x41), (10, 97), (10, 12), (10, 14), (10, 0), (8, 0x800)))
    struct.pack_into("<H", changed, rng.choice(heads) + place, value)
    return bytes(changed)


def twice_named(content: bytes, rng: Random) -> bytes:
    """Two parts of one name."""
    parts = unpack(content)
    first, second = rng.sample([name for name in parts if len(name) > 8], 2)
    stand_in = first[:-1] + "?"
    packed = pack({**{stand_in if name == second else name: part for name, part in parts.items()}})
    return packed.replace(stand_in.encode(), first.encode())


def bomb(content: bytes, rng: Random) -> bytes:
    """A sheet of hundreds of megabytes in a file of some hundred kilobytes, which may deny it."""
    packed, size = _packed_spaces(rng.choice((30, 100, 700)))
    parts = unpack(content)
    parts[SHEET] = b""
    return _with_raw(pack(parts), packed, rng.choice((size, 1000, 30_000)))


@cache
def _packed_spaces(megabytes: int) -> tuple[bytes, int]:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b" " * 1_000_000
    return b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush(), megabytes * 1_000_000


def _with_raw(archive: bytes, packed: bytes, declared: int) -> bytes:
    """The archive with a sheet whose packed bytes and declared size are these."""
    crc = zlib.crc32(b" " * min(declared, 30_000))
    name = SHEET.encode()
    end = archive.rfind(b"PK\x05\x06")
    begin = struct.unpack_from("<I", archive, end + 16)[0]
    entries = re.sub(b"PK\x01\x02.{42}" + re.escape(name), b"", archive[begin:end], flags=re.DOTALL)
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), declared, len(name), 0)
    local = _LOCAL + head + name + packed
    tail = struct.pack("<HHHII", 0, 0, 0, 0, begin)
    central = entries + _CENTRAL + struct.pack("<H", 20) + head + tail + name
    count = central.count(_CENTRAL)
    closing = struct.pack("<HHHHIIH", 0, 0, count, count, len(central), begin + len(local), 0)
    return archive[:begin] + local + central + b"PK\x05\x06" + closing


WORKBOOK: tuple[Change, ...] = (
    *ANY,
    *(
        in_parts(change)
        for change in (drop_part, rename_part, many_parts, change_part, change_part, recode_part)
    ),
    *(
        in_parts(change)
        for change in (huge_part, nested_part, entities, long_format, many_strings, many_sheets)
    ),
    *(
        in_sheet(change)
        for change in (other_size, far_row, far_cells, many_cells, other_value, other_value, formulas)
    ),
    directory_bytes,
    directory_bytes,
    declare_size,
    wrong_checksum,
    odd_packing,
    twice_named,
    bomb,
)
