"""The scorecard as a PDF/A-3a and PDF/UA-1 file: the same card gives the same bytes on every machine."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reports.attached import Attached, attached
from reports.copied import tell_text
from reports.finishing import finish
from reports.fullness import OverfullError, refuse_overfull
from reports.page import page_html
from reports.spared import OneArrayType, pages_class, shape_once, spare_rules
from reports.templating import stylesheet
from reports.unbroken import keep_whole
from reports.undrawable import UndrawableError, lost, refusal, refusal_of
from scoring.errors import DataError
from scoring.scorecard import Scorecard

FONTS_CONF = Path(__file__).parent / "fonts" / "fonts.conf"
VARIANT = "pdf/a-3a"
"""It is PDF/UA-1 as well: see `reports.finishing`."""
_TALKATIVE = ("weasyprint", "fontTools")
"""They log a dozen lines a card of what they are doing, between which the line of the step is lost."""


@dataclass(frozen=True, slots=True)
class _Engine:
    """What is costly to make and the same for every card."""

    pages: Any
    attachment: Any
    fetcher: Any
    fatal: type[BaseException]
    fonts: Any
    css: Any


def render_pdf(card: Scorecard) -> bytes:
    """`card` as a tagged PDF with our own fonts in it, and the files of `attached`.

    Raises `DataError` if the pages request anything external, `UndrawableError` if they lose a character.
    """
    try:
        return _drawn(card, attached(card))
    except UndrawableError as error:
        raise refusal_of(card, error) from None


def _drawn(card: Scorecard, files: Iterable[Attached], tighter: int = 0) -> bytes:
    """The card with page 1 set as tightly as it takes; the tightest setting may go over several pages."""
    try:
        return html_to_pdf(page_html(card, tighter), files)
    except OverfullError:
        return _drawn(card, files, tighter + 1)


def html_to_pdf(html: str, files: Iterable[Attached] = ()) -> bytes:
    """Lay out and print pages made by `page_html`, with files in them; see `render_pdf`.

    Raises `OverfullError` where page 1 is to be set more tightly.
    """
    engine, boxes = _engine(), []

    def look(document: Any, pdf: Any) -> None:
        refuse_overfull(html, [page.anchors for page in document.pages])
        finish(document, pdf)
        boxes.extend(lost(document.fonts.values()))

    try:
        document = engine.pages(keep_whole(html), engine.fetcher)
        pdf: bytes = document.write_pdf(
            font_config=engine.fonts,
            stylesheets=[engine.css],
            pdf_variant=VARIANT,
            attachments=[_attachment(engine, file) for file in files],
            finisher=look,
        )
    except engine.fatal as error:
        raise DataError(f"report: expected pages that fetch nothing, found {error}.") from None
    if boxes:
        raise refusal(html, boxes)
    return pdf


def _attachment(engine: _Engine, file: Attached) -> Any:
    return engine.attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        relationship=file.relationship,
        created=file.made,
        modified=file.made,
        url_fetcher=engine.fetcher,
    )


@cache
def _engine() -> _Engine:
    """WeasyPrint, imported late: it costs a second, and the mail needs none of it."""
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
    with _own_fonts_only():
        from weasyprint import CSS, HTML, Attachment, cssselect2, pdf  # noqa: PLC0415
        from weasyprint.draw import text  # noqa: PLC0415
        from weasyprint.html import UA  # noqa: PLC0415
        from weasyprint.text import line_break  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415

        class DenyingFetcher(URLFetcher):  # type: ignore[misc]
            """Fetches nothing: a report that requests an address is broken or tampered with."""

            def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
                raise PermissionError(f"{url} is outside of the report")

        tell_text(text, pdf)
        pdf.fonts.ffi = OneArrayType(pdf.fonts.ffi)
        shape_once(line_break)
        pages = pages_class(HTML, cssselect2.ElementWrapper, CSS(string=spare_rules(UA)))
        fetcher = DenyingFetcher(fail_on_errors=True)
        fonts = FontConfiguration()
        css = CSS(string=stylesheet(), font_config=fonts, url_fetcher=fetcher)
    return _Engine(pages, Attachment, fetcher, FatalURLFetchingError, fonts, css)


@contextmanager
def _own_fonts_only() -> Iterator[None]:
    """Show fontconfig our fonts and no others while it reads its configuration, and only then."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS_CONF)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
