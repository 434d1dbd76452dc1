"""From bytes to text: which encodings an export may be in, the most likely one first.

A byte order mark decides, then what is valid UTF-8 is UTF-8. Everything else is judged by how its bytes
beyond ASCII stand: letters of a Western language stand alone among ASCII, those of a Chinese or Japanese
text in runs. What is left open is tried in turn, and the reader takes the one in which it finds its header.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
WESTERN = ("cp1252", "latin-1")
EASTERN = ("gb18030", "big5", "cp932", "cp949")
SAID = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp850", "cp852"),
    *("cp866", "cp874", "koi8-r", "mac-roman", "iso-8859-2", "iso-8859-4", "iso-8859-5", "iso-8859-7"),
    *("iso-8859-8", "iso-8859-9", "iso-8859-13", "iso-8859-15", "iso-8859-16"),
)
"""Encodings in which almost any bytes are some text: only an account can say that its exports are in one."""
_RUNS = re.compile(rb"[\x80-\xff]+")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_IN_A_WORD = rb"(?=[A-Za-z\xc0-\xff])"
_ODD_IN_WESTERN = (
    # letters of Mac Roman and of Central Europe that are signs or rare letters in cp1252, or nothing at all
    rb"(?<=[A-Za-z][\x80\x82-\x84\x86-\x8b\x8e\x98\x9a\x9b\x9e\x9f])(?=[A-Za-z])|(?<=[\x81\x8d\x8f\x90\x9d])",
    # signs within a word, and those that neither begin nor end one, such as `£` for a Polish letter
    rb"(?<=[A-Za-z\xc0-\xff][\xa1-\xa6\xac\xae\xaf\xb1\xb3\xb5\xb6\xb8-\xba\xbc\xbe\xbf])" + _IN_A_WORD,
    rb"(?<=[\xa3\xaf\xbc\xbe])(?=[aeiouy\xe0-\xff][a-z\x80-\xff])|(?<=[\xa6\xa9\xae])(?=[a-z]{2})",
    rb"(?<=[A-Za-z]{3}\xb3)|(?<=[A-Za-z][\xa1\xbf])|(?<![0-9A-Za-z.]\xaa)(?<=\xaa)(?=[a-z]{2})",
    # letters of Icelandic, which are Turkish, Baltic or Romanian ones far more often
    rb"(?<=[\xd0\xde\xf0\xfe])|(?<![A-Z\xc0-\xdf]\xdd)(?<=\xdd)|(?<=\xfd)(?=[a-z])",
    # letters of French where French has them nowhere: Polish and Czech ones, and those of their neighbours
    rb"(?<=[aeiouy\xc0-\xff]\x9c)|(?<=\x9c)(?=[bgjkmpqvwxz])|(?<=\x8c)(?=[abf-hj-mo-rtv-z])|(?<=[a-z\xe0-\xff]\x9f)",
    rb"(?<=[AEIOUY]\x8c)|(?<=\x8c)(?=[KPRW])",
    rb"(?<=[Kkz]\xea)|(?<=i\xea)(?=[bcdgjkltwz\xe6])|(?<=\xea)(?=b[inor]|d[nz]|g[lor]|wi|z[iy])",
    rb"(?<=[\xec\xcc\xf9])(?=[a-z])|(?<=[ae]\xf2)|(?<=\xf2)(?=[aou])|(?<=\xd2)(?=[aeiou])",
    rb"(?<=[au]\xe8)(?=[a-z])|(?<=o\xe8)(?=[b-dghjknprsvz])|(?<=\xc8)(?=[acehijl]|rn)|(?<=[yz]\xfb)|(?<=\xfb)(?=z)",
    # those of Spanish, Portuguese and Danish
    rb"(?<=\xf1)(?![aeiouy\xe0-\xff])|(?<=\xd1)(?=[B-DF-HJ-NP-TV-XZ])|(?<=\xe3)(?=[b-df-np-rt-y])|(?<=i\xe6)",
    rb"(?<=\xf5)(?![A-Za-z\x80-\xff])|(?<=[dyz]\xf5)|(?<=\xf5)(?=f|cs|sz|[gln]y)|(?<=[\xe1\xe9\xfb])[A-Za-z]{0,20}\xf5(?!e)",
    rb"(?<=[PpTt]\xf8)(?=[ei])|(?<=nd\xf8)|(?<=[\xd8\xf8])[A-Za-z]{0,20}[\xe1\xe8\xec\xed\xf9\xfa\xfd]",
    rb"(?<=[\xe1\xe8\xec\xed\xf9\xfa\xfd])[A-Za-z]{0,20}[\xd8\xf8]",
)
# each way begins with a byte beyond ASCII, of which there are few: the others are passed over quickly
_OF_ANOTHER_WESTERN = re.compile(rb"[\x80-\xff](?:%b)" % b"|".join(_ODD_IN_WESTERN))
_LOW = re.compile(rb"[\x80-\x9f]")
_BEGUN_IN_ASCII = re.compile(rb"[\n,;\t\" ][A-Za-z]*[a-z][\x80-\xff]")
_MARK_WITHIN = re.compile(b"\xff\xfe|\xfe\xff")
_TWICE = re.compile(rb"\xc3[\x82\x83]\xc2[\x80-\xbf]")
"""A letter in UTF-8 that was taken for two letters, and those written in UTF-8 again, such as `Ã¼`."""
_PARTING, _LEAST_PARTED = frozenset(b"\r\n,;\t|"), 2
_LINE = re.compile(rb'"((?:[^"]|"")*)"\r?')
_BARE = re.compile(rb'[^",;\t|]*\r?')
_WRAPPED_OR_BARE = re.compile(rb"%b|%b" % (_LINE.pattern, _BARE.pattern))
_PARTED = re.compile(rb"[,;\t|]")
_LOOKED_AT = 1_000_000
_PART = 2**20


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as UTF-8 without a byte order mark.

    `damaged` counts what is not of `encoding`, or was written in it twice. `is_sure` says whether the bytes
    themselves tell that it is in this encoding.
    """

    encoding: str
    content: bytes
    damaged: int = 0
    is_sure: bool = True


