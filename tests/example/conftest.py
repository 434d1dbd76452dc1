"""The example company's exports, generated once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from example.generate import generate
from example.truth import Facts, facts

SEPARATORS = {"linkedin_ads": "\t", "sales": ";"}
ENCODINGS = {
    **dict.fromkeys(("ocean_engine", "wechat"), "gb18030"),
    **dict.fromkeys(("hubspot", "sales", "meta_ads", "social_listening"), "utf-8-sig"),
    "linkedin_ads": "utf-16",
}

Records = Callable[[str], list[list[str]]]


@pytest.fixture(scope="session")
def truth() -> Facts:
    """What really happened."""
    return facts()


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all files."""
    folder = tmp_path_factory.mktemp("exports")
    generate(folder, "final")
    return folder


@pytest.fixture(scope="session")
def records(exports: Path) -> Records:
    """Reads one separated file as its rows of cells, preamble and totals included."""

    def read(path: str) -> list[list[str]]:
        source = path.split("/", 1)[0]
        text = (exports / path).read_bytes().decode(ENCODINGS.get(source, "utf-8"))
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATORS.get(source, ",")))

    return read
