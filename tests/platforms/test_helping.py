"""What is said to whoever pulls: nothing of exports, but the platform, the account and what helps."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from etl.account import Account
from pulling.helping import OF_FILES, helped, helping, step_for, taken
from scoring.errors import BadFileError
from scoring.period import Period
from settings import ROOT
from warehouse import Slice, TakenError

PULLED = Account("tiktok_ads", "70", "EUR", "UTC", (), connection="theirs", platform="tiktok_ads")
ASKED = Account("shop", "7", "EUR", "UTC", (), connection="theirs", query="select 1")
EXPORTED = Account("tiktok_ads", "70", "EUR", "UTC", ("ads {month}.csv",))


def texts(tree):
    """Every text of a module as a reader sees it, with `…` for what is filled in."""
    inside = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
    for each in ast.walk(tree):
        if isinstance(each, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in each.values)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in inside:
            yield each.value


@cache
def steps():
    """What helps, by all that can be said of a file that is read or loaded."""
    modules = [*(ROOT / "etl").rglob("*.py"), ROOT / "scoring/errors.py", ROOT / "warehouse/loading.py"]
    found = {text for path in modules for text in texts(ast.parse(path.read_text("utf-8")))}
    return sorted(text for text in found if "rerun" in text and OF_FILES.search(text))


def test_there_are_sentences_for_files():
    assert len(steps()) > 30
    assert any("export the report again" in text for text in steps())


@pytest.mark.parametrize("hint", steps())
def test_no_sentence_of_files_is_said_of_an_answer(hint):
    found = step_for(hint.rpartition("found …; ")[2].rstrip("."), PULLED)
    assert not OF_FILES.search(found), found
    assert "rerun" not in found
    assert "run again, which asks tiktok_ads anew" in found or "tiktok_ads/70 in sources.yaml" in found
    assert not OF_FILES.search(step_for(hint, ASKED))


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        (
            "export it by day, or say `whole_month: true` at the account if it cannot be had so, and rerun",
            "say `whole_month: true` at the account if it cannot be had so; run again, which asks tiktok_ads anew;"
            " if it stays, correct the fields that platforms/tiktok_ads.yaml asks for or the format that reads"
            " them",
        ),
        (
            "put each account's own export in its place and rerun",
            "see that `entity` and `connection` of tiktok_ads/70 in sources.yaml name one account, and run again",
        ),
        (
            "say which with `format` at the account in sources.yaml and rerun",
            "say which with `format` at the account in sources.yaml and rerun",
        ),
    ],
)
def test_what_is_said_of_settings_stays(hint, said):
    error = BadFileError("tiktok_ads 2026-10.jsonl", expected="a day", found="'x'", row=3, hint=hint)
    with pytest.raises(BadFileError) as raised, helping(PULLED):
        raise error
    assert raised.value.hint == said
    # said once more, as by a step around another one, it is the same
    assert str(helped(raised.value, PULLED)) == str(raised.value)
    assert helped(error, EXPORTED) is error


def test_a_row_in_two_months_is_asked_for_again():
    which = Slice("tiktok_ads", "70", Period(2026, 10))
    sentence = f"{which}: expected each x in one month only, found 'y' also in 2026-09; export both months again and rerun."
    found = str(taken(TakenError(sentence, (which,)), PULLED))
    assert "found 'y' also in 2026-09; run again, which asks tiktok_ads anew" in found
    assert "export" not in found
    assert str(taken(TakenError(sentence, (which,)), EXPORTED)) == sentence
