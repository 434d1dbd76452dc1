"""What is wrong with the formats of a book: each misspelt word of a file at once."""

from __future__ import annotations

import pytest

from etl.formats.library import FormatError, formats_of, readable_formats

TWO_WORDS = """
like: google_ads_ad_groups
titel: Campaign report
totals: optional
headers:
  en: {spend: Cost}
colums: {spend: Cost}
"""


def test_every_word_that_a_format_does_not_have_is_named_at_once(tmp_path):
    (tmp_path / "ours.yaml").write_text(TWO_WORDS, "utf-8")
    _, errors = readable_formats(tmp_path)
    assert {error.place for error in errors} >= {("titel",), ("colums",)}
    assert all("expected no such word here" in str(error) for error in errors), [*map(str, errors)]


def test_other_files_of_the_folder_are_formats_all_the_same(tmp_path):
    (tmp_path / "ours.yaml").write_text(TWO_WORDS, "utf-8")
    (tmp_path / "right.yaml").write_text("like: google_ads_ad_groups\ntotals: optional\n", "utf-8")
    found, _ = readable_formats(tmp_path)
    assert "right" in found
    assert "ours" not in found
    with pytest.raises(FormatError, match=r"^ours\.yaml: "):
        formats_of(tmp_path)
