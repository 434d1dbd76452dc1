"""Write the tables of formats, sources and platforms in `docs/reference/` anew, from their own files.

`tests/docs` fails where a table is not what the formats say; this puts it right.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from etl.formats.definition import Format  # noqa: E402 - the checkout comes first
from etl.formats.library import shipped_formats  # noqa: E402
from etl.formats.recognition import readable  # noqa: E402
from etl.formats.signs import prints_a_name  # noqa: E402
from etl.formats.source import FormatSource  # noqa: E402
from etl.sources import Source, registry  # noqa: E402
from pulling.filling import values_needed  # noqa: E402
from pulling.platform import shipped_platforms  # noqa: E402

BEGIN, END = "<!-- {}: written by script/format_tables.py -->", "<!-- end -->"


def formats_table() -> Iterator[str]:
    """Every shipped format, source by source."""
    yield from _head("format", "source", "title", "fact", "level", "headers", "status")
    for name, form in sorted(shipped_formats().items(), key=lambda pair: (pair[1].source, pair[0])):
        fact = f"`{form.fact}`" if form.fact else "looked up by others"
        languages = ", ".join(form.headers)
        yield _row(f"`{name}`", f"`{form.source}`", form.title, fact, form.level, languages, form.status)


def sources_table() -> Iterator[str]:
    """Every source with what applies to all of its formats."""
    yield from _head(
        "source", "facts", "owner key", "its keys", "rows every day", "reload days", "name printed"
    )
    for name, source in registry().items():
        daily = set(source.daily_facts)
        every_day = "yes" if daily == set(source.facts) else ", ".join(f"`{each}`" for each in sorted(daily))
        yield _row(
            f"`{name}`",
            ", ".join(f"`{fact}`" for fact in source.facts),
            ", ".join(_owner_keys(source)),
            source.owner_keys.value,
            every_day or "no",
            str(source.reload_days),
            ", ".join(_printed(source)) or "no",
        )


def platforms_table() -> Iterator[str]:
    """Every shipped platform, with what a connection to it must have."""
    yield from _head("platform", "source", "asked at", "version", "connection", "days restated", "status")
    for name, each in shipped_platforms().items():
        version = each.version.name if each.version else ""
        needs = ", ".join(f"`{value}`" for value in values_needed(each)) or "none"
        status = f"{each.status}; assumed: {'; '.join(each.assumed)}" if each.assumed else each.status
        place = each.url.removeprefix("https://")
        days = str(each.restated_days)
        yield _row(f"`{name}`", f"`{each.source}`", place, version, needs, days, status)


def _owner_keys(source: Source) -> list[str]:
    """What an owner key is in each format of a source."""
    if not isinstance(source, FormatSource):
        return ["`*`"]
    return list(dict.fromkeys(_owner_key(form) for form in source.formats if form.fact))


def _owner_key(form: Format) -> str:
    rule = form.rule("owner_key")
    if rule.copy_of:
        return f"`{rule.copy_of}`"
    names = next((fields["owner_key"] for fields in form.headers.values() if "owner_key" in fields), ())
    columns = [f"column {', else '.join(map(_code, names))}"] if names else []
    if rule.take:
        return ", else ".join([*columns, "the account's id"])
    return columns[0] if columns else f"`{rule.constant}`"


def _printed(source: Source) -> list[str]:
    """Where exports print the name that the book gives as `printed_as`."""
    forms = source.formats if isinstance(source, FormatSource) else ()
    return list(dict.fromkeys(place for form in forms if prints_a_name(form) for place in _places(form)))


def _places(form: Format) -> Iterator[str]:
    yield from (f"column {_code(name)}" for name in form.signs.names[:1])
    if form.signs.line is not None:
        yield "a line above the header"
    yield from (f"in `{field}`" for field, each in form.signs.within.items() if "name" in each.groupindex)


def _code(name: str) -> str:
    return f"`{readable(name)}`"


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield "|" + "---|" * len(cells)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


TABLES = {
    "formats.md": ("formats", formats_table),
    "sources.md": ("sources", sources_table),
    "platforms.md": ("platforms", platforms_table),
}


def page_with(text: str, name: str, lines: Iterable[str]) -> str:
    """A page with its table between its marks."""
    begin = BEGIN.format(name)
    before, rest = text.split(begin)
    return f"{before}{begin}\n\n" + "\n".join(lines) + f"\n\n{END}{rest.split(END, 1)[1]}"


def main() -> None:
    """Write all tables."""
    for file, (name, table) in TABLES.items():
        path = ROOT / "docs/reference" / file
        path.write_text(page_with(path.read_text("utf-8"), name, table()), "utf-8")


if __name__ == "__main__":
    main()
