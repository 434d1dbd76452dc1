"""The documentation says what the code does: every name in it exists, and every name of the code is in it."""

import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
import yaml
from pydantic import BaseModel

import disk.errors
import ledger.errors
from book import dictionary
from book.files import check_ins as check_in_file
from book.files import okr_shapes, shapes
from book.files import targets as target_file
from etl.formats import definition
from etl.formats.library import format_in
from etl.quality import gate
from etl.sources import registry, sources_with
from ledger import DeliveryState
from pulling import platform
from scoring import errors, evidence, marks, pay, scorecard, working
from scoring.formula import Formula
from scoring.kpi import RuleSpec
from scoring.okr import result as objective_result
from scoring.rules import RULES, rule_of
from script import format_tables
from settings import ROOT
from settings.file import KEYS
from terminal.cli import app
from tests.etl.formats.reading import OCTOBER, account, land, totals
from warehouse import measure_catalog
from warehouse.facts import fact_catalog

REFERENCE = ROOT / "docs/reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROOMS = (
    *(
        "archive",
        "appraisal",
        "auditing",
        "book",
        "config",
        "dags",
        "delivery",
        "disk",
        "etl",
        "example",
        "frames",
        "warehouse",
        "lake",
    ),
    *(
        "ledger",
        "settings",
        "pipeline",
        "processes",
        "publishing",
        "pulling",
        "reports",
        "scoring",
        "sql",
        "starting",
        "terminal",
        "tracing",
        "trying",
        "unpacking",
    ),
)
# what a reader is told to make
TO_BE_MADE = {
    "config/formats/google_ads_editor.yaml",
    "config/formats/trade_fairs_leads.yaml",
    "config/platforms/trade_fairs.yaml",
    "config/formats/kwai_ads.yaml",
    "config/formats/sales_orders_plain.yaml",
    "config/kpis/cost_per_order.yaml",
    "scoring/rules/doubled.py",
    "reports/presenting/rules/doubled.py",
}
SETTING = re.compile(r"(?<![A-Z_])SCOREWRIGHT_[A-Z_]+")
SHAPES = {
    "organisation.yaml": shapes.OrganisationShape,
    "calendar.yaml": shapes.CalendarShape,
    "grading.yaml": shapes.GradingShape,
    "sources.yaml": shapes.SourceShape,
    "teams.yaml": shapes.TeamShape,
    "kpis/": shapes.KpiShape,
    "okrs/&lt;id": okr_shapes.ObjectiveShape,
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def sections(text: str, level: int = 2) -> dict[str, str]:
    """The text below each heading of a level, by the heading's words without their markup."""
    parts = re.split(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)
    return {title.replace("`", ""): body for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def rows_of(text: str) -> dict[str, str]:
    """Each row of the tables by the plain text of its first cell."""
    rows = (line for line in text.splitlines() if line.startswith("|"))
    return {row.split("|")[1].replace("`", "").strip(): row for row in rows}


def code_of(text: str) -> list[str]:
    """Every line of a code block, continued lines as one, and every piece of code in a sentence."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^ *```\w*\n.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [*lines, *re.findall(r"`([^`\n]+)`", rest)]


def names_in(text: str) -> set[str]:
    """Every word that stands in a piece of code."""
    return {word for code in code_of(text) for word in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", code)}


@cache
def commands() -> dict[str, set[str]]:
    """The options of each command of the program; a group's are those of its commands together."""
    group: Any = typer.main.get_command(app)
    return {name: options_of(command) for name, command in group.commands.items()}


def options_of(command: Any) -> set[str]:
    own = {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
    }
    return own.union(*(options_of(inner) for inner in getattr(command, "commands", {}).values()))


@pytest.fixture(params=PAGES, ids=name_of)
def page(request) -> Path:
    return request.param


def test_there_are_pages_and_readme_says_how_to_begin():
    assert len(PAGES) > 30
    first_screen = text_of(ROOT / "README.md").splitlines()[:60]
    assert any("script/demo" in line for line in first_screen)
    assert any("script/test" in line for line in first_screen)


def test_pictures_are_small():
    pictures = list((ROOT / "docs/images").glob("*.png"))
    assert pictures
    assert [name_of(picture) for picture in pictures if picture.stat().st_size > 200_000] == []


def test_settings_named_are_those_of_the_program(page):
    known = {name for part in (ROOT / "settings").glob("*.py") for name in SETTING.findall(text_of(part))}
    known = {name for name in known if not name.endswith("_")}
    named = {name for name in SETTING.findall(text_of(page)) if not name.endswith("_")}
    named = {name for name in named if not name.startswith("SCOREWRIGHT_CONNECTION_")}
    assert named - known == set()
    if page.name == "settings.md":
        assert known - names_in(text_of(page)) == set()
        assert set(KEYS) - set(rows_of(text_of(page))) == set()


def test_commands_named_exist_with_their_options(page):
    for code in code_of(text_of(page)):
        found = re.search(r"(?:^|[\s/(])scorewright +([a-z][a-z-]*)(.*)", code)
        if found:
            assert found[1] in commands(), code
            named = set(re.findall(r"(?<=\s)--[a-z][a-z-]*", found[2]))
            assert named - commands()[found[1]] - {"--help"} == set(), code


def test_the_command_line_page_has_every_command_and_option_and_no_other():
    titles = {
        title.split()[1]: body
        for title, body in sections(text_of(REFERENCE / "cli.md")).items()
        if title.startswith("scorewright ")
    }
    assert set(titles) == set(commands())
    for name, options in commands().items():
        named = set(re.findall(r"--[a-z][a-z-]*", titles[name])) - {"--help"}
        assert named == options - {"--help"}, name


def test_the_command_line_page_has_every_exit_code_with_its_class():
    rows = rows_of(text_of(REFERENCE / "cli.md"))
    kinds = error_kinds()
    assert len(kinds) == 8
    for kind in kinds:
        assert f"`{kind.__name__}`" in rows[str(kind.exit_code)]
    assert {row for row in rows if row.isdigit()} == {"0", *(str(kind.exit_code) for kind in kinds)}


def error_kinds() -> list[type[errors.ScorewrightError]]:
    """The errors of the domain, of stores and of the ledger that have an exit code of their own."""
    found = [kind for module in (errors, disk.errors, ledger.errors) for kind in vars(module).values()]
    kinds = (kind for kind in found if inspect.isclass(kind) and issubclass(kind, errors.ScorewrightError))
    return [kind for kind in dict.fromkeys(kinds) if "exit_code" in vars(kind)]


@pytest.mark.parametrize("file", format_tables.TABLES)
def test_the_tables_of_formats_and_sources_are_what_the_formats_say(file):
    """`script/format_tables.py` writes them anew."""
    page, (name, table) = text_of(REFERENCE / file), format_tables.TABLES[file]
    assert format_tables.page_with(page, name, table()) == page


def test_the_page_of_sources_speaks_of_no_source_that_there_is_not():
    page = sections(text_of(REFERENCE / "sources.md"))
    for title in ("How long a month may still change", "What single sources mean"):
        named = {name for cells in cells_of(page[title]) for name in re.findall(r"`(\w+)`", cells[0])}
        assert named
        assert named - set(registry()) == set()


PARTS = {
    "Words of the file": (
        definition.Format,
        {"source": "s", "title": "t", "status": "assumed", "headers": {}},
    ),
    "Words of a field": (definition.FieldRule, {}),
    "Words of a rule for rows": (definition.RowRule, {"where": {}}),
}
OTHER_PARTS = {
    "account": (definition.Signs, {}),
    "join": (definition.Joined, {"format": "f", "theirs": "t", "ours": "o", "take": {}}),
    "beside": (definition.Beside, {"levels": [], "keep": {}}),
    "not_this": (definition.LookAlike, {"columns": [], "because": "b", "instead": "i"}),
}


PLATFORM_PARTS: dict[str, type[BaseModel]] = {
    "Words of the file": platform.Platform,
    "Words of a question": platform.Questions,
    "Words of an earlier list": platform.Listed,
    "Words of pages": platform.Pages,
    "Words of an ordered report": platform.Job,
    "Words of signals": platform.Signals,
}


def words_of(part: type[BaseModel]) -> set[str]:
    """What a part of a format file can say; a format's name is that of the file."""
    return {field.alias or name for name, field in part.model_fields.items()} - {"name"}


@pytest.mark.parametrize("title", PARTS)
def test_every_word_of_a_format_is_explained_with_an_example_that_is_accepted(title):
    part, needed = PARTS[title]
    told = {
        cells[0].strip("`"): cells[-1].strip("`")
        for cells in cells_of(sections(text_of(REFERENCE / "formats.md"))[title])
    }
    assert set(told) == words_of(part)
    for word, example in told.items():
        said = yaml.safe_load(example)
        assert list(said) == [word], example
        accept(part, needed, said)


def test_every_word_of_the_other_parts_is_explained_with_an_example_that_is_accepted():
    rows = cells_of(sections(text_of(REFERENCE / "formats.md"))["Words of the other parts"])
    told = {tuple(cells[0].replace("`", "").split(": ")): cells[-1].strip("`") for cells in rows}
    assert set(told) == {(name, word) for name, (part, _) in OTHER_PARTS.items() for word in words_of(part)}
    for (name, word), example in told.items():
        said = yaml.safe_load(example)
        assert list(said) == [word], example
        accept(*OTHER_PARTS[name], said)


@pytest.mark.parametrize("title", PLATFORM_PARTS)
def test_every_word_of_a_platform_is_explained(title):
    section = sections(text_of(REFERENCE / "platforms.md"))[title]
    told = {word for cells in cells_of(section) for word in re.findall(r"`(\w+)`", cells[0])}
    assert told == set(PLATFORM_PARTS[title].model_fields)


def accept(part: type[BaseModel], needed: dict[str, Any], said: dict[str, Any]) -> None:
    """Make the part of what the example says, with what it must say besides."""
    whole = {"name": "n", **needed, **said} if part is definition.Format else {**needed, **said}
    if part is definition.RowRule:
        kind = {"drop", "total", "parts"} & set(said) or {"drop"}
        whole = {
            **dict.fromkeys(kind, "x"),
            **({"by": "b", "sums": ["s"]} if kind == {"parts"} else {}),
            **whole,
        }
    part.model_validate(whole)


def test_the_whole_format_shown_can_be_used():
    (block,) = re.findall(r"^```yaml\n(.*?)^```", text_of(REFERENCE / "formats.md"), re.MULTILINE | re.DOTALL)
    assert format_in("trade_fairs", block).required == {"lead_id", "created_date", "owner_key"}


def test_the_format_of_the_how_to_reads_the_file_of_the_how_to(tmp_path):
    page = text_of(ROOT / "docs/how-to/add-a-format.md")
    (content,) = re.findall(r"^```csv\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    block = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0]
    assert len(block.splitlines()) < 40
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats/kwai_ads.yaml").write_text(block, "utf-8")
    sources, faults = sources_with(tmp_path / "formats")
    assert faults == []
    read = sources["kwai_ads"].read(land(tmp_path, [content]), account("kwai_ads"), OCTOBER)
    sums = totals(read, "fct_ad_daily")
    assert (sums["rows"], sums["spend"], sums["impressions"]) == (2, Decimal("50.75"), 2500)
    assert set(read.tables["fct_ad_daily"]["currency_code"].to_pylist()) == {"EUR"}
    assert len(read.controls) == 4


def test_the_page_of_measures_has_every_measure_with_its_fact_roll_up_and_unit():
    rows = {name: row for name, row in rows_of(text_of(REFERENCE / "measures.md")).items() if "fct_" in row}
    assert set(rows) == set(measure_catalog())
    for name, measure in measure_catalog().items():
        cells = [cell.strip(" `") for cell in rows[name].split("|")]
        assert cells[2:5] == [measure.fact, str(measure.rollup), str(measure.unit)], name


def test_the_page_of_the_warehouse_has_every_table_with_its_grain():
    page = text_of(REFERENCE / "warehouse.md")
    rows = rows_of(page)
    tables = {path.stem for path in (ROOT / "sql/schema").glob("*.sql")}
    assert tables - names_in(page) == set()
    for name, fact in fact_catalog().items():
        assert [cell.strip(" `") for cell in rows[name].split("|")][2:5] == [
            ", ".join(fact.grain),
            fact.kind,
            fact.dated,
        ]


def shapes_in(hint: Any) -> Iterator[type[BaseModel]]:
    """The shapes in a field's type, however deep."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
        for field in hint.model_fields.values():
            yield from shapes_in(field.annotation)
    for inner in get_args(hint):
        yield from shapes_in(inner)


@pytest.mark.parametrize("file", SHAPES)
def test_the_page_of_the_book_has_every_field_of_a_file(file):
    page = text_of(REFERENCE / "book.md")
    section = next(body for title, body in sections(page).items() if title.startswith(file))
    for shape in {*shapes_in(SHAPES[file])}:
        where = page if issubclass(shape, shapes.TextShape) else section
        keys = {field.alias or name for name, field in shape.model_fields.items()}
        assert keys - names_in(where) == set(), shape.__name__


def test_no_shape_of_the_book_is_left_out():
    reached = {inner for shape in SHAPES.values() for inner in shapes_in(shape)}
    all_shapes = {
        kind
        for module in (shapes, okr_shapes)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, shapes.Shape)
    }
    assert all_shapes - reached <= {shapes.Shape, shapes.TextShape}


def test_the_page_of_the_book_has_every_kpi_and_every_column_of_targets():
    page = text_of(REFERENCE / "book.md")
    kpis = {*dictionary(), *(path.stem for path in (ROOT / "config/kpis").glob("*.yaml"))}
    assert kpis
    assert kpis - names_in(page) == set()
    targets = next(body for title, body in sections(page).items() if title.startswith("targets/"))
    assert set(target_file.COLUMNS) - set(rows_of(targets)) == set()
    check_ins = next(body for title, body in sections(page).items() if title.startswith("okrs/check-ins"))
    assert set(check_in_file.COLUMNS) - names_in(check_ins) == set()


def test_rules_pay_methods_findings_and_mail_states_are_described():
    assert set(RULES) - names_in(text_of(REFERENCE / "rules.md")) == set()
    titles = {name for title in sections(text_of(REFERENCE / "rules.md"), 3) for name in title.split(", ")}
    assert titles == set(RULES)
    assert set(pay._METHODS) - set(rows_of(text_of(REFERENCE / "book.md"))) == set()
    codes = {value for name, value in vars(gate).items() if name.isupper() and isinstance(value, str)}
    certificate = rows_of(text_of(ROOT / "docs/explanation/what-the-certificate-says.md"))
    assert codes | set(evidence.CertificateStatus) <= set(certificate)
    assert set(DeliveryState) <= set(rows_of(text_of(ROOT / "docs/how-to/send-by-smtp.md")))


def test_the_page_of_the_json_has_every_field_of_a_card():
    named = names_in(text_of(REFERENCE / "scorecard-json.md"))
    modules = (scorecard, evidence, marks, objective_result, working)
    found = (kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass))
    parts = {kind for kind in found if is_dataclass(kind)}
    assert scorecard.Scorecard in parts
    assert {field.name for part in parts for field in fields(part)} - named == set()


def test_links_lead_somewhere(page):
    text = text_of(page)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith("https://"):
            path, _, anchor = target.partition("#")
            goal = (page.parent / path).resolve() if path else page
            assert goal.exists(), target
            if anchor:
                assert anchor in anchors(text_of(goal)), target


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}


def test_files_named_exist(page):
    text = text_of(page)
    named = set(re.findall(r"\bscript/[A-Za-z_-][\w.-]*\w", text))
    for code in code_of(text):
        named |= set(re.findall(rf"(?<![\w./-])(?:{'|'.join(ROOMS)}|tests)/[\w./-]*\w(?![\w./<*{{-])", code))
    missing = {name for name in named if not (ROOT / name).exists()}
    assert missing - TO_BE_MADE == set()


def test_no_page_knows_the_machine_it_was_written_on(page):
    assert re.findall(r"/(?:tmp|work|root|home)/", text_of(page)) == []


def test_the_row_that_the_tutorial_adds_supersedes_one_of_the_book():
    text = text_of(ROOT / "docs/tutorial/first-scorecards.md")
    (row, name) = re.search(r"echo '([^']+)' \\\n +>> (config/targets/\S+)", text).groups()
    header, *_ = (ROOT / name).read_text("utf-8").splitlines()
    assert row.count(",") == header.count(",")
    team, kpi, valid_from, *_ = row.split(",")
    book = [
        line
        for path in (ROOT / "config/targets").glob("*.csv")
        for line in path.read_text("utf-8").splitlines()
    ]
    assert [line for line in book if line.startswith(f"{team},{kpi},{valid_from},")]
    assert f"git checkout {name}" in text


def test_the_objective_and_the_check_in_shown_stand_in_the_book():
    page = text_of(ROOT / "docs/how-to/set-objectives.md")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert block == text_of(ROOT / "config/okrs/q4_lights_in_talk.yaml")
    shown = [line for line in code_of(page) if line.startswith("q4_lights_in_talk,")]
    assert len(shown) == 1
    assert shown[0] in text_of(ROOT / "config/okrs/check-ins.csv")


def test_python_shown_for_a_mail_uses_names_that_exist():
    text = text_of(ROOT / "docs/how-to/send-by-smtp.md")
    for module, names in re.findall(r"^from ([\w.]+) import ([\w, ]+)$", text, flags=re.MULTILINE):
        known = importlib.import_module(module)
        for imported in names.split(","):
            assert hasattr(known, imported.strip()), f"{module}.{imported}"


def test_the_rules_shown_are_accepted():
    blocks = re.findall(
        r"^```yaml\n(rule:.*?)^```", text_of(REFERENCE / "rules.md"), re.MULTILINE | re.DOTALL
    )
    shown = [yaml.safe_load(block)["rule"] for block in blocks]
    assert {rule["name"] for rule in shown} >= {"proportional", "bands", "step", "all_or_some"}
    for rule in shown:
        rule_of(RuleSpec(rule.pop("name"), rule))


def test_the_kpi_shown_is_accepted():
    page = text_of(ROOT / "docs/how-to/add-a-measure-or-kpi.md")
    (block,) = re.findall(r"^```yaml\n(id:.*?)^```", page, re.MULTILINE | re.DOTALL)
    kpi = shapes.KpiShape.model_validate({**yaml.safe_load(block), "review_date": "2027-06-30"})
    assert set(Formula.parse(kpi.formula or "").names) <= set(measure_catalog())
    rule_of(RuleSpec(kpi.rule.pop("name"), kpi.rule))


def cells_of(section: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
