"""A long file is parsed by libyaml where that says what PyYAML's own parser makes of it, and there alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from book.files import fast_yaml
from book.files.fast_yaml import LONG
from book.files.yaml_file import read_yaml
from settings import ROOT
from tests.book.books import HERE

FILES = sorted({*HERE.rglob("*.yaml"), *(ROOT / "config").rglob("*.yaml"), *(ROOT / "etl").rglob("*.yaml")})
TYPED = [
    *"-:#?,[]{}&*!|>'\"%@` \t\n\r~=<.0\x00\x07\x85\u2028\ufeff\xa0\u3000\u200b\ue000é中\U0001f600",
    *("- ", ": ", " : ", " #", "\n  ", "\n\n", "---\n", "...\n", "<<: ", "!!", "null"),
]

pytestmark = pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without libyaml")


def both(root: Path, name: str):
    """What it says by PyYAML's own parser, and by libyaml where that has the word."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_yaml, "LONG", 10**9)
        own = read_yaml(root, name)
        patch.setattr(fast_yaml, "LONG", 0)
        return own, read_yaml(root, name)


def test_every_file_says_the_same():
    for path in FILES:
        own, fast = both(path.parent, path.name)
        assert fast == own, path


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_typed_into_a_file_says_the_same(tmp_path_factory, seed):
    lot, name = random.Random(seed), "any.yaml"
    text = lot.choice(FILES).read_text("utf-8", "replace")
    for _ in range(lot.randint(1, 5)):
        place = lot.randrange(len(text) + 1)
        text = text[:place] + lot.choice(TYPED) + text[place + lot.randint(0, 2) :]
    folder = tmp_path_factory.getbasetemp()
    (folder / name).write_text(text, "utf-8")
    own, fast = both(folder, name)
    assert fast == own


def test_a_long_file_is_not_read_by_pyyamls_own_parser(tmp_path, monkeypatch):
    teams = [f"team_{number}: {{name: 'Team {number}', owns: [a, b]}}" for number in range(LONG // 20)]
    (tmp_path / "teams.yaml").write_text("\n".join(teams), "utf-8")
    own, fast = both(tmp_path, "teams.yaml")
    monkeypatch.setattr(yaml, "compose", None)
    assert read_yaml(tmp_path, "teams.yaml") == own == fast
    assert fast.content["team_7"] == {"name": "Team 7", "owns": ["a", "b"]}


@pytest.mark.parametrize(
    "broken", ["[" * 60_000, "a: " * 20_000, "&a [*a]\n" + "#" * LONG, "a: !!set {}\n" + "#" * LONG]
)
def test_a_long_file_is_refused_like_a_short_one(tmp_path, broken):
    (tmp_path / "any.yaml").write_text(broken, "utf-8")
    own, fast = both(tmp_path, "any.yaml")
    assert fast == own
    assert own.faults
