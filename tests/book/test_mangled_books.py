"""Whatever happens to the text of a book, the check answers with faults or with none, and never crashes."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book import load_book, read_book
from tests.book.books import VALID

FILES = sorted(path.relative_to(VALID).as_posix() for path in VALID.rglob("*") if path.is_file())
PIECES = [
    *(b'"', b"'", b"{", b"}", b"[", b"]", b"{}", b"[]", b":", b",", b"\n", b"\t", b"  ", b"- ", b"? ", b"| "),
    *(b"&a ", b"*a", b"!!x ", b"<<: ", b"#", b"%", b"@", b"~", b"null", b"true", b"0", b"-1", b".nan"),
    *(
        b"1e999999",
        b"9" * 40,
        b"\x00",
        b"\xff",
        "\u2028".encode(),
        b'"\\ud800"',
        b'"\\0"',
        b"/ 0",
        b"**",
        b"",
    ),
]
changes = st.lists(
    st.tuples(
        st.sampled_from(FILES), st.integers(0, 2000), st.sampled_from([0, 1, 5, 40]), st.sampled_from(PIECES)
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return shutil.copytree(VALID, tmp_path_factory.mktemp("book") / "config")


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(changes=changes)
def test_a_mangled_book_is_judged(config, changes):
    try:
        for name, at, cut, piece in changes:
            content = (config / name).read_bytes()
            (config / name).write_bytes(content[:at] + piece + content[at + cut :])
        faults = read_book(config).faults
        assert all(str(fault).encode() for fault in faults)
        assert faults or load_book(config).teams
    finally:
        for name, *_ in changes:
            shutil.copyfile(VALID / name, config / name)
