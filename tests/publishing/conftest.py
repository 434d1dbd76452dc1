"""The small installation of the pipeline's tests, and an archive of all that it issued."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from publishing.publish import Wanted, publish
from tests.pipeline import late_months
from tests.pipeline.conftest import Place, command, new_place, not_laid_out  # noqa: F401 - a fixture of it
from tests.pipeline.exports import OCTOBER


@pytest.fixture(scope="session")
def october(tmp_path_factory) -> Place:
    """Two months, a revision of the first one among them; its documents are not laid out, which takes long."""
    place = new_place(tmp_path_factory.mktemp("october"))
    with not_laid_out():
        late_months.export(place, 9)
        late_months.do(place, late_months.SEPTEMBER, late_months.OCTOBER_3)
        late_months.export(place, 9, late_months.BAD)
        late_months.do(place, OCTOBER, late_months.NOVEMBER_3)
    return place


@pytest.fixture
def issued(october, tmp_path) -> Place:
    """A copy of it, to work on."""
    return Place(shutil.copytree(october.root, tmp_path / "issued"))


@pytest.fixture(scope="session")
def archive(october, tmp_path_factory) -> Path:
    """All of it; not to be changed."""
    folder = tmp_path_factory.mktemp("archive") / "cards"
    publish(october.open(), folder, Wanted())
    return folder


@pytest.fixture(scope="session")
def browser() -> str:
    """A headless Chromium, if there is one; `TEST_BROWSER` may name one that is not on the path."""
    names = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "chrome")
    named = os.environ.get("TEST_BROWSER")
    found = named or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium is installed; `apt-get install chromium` installs one")
    return found
