"""Every format of ads, in every language and with every name it knows: it is recognised, and it adds up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from etl.formats.library import shipped_formats
from etl.formats.source import FormatSource
from etl.sources import registry
from tests.etl.formats.reading import account, land, read, totals
from tests.etl.formats.written_ads import AD, NUMBERS, cases, file_of, header_of, whose


@pytest.mark.parametrize(("name", "language", "place"), list(cases()))
def test_it_is_recognised_and_adds_up(tmp_path: Path, name: str, language: str, place: int) -> None:
    form = shipped_formats()[name]
    header = header_of(form, language, place)
    content = file_of(form, header)
    source = registry()[form.source]
    assert isinstance(source, FormatSource)

    found = source.recognise(land(tmp_path, [content])[0], account(form.source, **whose(form)))
    assert found.format.name == name
    sums = totals(read(tmp_path, form.source, content, **whose(form)), AD)
    for field in set(header) & set(NUMBERS):
        wanted = sum(map(Decimal, NUMBERS[field])) * form.rule(field).times
        assert abs(sums[field] - wanted) < Decimal("0.00001"), field