def decodings(content: bytes, likely: Sequence[str] = ()) -> Iterator[Decoded]:
    """The text in every encoding that it may be in, the most likely first; `likely` come before others.

    Nothing for what is no text.
    """
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            yield from _in(encoding, content[len(mark) :])
            return
    unmarked = _unmarked_utf16(content)
    if unmarked:
        yield from _in(unmarked, content)
        return
    if (text := _transcoded(content, "utf-8")) is not None:
        yield Decoded("utf-8", text, damaged=len(_TWICE.findall(text)))
        return
    damaged = _damaged_utf8(content)
    yield from _by_family(content, likely) if damaged is None else [damaged]


def _by_family(content: bytes, likely: Sequence[str]) -> Iterator[Decoded]:
    family, is_one = _family(content)
    is_sure = is_one and _leaves_no_doubt(content[:_LOOKED_AT], family)
    known = {*family} if is_one else {*likely, *family}
    known |= {*likely} & {*SAID}
    for encoding in filter(known.__contains__, dict.fromkeys((*likely, *family))):
        text = _transcoded(content, encoding)
        if text is not None:
            yield Decoded(encoding, text, is_sure=is_sure or encoding in likely)


def _in(encoding: str, content: bytes) -> Iterator[Decoded]:
    text = _transcoded(content, encoding)
    if text is not None:
        # some programs write a second mark where two files were put together
        yield Decoded(encoding, text.removeprefix(codecs.BOM_UTF8))


def in_utf16(content: bytes) -> bool:
    """Whether it begins as a text in UTF-16 does."""
    is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return is_marked or _unmarked_utf16(content) is not None


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without its mark has a NUL beside each separator and line break, whatever its letters are."""
    head = content[:4096]
    if 0 not in head:
        return None  # nearly every file; to look at it letter by letter takes its time
    first, second = head[::2], head[1::2]
    little, big = _beside_nul(first, second), _beside_nul(second, first)
    if max(little, big) < _LEAST_PARTED:
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _beside_nul(letters: bytes, others: bytes) -> int:
    """How many separators and line breaks have a NUL beside them."""
    return sum(letter in _PARTING and other == 0 for letter, other in zip(letters, others, strict=False))


def _damaged_utf8(content: bytes) -> Decoded | None:
    """A text in UTF-8 into which somebody pasted single bytes of another encoding."""
    good, rest = len(_UTF8.findall(content)), _MARK_WITHIN.sub(b"\xff", _UTF8.sub(b"", content))
    bad = _RUNS.findall(rest)
    if not good or len(bad) > max(1, good // 10) or max(map(len, bad), default=0) > 1:
        return None
    text = content.decode("utf-8", errors=_REPLACED)
    return Decoded("utf-8", text.encode(), damaged=len(bad))


def _western_letter(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("latin-1"), error.end


_REPLACED = "scorewright-western"
codecs.register_error(_REPLACED, _western_letter)


def _family(content: bytes) -> tuple[tuple[str, ...], bool]:
    """The encodings of one part of the world, and whether the bytes leave no doubt that it is this one."""
    runs = _RUNS.findall(content[:_LOOKED_AT])
    single = sum(len(run) == 1 for run in runs)
    if single * 10 >= len(runs) * 7:
        return WESTERN, True
    if single * 10 <= len(runs) * 3:
        return EASTERN, True
    return (*WESTERN, *EASTERN), False


def _leaves_no_doubt(content: bytes, family: Sequence[str]) -> bool:
    """Whether texts in another encoding of the same part of the world do not look like this one."""
    if family == WESTERN:
        return not _OF_ANOTHER_WESTERN.search(content)
    whole_lines = content[: content.rfind(b"\n") + 1]
    # Cyrillic, Greek and Thai have no such bytes, and words of Czech and Turkish begin in plain letters
    is_eastern = _LOW.search(whole_lines) and not _BEGUN_IN_ASCII.search(whole_lines)
    fitting = sum(_transcoded(whole_lines, encoding) is not None for encoding in family)
    return bool(is_eastern) and fitting == 1


def _transcoded(content: bytes, encoding: str) -> bytes | None:
    """The content in UTF-8, None unless it is in `encoding`; a part at a time, to save memory."""
    try:
        if encoding == "utf-8":
            deque(_parts(content, encoding), maxlen=0)
            return content  # it is what it was: only looked at
        return "".join(_parts(content, encoding)).encode()
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None


def _parts(content: bytes, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(content)
    for begin in range(0, len(content), _PART):
        yield decoder.decode(bytes(view[begin : begin + _PART]), final=begin + _PART >= len(content))


def unwrapped(text: bytes) -> bytes:
    """The text without the quotes around its lines, where all that have a separator are quoted whole.

    So a spreadsheet saves what it took for one column, because its own separator is another.
    """
    first = next(filter(_PARTED.search, text[:4096].split(b"\n")), b"")
    if not _LINE.fullmatch(first):
        return text
    lines = text.split(b"\n")
    if not all(map(_WRAPPED_OR_BARE.fullmatch, lines)):
        return text
    return b"\n".join(map(_without_quotes, lines))


def _without_quotes(line: bytes) -> bytes:
    found = _LINE.fullmatch(line)
    return line if found is None else found[1].replace(b'""', b'"')
