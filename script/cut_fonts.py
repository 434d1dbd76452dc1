"""Write `reports/fonts/scripts/` anew: fonts for the scripts that Inter and Noto Sans SC lack.

    uv run python script/cut_fonts.py FOLDER

`FOLDER` has the packages that `SOURCES.txt` there names. Where one is missing, or is another than was tried,
the sentence says from where to get it. The same packages and the same fontTools give the same bytes.

A font keeps what makes a script look right, such as joined forms, and loses what no page shows, such as hints
for screens, and icons in Private Use. The big ones of CJK are cut to what the families before them lack.

Afterwards `script/font_ranges.py` has to be run.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from unicodedata import category

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "reports" / "fonts"
SCRIPTS = FONTS / "scripts"
SOURCES = {
    address.rsplit("/", 1)[1]: (address, digest)
    for digest, address in map(str.split, (SCRIPTS / "SOURCES.txt").read_text("utf-8").splitlines())
}
"""Where the packages are, and the SHA-256 of each, by the names of their files."""
CORE, HANAZONO, UNICODE, KOREAN, JAPANESE, HONG_KONG, EMOJI = SOURCES
OFFICIAL = (
    "Arabic Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada Khmer Lao "
    "Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai"
)
"""Scripts of the languages of states, by the names of their Noto Sans. Tibetan is only in Noto Serif."""
LIMITED = (
    "Adlam Balinese Bamum BassaVah Batak Buginese Buhid CanadianAboriginal Chakma Cham Cherokee "
    "Coptic Deseret GunjalaGondi HanifiRohingya Hanunoo Javanese KayahLi Lepcha Limbu Lisu Mandaic "
    "MasaramGondi Medefaidrin MeeteiMayek MendeKikakui Miao Mongolian Mro NKo NewTaiLue Newa OlChiki "
    "Osage Osmanya PahawhHmong PauCinHau Rejang Samaritan Saurashtra SoraSompeng Sundanese "
    "SylotiNagri Syriac Tagalog Tagbanwa TaiLe TaiTham TaiViet Tifinagh Vai Wancho "
    "WarangCiti Yi"
)
"""Scripts that are written today by fewer people, or besides another."""
SERIF = "NyiakengPuachueHmong Tibetan Yezidi"
KEPT = {*map(ord, " .,-'()\u00a0\u200c\u200d\u25cc")}
"""A text takes what stands between its letters from the font of the letters: without it a box is printed."""
LICENCES = {
    "Noto": (CORE, "./usr/share/doc/fonts-noto-core/copyright"),
    "NotoSansCJK": (KOREAN, "package/LICENSE_FONT"),
    "NotoEmoji": (EMOJI, "package/LICENSE_FONT"),
    "Hanazono": (HANAZONO, "./usr/share/doc/fonts-hanazono/copyright"),
}
"""The licences, each as its makers give it."""
NAMES = "IDC|XM|DM|CE|GH|LK|ZYS|PGLG|KJ|FC|CESI|OCD"
"""Unicode's short names of these sources."""
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}


Package = Mapping[str, bytes]
"""The files of a package by their names."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A font to make: where it comes from, its characters (all if none), its name if it needs another."""

    name: str
    package: str
    member: str
    characters: frozenset[int] | None = None
    family: str | None = None


def main(folder: Path) -> None:
    """Write all fonts and their licences."""
    packages = {name: _opened(folder / name) for name in SOURCES}
    for old in SCRIPTS.glob("*.ttf"):
        old.unlink()
    for cut in (*_noto(), *_emoji()):
        _write(cut, packages)
    for cut in _cjk(packages):
        _write(cut, packages)
    for name, (package, member) in LICENCES.items():
        (SCRIPTS / f"LICENSE-{name}.txt").write_bytes(packages[package][member])


def _opened(path: Path) -> Package:
    """The files of a package."""
    address, digest = SOURCES[path.name]
    content = path.read_bytes() if path.exists() else b""
    if sha256(content).hexdigest() != digest:
        sys.exit(f"{path}: expected the file with SHA-256 {digest}: get it from {address}")
    inner = content if path.suffix == ".tgz" else _data_of_deb(content)
    with tarfile.open(fileobj=io.BytesIO(inner)) as tar:
        files = ((each.name, tar.extractfile(each)) for each in tar)
        return {name: file.read() for name, file in files if file}


