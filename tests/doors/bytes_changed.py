"""What happens to the bytes of a text export, and of any file: each a function of the content and of chance."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MOST_ADDED = 100_000_000
Change = Callable[[bytes, Random], bytes]


def _cut(content: bytes, rng: Random) -> tuple[int, int]:
    begin = rng.randrange(len(content) + 1)
    return begin, min(len(content), begin + rng.randrange(1, 2000))


def flip_bits(content: bytes, rng: Random) -> bytes:
    """Single bits turned over."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 10, 100)) if changed else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncate(content: bytes, rng: Random) -> bytes:
    """A download that broke off."""
    return content[: rng.randrange(len(content) + 1)]


def drop_block(content: bytes, rng: Random) -> bytes:
    """A block that is missing."""
    begin, end = _cut(content, rng)
    return content[:begin] + content[end:]


def repeat_block(content: bytes, rng: Random) -> bytes:
    """A block that stands there again and again."""
    begin, end = _cut(content, rng)
    return content[:end] + content[begin:end] * rng.choice((1, 2, 50, 1000)) + content[end:]


def swap_blocks(content: bytes, rng: Random) -> bytes:
    """The end of the file before its beginning."""
    at = rng.randrange(len(content) + 1)
    return content[at:] + content[:at]


def insert_junk(content: bytes, rng: Random) -> bytes:
    """Bytes from elsewhere, NULs among them."""
    at = rng.randrange(len(content) + 1)
    junk = rng.choice((b"\0", b"\0" * 500, b"\xff\xfe", b"\x1a", b"\x80", rng.randbytes(64)))
    return content[:at] + junk + content[at:]


def only_junk(content: bytes, rng: Random) -> bytes:
    """Nothing of the file."""
    return rng.choice(
        (
            b"",
            b" \r\n" * 99,
            b"\0" * 5000,
            rng.randbytes(4000),
            b"%PDF-1.7\n",
            b"\x1f\x8b\x08" + bytes(99),
            b"\n" * 9**7,
        )
    )


def twice(content: bytes, rng: Random) -> bytes:
    """The file behind itself."""
    return content * rng.choice((2, 3, 40))


def other_encoding(content: bytes, rng: Random) -> bytes:
    """The text saved in another encoding, with or without a mark, right or wrong."""
    text = content.decode(rng.choice(("utf-8", "utf-16-le", "gb18030", "latin-1")), "replace")
    mark = rng.choice((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    encoding = rng.choice(
        ("utf-8", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "latin-1", "utf-7", "cp037")
    )
    return mark + text.encode(encoding, "replace")


def lone_returns(content: bytes, rng: Random) -> bytes:
    """Lines that end with a carriage return alone: all, some, or one inside a line."""
    if rng.random() < 0.4:
        return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r")
    parts = content.split(b"\n")
    for _ in range(rng.choice((1, 3))):
        at = rng.randrange(len(parts))
        middle = rng.randrange(len(parts[at]) + 1)
        parts[at] = parts[at][:middle] + b"\r" + parts[at][middle:]
    return b"\n".join(parts)


def other_separators(content: bytes, rng: Random) -> bytes:
    """Another separator, other quotes."""
    old, new = rng.sample((b",", b";", b"\t", b'"', b"'", b" "), 2)
    return content.replace(old, new)


def shuffle_lines(content: bytes, rng: Random) -> bytes:
    """The lines in another order."""
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def drop_lines(content: bytes, rng: Random) -> bytes:
    """Lines that are missing, blank or there twice."""
    lines = content.split(b"\n")
    for _ in range(rng.choice((1, 1, 5))):
        at = rng.randrange(len(lines))
        lines[at : at + 1] = rng.choice(([], [b""], [b"  "], [lines[at]] * 2, [b",;\t" * 30]))
        lines = lines or [b""]
    return b"\n".join(lines)


def long_line(content: bytes, rng: Random) -> bytes:
    """A cell, or a line, longer than anybody writes."""
    at = rng.randrange(min(len(content), rng.choice((200, 10**9))) + 1)
    text = rng.choice((b"x", b"9", b" ", b'"', b'""', b"'", b"\xe9", b"\xe8\xbb\x8a", b",\\", b"<"))
    return content[:at] + text * rng.choice((5_000, 131_080, 400_000, 5_000_000)) + content[at:]


def many_columns(content: bytes, rng: Random) -> bytes:
    """A header, or every line, with very many cells more."""
    separator, count = rng.choice((b",", b";", b"\t")), rng.choice((500, 5_000, 100_000, 400_000))
    lines = content.split(b"\n")
    wide = range(len(lines)) if count <= 5_000 and len(lines) < 500 else [rng.randrange(min(12, len(lines)))]
    for at in wide:
        ending = b"\r" * lines[at].endswith(b"\r")
        added = separator.join(b"c%d" % number for number in range(count))
        lines[at] = lines[at].removesuffix(b"\r") + separator + added + ending
    return b"\n".join(lines)


def many_lines(content: bytes, rng: Random) -> bytes:
    """Very many rows: one of its own, blank ones, or cells of nothing."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    row = rng.choice((lines[at] + b"\n", b"\n", b"\r\n", b" \n", b",\n", b",;\t", b'"\n"'))
    count = rng.choice((3_000, 100_000, 1_200_000)) if len(row) < 60 else rng.choice((3_000, 40_000))
    # what is far over the limit of the door only fills the memory of who made it
    count = min(count, MOST_ADDED // len(row) + 1)
    return b"\n".join(lines[: at + 1]) + b"\n" + row * count + b"\n".join(lines[at + 1 :])


def other_cell(content: bytes, rng: Random) -> bytes:
    """A cell that says something else."""
    separator = max((b",", b";", b"\t"), key=content.count)
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    cells = lines[at].split(separator)
    cells[rng.randrange(len(cells))] = rng.choice(_CELLS)
    lines[at] = separator.join(cells)
    return b"\n".join(lines)


_CELLS = (
    *(
        b"",
        b"-",
        b"NaN",
        b"inf",
        b"1e400",
        b"-0",
        b"9" * 40,
        b"1" + b",000" * 30,
        b"=1+1",
        b"'",
        b'"',
        b'""',
        b'"a"b',
    ),
    *(
        b"2026-02-30",
        b"0000-00-00",
        b"99999-01-01",
        b"31.12.9999",
        b"\xd9\xa3",
        b"\xf0\x9f\x9a\xb2",
        b"\xe2\x80\x8b",
    ),
    *(
        b"true",
        b"EUR",
        b"eur",
        b"\xef\xbf\xbf",
        b"\x7f",
        b"<b>",
        b"Total",
        b"\xe2\x88\x92" + b"5",
        b"\xc2\xa0",
    ),
)


def as_json(content: bytes, rng: Random) -> bytes:
    """The export of an interface in place of the table, nested as deep as it likes."""
    depth = rng.choice((1, 50, 100_000, 3_000_000))
    return rng.choice(
        (
            b"[" * depth,
            b"[" * depth + b"]" * depth,
            b'{"a":' * min(depth, 400_000),
            b'{"rows": ["' + content[:5000].replace(b'"', b"'") + b'"]}',
        )
    )


ANY: tuple[Change, ...] = (
    flip_bits,
    truncate,
    drop_block,
    repeat_block,
    swap_blocks,
    insert_junk,
    only_junk,
    twice,
)
TEXT: tuple[Change, ...] = (
    *ANY,
    other_encoding,
    lone_returns,
    other_separators,
    shuffle_lines,
    drop_lines,
    long_line,
    many_columns,
    many_lines,
    other_cell,
    other_cell,
    as_json,
)
