"""The example's filled form: the same answers are the same file, whenever it is written."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from appraisal import write_form
from example.appraise import fill
from pipeline.site import open_site
from scoring.period import Period
from settings import Settings


@pytest.fixture
def form(tmp_path) -> Path:
    path = tmp_path / "form.xlsx"
    site = open_site(Settings.from_environment({"SCOREWRIGHT_HOME": str(tmp_path / "home")}))
    write_form(site, Period(2026, 10), (), path, lambda _: None)
    return path


def test_two_fills_of_the_form_are_the_same_bytes(form, tmp_path):
    again = Path(shutil.copy(form, tmp_path / "again.xlsx"))
    fill(form)
    fill(again)
    assert again.read_bytes() == form.read_bytes()


def test_nothing_in_the_filled_form_is_of_the_clock(form):
    fill(form)
    with zipfile.ZipFile(form) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    book = openpyxl.load_workbook(form)
    assert (book.properties.created, book.properties.modified) == (
        datetime(2026, 11, 1),
        datetime(2026, 11, 2),
    )
    assert book["eu-brand"]["H6"].value == 85
