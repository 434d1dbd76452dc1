"""What WeasyPrint leaves out of a file that is PDF/A-3a and PDF/UA-1 at once, done before it is written.

The steps change the objects of the file and nothing of what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

COPIED = {b"<2212>": b"<002d>"}
"""A spreadsheet takes `-3.2` for a number, and not the longer sign that is drawn."""
SCOPES = {"/THead": "/Column"}
"""What a head cell is of, by the part of the table that its row is in; others are of their row."""
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_AIIM = "http://www.aiim.org/"
ACCESSIBLE = f"""<rdf:Description xmlns:rdf="{_RDF}" rdf:about="" \
xmlns:pdfuaid="{_AIIM}pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="{_RDF}" rdf:about="" xmlns:pdfaExtension="{_AIIM}pdfa/ns/extension/" \
xmlns:pdfaSchema="{_AIIM}pdfa/ns/schema#" xmlns:pdfaProperty="{_AIIM}pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>{_AIIM}pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
""".encode()
"""That it is PDF/UA-1, and what that means to a reader that knows PDF/A only."""


def finish(document: Any, pdf: Any) -> None:
    """Do all that is missing; of a WeasyPrint document that is drawn, and its file."""
    _claim(pdf)
    _copy_as_typed(pdf)
    _scope(pdf)
    _name_links(document)
    if "AF" in pdf.catalog:
        _list_once(pdf.catalog["AF"])
    _pack(pdf)


def _claim(pdf: Any) -> None:
    """Say PDF/UA-1 too: only one of both can be asked for."""
    end = b"</rdf:RDF>"
    stream = _object(pdf, pdf.catalog["Metadata"]).stream
    stream[:] = [part.replace(end, ACCESSIBLE + end) for part in stream]


def _copy_as_typed(pdf: Any) -> None:
    """Give signs the characters that are copied for them."""
    for font in _dictionaries(pdf, "ToUnicode"):
        lines = _object(pdf, font["ToUnicode"]).stream
        lines[:] = map(_as_typed, lines)


def _as_typed(line: bytes) -> bytes:
    glyph, space, characters = line.partition(b" ")
    return glyph + space + COPIED.get(characters, characters)


def _scope(pdf: Any) -> None:
    """Say of each head of a table whether it is of a column or of a row."""
    for cell in _dictionaries(pdf, "ID"):
        part = _object(pdf, _object(pdf, cell["P"])["P"])
        cell["A"]["Scope"] = SCOPES.get(part["S"], "/Row")


def _name_links(document: Any) -> None:
    """Say of each link where it leads: readers of screens read that instead of the target's name."""
    for page in document.pages:
        for *_, box in page.links:
            said = box.link_annotation["Contents"]
            said.string = box.element.get("title", said.string)


def _list_once(files: Any) -> None:
    """WeasyPrint lists each attached file twice."""
    files[:] = dict.fromkeys(files)


def _pack(pdf: Any) -> None:
    """Pack every stream once, also those that come when the file is written: it is put together twice, for
    its own hash and to be written.
    """
    for each in pdf.objects:
        _pack_stream(each)
    add = pdf.add_object

    def add_packed(added: Any) -> None:
        _pack_stream(added)
        add(added)

    pdf.add_object = add_packed


def _pack_stream(each: Any) -> None:
    if getattr(each, "compress", False):
        packed = each.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
        each.stream, each.compress = [packed], False
        each.extra = {**each.extra, "Filter": "/FlateDecode"}


def _dictionaries(pdf: Any, key: str) -> Iterator[Any]:
    return (each for each in pdf.objects if isinstance(each, dict) and key in each)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
