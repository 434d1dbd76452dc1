"""The template environment: escaping always on, an unknown name is an error, one per language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from reports import palette
from reports.columns import is_long, is_wider
from reports.wording import wording
from scoring.evidence import CertificateStatus
from scoring.text import Language
from scoring.visible import printable
from scoring.working import Band

TEMPLATES = Path(__file__).parent / "templates"
_CERTIFICATE_BANDS = {
    CertificateStatus.FINAL.value: Band.GREEN,
    CertificateStatus.PROVISIONAL.value: Band.AMBER,
    CertificateStatus.HELD.value: Band.RED,
}
CERTIFICATE_TONES = {key: palette.TONES[band] for key, band in _CERTIFICATE_BANDS.items()}


def tones_of(tones: Mapping[Band, palette.Tone]) -> dict[str, palette.Tone]:
    """The colours of each status and each certificate, by its key."""
    bands = _CERTIFICATE_BANDS | {band.value: band for band in tones}
    return {key: tones[band] for key, band in bands.items()}


def _shown(value: Any) -> Any:
    """What an export says, such as the name of a campaign, could turn the text around it: marks are shown.

    A book is refused for them, so that they come from nowhere else; what is set apart is so afterwards.
    """
    # markup stays markup
    return type(value)(printable(value)) if isinstance(value, str) else value


@cache
def environment(language: Language) -> Environment:
    """The templates in `language`; compiled once per process."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(
            enabled_extensions=("html.j2",), disabled_extensions=("txt.j2", "css.j2"), default=True
        ),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"is_long": is_long, "is_wider": is_wider}
    made.install_gettext_translations(wording(language).translations, newstyle=True)  # type: ignore[attr-defined]
    return made


@cache
def stylesheet() -> str:
    """The style sheet of the pages with the palette filled in."""
    return environment("en").get_template("scorecard.css.j2").render(p=palette, tones=CERTIFICATE_TONES)
