"""Texts that no card could show are named, with their lines, before anything is run."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from book import read_book
from tests.book.books import VALID
from tests.pipeline.conftest import new_place
from tests.pipeline.exports import change

TODAY = date(2026, 3, 1)
NEVER = "\u0378"
"""It is not a character, and no font has it."""
TODO = "; a card that would print it is not issued: write it without"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The valid book, to be changed."""
    return shutil.copytree(VALID, tmp_path / "config")


def warned(config: Path) -> list[str]:
    reading = read_book(config)
    assert reading.faults == ()
    found = map(str, reading.warnings(TODAY))
    return [line for line in found if "our fonts" in line]


def rename(config: Path, file: str, old: str, new: str) -> None:
    before = (config / file).read_text("utf-8")
    assert before.count(old) == 1
    (config / file).write_text(before.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "王薇",
        "龚䶮",
        "Zoë Łukaszewska-Ünlü",
        "Trần Đức",
        "𠮷田",
        "Ana 👍",
        "نورة",
        "한국",
        "Ελένη Жанна",
        "Ω (℃) — “best”",
    ],
)
def test_what_can_be_drawn_is_not_warned_of(config, name):
    rename(config, "teams.yaml", "Ana Ruiz", name)
    assert warned(config) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("𠀀田", "'𠀀' (U+20000, CJK UNIFIED IDEOGRAPH-20000)"),
        ("Ana \ue000", "'\\ue000' (U+E000, which has no name)"),
        (
            "𓀀𓁐𓂀𓃀",
            "'𓀀' (U+13000, EGYPTIAN HIEROGLYPH A001) and '𓁐' (U+13050, EGYPTIAN HIEROGLYPH B001) and "
            "'𓂀' (U+13080, EGYPTIAN HIEROGLYPH D010) and 1 more",
        ),
    ],
)
def test_a_field_has_one_sentence_with_its_line_and_its_characters(config, name, found):
    rename(config, "teams.yaml", "name: Ana Ruiz", f"name: {name}")
    assert warned(config) == [
        f"teams.yaml:4: north.manager.name: expected only characters that our fonts can draw, found {found}{TODO}"
    ]


def test_every_text_of_the_book_is_looked_at(config):
    """Whatever is written for people in a YAML file, in either language, is warned of at its place."""
    expected = []
    for path in sorted(config.rglob("*.yaml")):
        name = str(path.relative_to(config))
        content = yaml.safe_load(path.read_text("utf-8"))
        where = [*spoil(content)]
        path.write_text(yaml.safe_dump(content, allow_unicode=False, sort_keys=False), "utf-8")
        expected += [f"{name} {place}" for place in where]
    # organisation 1, areas 2, sources 3, teams 2, and KPIs and objectives with their key results
    assert len(expected) > 40
    assert sorted(f"{line.split(':')[0]} {line.split(': ')[1]}" for line in warned(config)) == sorted(
        expected
    )


def spoil(content: object, *place: object):
    """Put the character into each text that is in two languages, and into managers' names and owners."""
    for key, part in content.items() if isinstance(content, dict) else enumerate(content):
        here = (*place, key)
        if isinstance(part, dict | list):
            yield from spoil(part, *here)
        elif key in ("en", "zh_CN", "owner") or here[-2:] == ("manager", "name"):
            content[key] = f"{part} {NEVER}"
            yield ".".join(map(str, here))


def test_rows_of_people_are_looked_at(config):
    (config / "comments.csv").write_text(
        "period,team,kpi,cause,next_step,owner,due,done,by,on\n"
        f"2026-10,north,clicks,Rain {NEVER},Wait,王薇,,,Ana {NEVER},2026-11-02\n",
        "utf-8",
    )
    change(
        config / "grading.yaml",
        lambda text: f"{text}grades: [{{name: B, from: 0}}, {{name: A 𓀀, from: 90}}]\n",
    )
    (config / "calibration.csv").write_text(
        "period,team,by_score,grade,decided_by,decided_on,reason\n"
        f"2026-10,north,B,A 𓀀,T. Lind,2026-11-12,Won {NEVER}\n",
        "utf-8",
    )
    rename(config, "okrs/check-ins.csv", "Lease signed", "Lease signed 𓀀")
    assert [line.partition(" expected")[0] for line in warned(config)] == [
        "calibration.csv:2: grade:",
        "calibration.csv:2: reason:",
        "comments.csv:2: by:",
        "comments.csv:2: cause:",
        "grading.yaml:5: grades.1.name:",
        "okrs/check-ins.csv:3: comment:",
    ]


def in_mails_alone(config: Path) -> None:
    """The character in everything that is for mails and files alone, and for the plan of targets."""
    person = {"name": f"Bo {NEVER}", "email": "bo@lantern.example"}
    organisation = yaml.safe_load((config / "organisation.yaml").read_text("utf-8"))
    organisation["sender"]["name"] += NEVER
    organisation["mail"] = {
        "contact": f"Call {NEVER}",
        "reply_to": {"name": NEVER, "address": "bo@lantern.example"},
    }
    organisation["approval"] = {"required": False, "approvers": [person]}
    # an id that is spelled like what is left out
    organisation["departments"] = {"mail": "Mail"}
    teams = yaml.safe_load((config / "teams.yaml").read_text("utf-8"))
    teams["north"]["manager"]["formerly"] = [f"Ana {NEVER}"]
    teams["north"]["copies"] = [person]
    teams["north"]["delegates"] = [{**person, "from": date(2026, 10, 1), "until": date(2026, 12, 1)}]
    teams["north"]["owns"][0]["keys"].append(f"203 {NEVER}")
    for name, content in (("organisation.yaml", organisation), ("teams.yaml", teams)):
        (config / name).write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    change(config / "targets/2026.csv", lambda text: text.replace("T. Lind", f"T. Lind {NEVER}"))


def test_what_no_card_has_is_not_warned_of(tmp_path):
    place = new_place(tmp_path)
    in_mails_alone(place.root / "config")
    assert warned(place.root / "config") == []
    cards = place.cards()
    assert len(cards) == 2
    assert not any(ascii(NEVER)[1:-1] in ascii(card) for card in cards.values())


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        (
            "teams.yaml",
            "south:",
            f"mail:\n  name: {NEVER}\n  manager: {{name: Bo, email: bo@lantern.example}}\nsouth:",
            "mail.name:",
        ),
        ("organisation.yaml", "areas:", f"departments: {{mail: {NEVER}}}\nareas:", "departments.mail:"),
    ],
)
def test_an_id_like_what_is_left_out_hides_nothing(config, file, old, new, place):
    rename(config, file, f"\n{old}", f"\n{new}")
    found = map(str, read_book(config).warnings(TODAY))
    assert [line.split(" ")[1] for line in found if "our fonts" in line] == [place]


def test_half_a_character_is_a_fault_and_reaches_no_page(config):
    rename(config, "teams.yaml", "name: Ana Ruiz", 'name: "Ana \\ud83d"')
    (fault,) = map(str, read_book(config).faults)
    assert fault.startswith(
        "teams.yaml:4: north.manager.name: expected text without control characters, found"
    )