def _data_of_deb(content: bytes) -> bytes:
    """The data of a Debian package, which is an `ar` archive of three members."""
    at = len(b"!<arch>\n")
    while not content[at:].startswith(b"data.tar.xz"):
        at += 60 + (size := int(content[at + 48 : at + 58])) + size % 2
    return lzma.decompress(content[at + 60 : at + 60 + int(content[at + 48 : at + 58])])


def _noto() -> Iterator[Cut]:
    """The fonts of one script each, in the weights there are of them."""
    for style, names in (("Sans", OFFICIAL), ("Sans", LIMITED), ("Serif", SERIF)):
        for name in names.split():
            for weight, spelled in WEIGHTS.items():
                member = f"./usr/share/fonts/truetype/noto/Noto{style}{name}-{weight}.ttf"
                yield Cut(f"Noto{style}{name}_{spelled}", CORE, member)


def _emoji() -> Iterator[Cut]:
    yield Cut("NotoEmoji_400Regular", EMOJI, "package/400Regular/NotoEmoji_400Regular.ttf")


def _cjk(packages: Mapping[str, Package]) -> Iterator[Cut]:
    """The big fonts, each cut to what the ones before lack, and the last to names in China."""
    has = _characters(FONTS.rglob("*.ttf"))
    for name, package in (("NotoSansKR", KOREAN), ("NotoSansJP", JAPANESE), ("NotoSansHK", HONG_KONG)):
        members = {each: f"package/{each}/{name}_{each}.ttf" for each in WEIGHTS.values()}
        new = frozenset(_cmap(packages[package][members["400Regular"]]) - has)
        for weight, member in members.items():
            yield Cut(f"{name}_{weight}", package, member, new)
        has |= new
    names = frozenset(_names_in_china(packages[UNICODE]) - has)
    hanazono = "./usr/share/fonts/truetype/hanazono/HanaMinB.ttf"
    yield Cut("ScorewrightHan_400Regular", HANAZONO, hanazono, names, "Scorewright Han")


def _names_in_china(unihan: Package) -> set[int]:
    """The characters that China gave Unicode for names of people and places, and for what is in use."""
    text = bz2.decompress(unihan["./usr/share/unicode/Unihan_IRGSources.txt.bz2"]).decode()
    found = re.findall(rf"^U\+(\w+)\tkIRG_GSource\tG(?:{NAMES})\b", text, re.MULTILINE)
    return {int(each, 16) for each in found}


def _characters(paths: Iterator[Path]) -> set[int]:
    return set().union(*(_cmap(path.read_bytes()) for path in paths))


def _cmap(content: bytes) -> set[int]:
    """The characters of a font that are not Private Use, where each font has its own."""
    numbers = TTFont(io.BytesIO(content), lazy=True).getBestCmap()
    return {each for each in numbers if category(chr(each)) != "Co"}


def _write(cut: Cut, packages: Mapping[str, Package]) -> None:
    content = packages[cut.package].get(cut.member)
    if content is None:
        return
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    subsetter = Subsetter(_options())
    subsetter.populate(unicodes=(cut.characters or _cmap(content)) | KEPT)
    subsetter.subset(font)
    if cut.family:
        _rename(font, cut.family)
    font.save(SCRIPTS / f"{cut.name}.ttf")


def _options() -> Options:
    return Options(
        hinting=False,
        layout_features=["*"],
        layout_scripts=["*"],
        name_IDs=["*"],
        name_languages=[0x409],
        notdef_outline=True,
        recalc_timestamp=False,
        drop_tables=["DSIG", "FFTM", "PfEd", "vhea", "vmtx", "VORG", "BASE"],
    )


def _rename(font: TTFont, family: str) -> None:
    """Give a changed font another name than the one that its makers keep for theirs."""
    for number, name in ((1, family), (3, family), (4, family), (6, family.replace(" ", "")), (16, family)):
        if font["name"].getDebugName(number):
            font["name"].setName(name, number, 3, 1, 0x409)
    font["name"].names = [each for each in font["name"].names if each.platformID == 3]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
