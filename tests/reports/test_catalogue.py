"""The Chinese catalogue says everything that the English reports say."""

import re
from pathlib import Path
from typing import Any

import jinja2.ext
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import reports
from reports.wording import CATALOGUE, wording

ROOT = Path(reports.__file__).parent
PYTHON_CALLS = {"say": None, "msgid": None, "count": (1, 2), "and_more": (2, 3)}
TEMPLATE_CALLS = {"_": None, "gettext": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def asked_for() -> set[Any]:
    """Every text that code or template asks the catalogue for; a plural is a pair."""
    found: set[Any] = set()
    for path in ROOT.rglob("*"):
        if path.suffix in (".py", ".j2"):
            is_code = path.suffix == ".py"
            with path.open("rb") as file:
                method: Any = "python" if is_code else jinja2.ext.babel_extract
                calls = PYTHON_CALLS if is_code else TEMPLATE_CALLS
                found |= {message for _, message, _, _ in extract(method, file, keywords=calls)}
    return found


def _forms(translation: str | tuple[str, ...]) -> tuple[str, ...]:
    return translation if isinstance(translation, tuple) else (translation,)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


def test_code_and_templates_do_ask_for_texts() -> None:
    assert len(asked_for()) > 100


def test_every_text_is_translated(catalogue: Catalog) -> None:
    translated = {message.id for message in catalogue if message.id and all(_forms(message.string))}
    assert asked_for() - translated == set()


def test_no_translation_is_left_over(catalogue: Catalog) -> None:
    assert {message.id for message in catalogue if message.id} - asked_for() == set()


def test_placeholders_are_the_same_in_both_languages(catalogue: Catalog) -> None:
    for message in catalogue:
        english = message.id[-1] if isinstance(message.id, tuple) else message.id
        chinese = _forms(message.string)[0]
        assert sorted(PLACEHOLDER.findall(chinese)) == sorted(PLACEHOLDER.findall(english)), english


def test_a_translation_is_not_the_english_text(catalogue: Catalog) -> None:
    for message in catalogue:
        words = PLACEHOLDER.sub("", "".join(_forms(message.string)))
        if message.id:
            assert not message.fuzzy, message.id
            assert re.search(r"[一-鿿]", words) or not re.search(r"[A-Za-z]", words), message.id


def test_a_plural_knows_its_number() -> None:
    say = wording("en").count
    assert say("%(number)s more KPI", "%(number)s more KPIs", 1) == "1 more KPI"
    assert say("%(number)s more KPI", "%(number)s more KPIs", 2) == "2 more KPIs"
    chinese = wording("zh_CN").count("%(number)s more KPI", "%(number)s more KPIs", 2)
    assert chinese == "另外 2 项指标"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ana Ruiz", "回复本邮件将发送至 Ana Ruiz（a@b.example）。"),
        ("陈晨", "回复本邮件将发送至陈晨（a@b.example）。"),
        ("Ruiz 女士", "回复本邮件将发送至 Ruiz 女士（a@b.example）。"),
        ("3 Hügel", "回复本邮件将发送至3 Hügel（a@b.example）。"),
    ],
)
def test_a_latin_name_within_chinese_has_spaces_around_it(name, said):
    message = "An answer to this mail goes to %(name)s (%(address)s)."
    assert wording("zh_CN").say(message, name=name, address="a@b.example") == said


def test_a_latin_name_has_a_space_on_the_side_of_a_chinese_sign_alone():
    say = wording("zh_CN").say
    message = "reported for %(day)s by %(name)s: %(comment)s"
    said = say(message, name="Ana", day="10月3日", comment="Late")
    assert said == "Ana 填报（10月3日）：Late"
