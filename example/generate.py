"""Write all export files of the invented company: `python -m example.generate FOLDER`."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from example.formats import (
    budget,
    facebook_pages,
    fx_rates,
    ga4,
    google_ads,
    hubspot,
    linkedin_ads,
    market_size,
    meta_ads,
    ocean_engine,
    sales,
    social_listening,
    survey,
    wechat,
    x,
)
from example.slices import Slice, slices
from example.truth import Vintage, facts

STAMP = ".generated"
_MONTHLY: dict[str, Callable[[Slice], dict[str, bytes]]] = {
    "google_ads": google_ads.files,
    "meta_ads": meta_ads.files,
    "linkedin_ads": linkedin_ads.files,
    "ocean_engine": ocean_engine.files,
    "ga4": ga4.files,
    "hubspot": hubspot.files,
    "x": x.files,
    "facebook_pages": facebook_pages.files,
    "wechat": wechat.files,
    "survey": survey.files,
    "sales": sales.files,
    "social_listening": social_listening.files,
}


def export_files(vintage: Vintage) -> Iterator[tuple[str, bytes]]:
    """Every file as its path below the exports folder and its bytes."""
    whole = facts(vintage)
    for part in slices(whole):
        if part.account.source in _MONTHLY:
            yield from _MONTHLY[part.account.source](part).items()
        elif part.account.source == "fx_rates":
            yield from fx_rates.files(part, whole["fx_quote"]).items()
    yield market_size.PATH, market_size.workbook(whole["market_size"])
    yield from budget.files(whole["budget"]).items()


def generate(folder: Path, vintage: Vintage) -> str:
    """Write the files unless the stamp says they are there; returns what was done, as one line."""
    stamp = folder / STAMP
    content = f"{_source_hash()} {vintage}\n"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == content:
        return f"{folder}: the {vintage} exports of the example company are there already."
    stamp.unlink(missing_ok=True)
    number = size = 0
    for path, data in export_files(vintage):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        number, size = number + 1, size + len(data)
    # last, so that a run cut off half-way is not taken for a finished one
    stamp.write_text(content, encoding="utf-8")
    return (
        f"{folder}: wrote the {vintage} exports of the example company, {number} files, {size / 1e6:.1f} MB."
    )


def _source_hash() -> str:
    """What the files depend on besides the vintage: the text of this package."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for module in sorted(package.rglob("*.py")):
        digest.update(module.relative_to(package).as_posix().encode() + b"\0" + module.read_bytes() + b"\0")
    return digest.hexdigest()


def main() -> None:
    """Read the command line and generate."""
    parser = argparse.ArgumentParser(prog="python -m example.generate", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the export files go")
    parser.add_argument(
        "--vintage", choices=get_args(Vintage), default="final", help="before or after restating"
    )
    arguments = parser.parse_args()
    sys.stdout.write(generate(arguments.folder, arguments.vintage) + "\n")


if __name__ == "__main__":
    main()
