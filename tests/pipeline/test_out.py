"""All that is printed is cleaned, by one module, whichever way it is printed."""

from __future__ import annotations

import ast
import io
import json
import logging
import signal
import subprocess
import sys
import time
from datetime import datetime

import pytest
from rich.table import Table
from rich.text import Text

from scoring.visible import visible
from settings import ROOT
from terminal import out
from tests.pipeline.command import PROGRAM, surroundings

ROOMS = (
    *(
        "terminal",
        "appraisal",
        "auditing",
        "settings",
        "pipeline",
        "publishing",
        "trying",
        "archive",
        "delivery",
        "book",
        "etl",
        "warehouse",
        "lake",
        "ledger",
        "reports",
        "disk",
        "processes",
        "unpacking",
    ),
    *("scoring", "frames"),
)
COMMANDS = (
    *map(chr, {*range(0x20), *range(0x7F, 0xA0)} - {9, 10}),
    *"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\udcff",
)
STOPPED = b"scorewright: stopped by Ctrl-C; what was done until then is kept, so run the command again.\n"
NASTY = "a\x1b[2J\x1b]8;;http://x\x1b\\b\u202ec\x9b1m\x07\rd"
SHOWN = r"a\x1b[2J\x1b]8;;http://x\x1b\b\u202ec\x9b1m\x07\x0dd"


def _printing(tree: ast.AST) -> list[str]:
    """The ways around `terminal/out.py` that a module takes."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in (
                "print",
                "pprint",
                "rich.print",
                "Console",
                "rich.get_console",
                "logging.basicConfig",
            ):
                found.append(name)
            if name.endswith((".echo", ".secho", "StreamHandler", "stdout.write", "stderr.write")):
                found.append(name)
        if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in ("typer.echo", "sys.stdout"):
            found.append(ast.unparse(node))
    return found


def test_only_one_module_prints():
    modules = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert len(modules) > 200
    found = {
        str(path.relative_to(ROOT)): ways
        for path in modules
        if (ways := _printing(ast.parse(path.read_text("utf-8"))))
    }
    assert set(found) == {"terminal/out.py"}


@pytest.mark.parametrize("character", COMMANDS)
def test_each_command_is_shown_by_its_code(character):
    assert visible(f"a{character}b").startswith(("a\\x", "a\\u"))
    assert visible(visible(f"a{character}b")) == visible(f"a{character}b")


def test_all_other_text_stays_as_it_is():
    text = "Größe 市场 مدير 👩‍💻 naïve\n\tπ \\x1b"
    assert visible(text) == text


def test_a_line_is_cleaned(capfd):
    out.say(NASTY)
    out.say(NASTY, err=True)
    said = capfd.readouterr()
    assert (said.out, said.err) == (f"{SHOWN}\n", f"{SHOWN}\n")


@pytest.mark.parametrize("is_terminal", [True, False])
def test_tables_texts_and_styles_are_cleaned(is_terminal):
    console = out.console()
    console.file, console._force_terminal, console._width = io.StringIO(), is_terminal, 200
    table = Table(title=NASTY)
    table.add_column(NASTY)
    table.add_row(NASTY)
    table.add_row(Text(NASTY))
    console.print(table)
    console.print(NASTY, markup=False)
    console.print(Text(NASTY), soft_wrap=True)
    console.print("[link=http://x]y[/link] :warning:", highlight=False)
    printed = console.file.getvalue()
    plain = "".join(Text.from_ansi(line).plain for line in printed.splitlines())
    assert plain.count(SHOWN) == 4
    # the library itself leaves bells and the like out of its texts
    assert plain.count(SHOWN.replace(r"\x07\x0d", "")) == 2
    assert "\x1b]" not in printed
    assert "\x1b[2J" not in printed
    assert not set(COMMANDS) - {"\x1b"} & set(printed)
    assert "\x1b" not in printed or is_terminal
    assert ":warning:" in printed


def test_a_log_line_is_one_line(monkeypatch, capfd):
    monkeypatch.setattr(logging.root, "handlers", [])
    out.log_to_stderr("INFO")
    logging.getLogger("x").warning("first %s", f"{NASTY}\nroot: forged")
    assert capfd.readouterr().err == f"x: first {SHOWN}\\x0aroot: forged\n"


def test_a_log_line_is_a_json_object_where_it_is_asked_for(monkeypatch, capfd):
    monkeypatch.setattr(logging.root, "handlers", [])
    out.log_to_stderr("INFO", as_json=True)
    logging.getLogger("x").warning("first %s", f"{NASTY}\nroot: forged 市场")
    (line,) = capfd.readouterr().err.splitlines()
    assert line.isascii()
    said = json.loads(line)
    assert datetime.fromisoformat(said.pop("timestamp")).tzinfo is not None
    assert said == {"level": "warning", "event": f"first {NASTY}\nroot: forged 市场", "logger": "x"}


@pytest.mark.parametrize("word", ["\x1b[2J", "a\u202eb", "x\x9b"])
def test_a_word_that_commands_is_refused_before_it_is_repeated(command, place, word):
    for words in ([word], ["show", word, "north"], [f"--{word}"], ["run", "--period", word]):
        done = command(place, *words)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("scorewright: command line: expected words without control characters")
        assert word not in done.err


def test_a_character_that_the_terminal_lacks_is_shown_by_its_code(place):
    done = subprocess.run(
        [PROGRAM, "kpis", "nps"],
        env={**surroundings(place.settings), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u" in done.stdout or done.stdout.isascii()


@pytest.mark.parametrize(
    "words",
    [["--help"], ["check"], ["kpis"], ["kpis", "nps"], ["run", "--period", "2026-10"], ["status", "2026-10"]],
)
def test_a_reader_who_has_gone_ends_it_quietly(unsent, words):
    """With the code of the signal, and not a word."""
    process = subprocess.Popen(
        [PROGRAM, *words],
        env=surroundings(unsent.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == out.PIPE_CLOSED


@pytest.mark.parametrize("seconds", [0.6, 1.6, 2.6])
def test_ctrl_c_ends_it_with_a_sentence(place, seconds):
    process = subprocess.Popen(
        [PROGRAM, "run", "--period", "2026-10"],
        env=surroundings(place.settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    assert (process.wait(), said) in ((130, STOPPED), (0, b""))


def test_ctrl_c_while_the_program_is_imported_says_the_same():
    code = "import os, signal, terminal.begin; os.kill(os.getpid(), signal.SIGINT)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, STOPPED)


_PULLS = """
import os, signal, sys
from pipeline.steps import extract
def interrupted(puller, wanted, work):
    os.kill(os.getpid(), signal.SIGINT)
    yield
extract.together = interrupted
from terminal.cli import main
main()
"""


def test_ctrl_c_while_a_platform_is_pulled_says_what_is_kept(place):
    path = place.root / "config/sources.yaml"
    pulled = "platform: google_ads\n      connection: theirs"
    path.write_text(path.read_text("utf-8").replace('files: ["ads {month}.csv"]', pulled, 1), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", _PULLS, "run", "--period", "2026-10"],
        env=surroundings(place.settings)
        | {"PYTHONPATH": str(ROOT), "SCOREWRIGHT_CONNECTION_THEIRS": "http://127.0.0.1:9"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 130
    assert b"google_ads: stopped, 0 slices landed; what was answered of others is kept" in ended.stderr
    assert ended.stderr.count(b"\n") == 1


_INTERRUPTED_WHILE_CLOSING = """
import os, signal
from duckdb_sqlalchemy import ConnectionWrapper
ConnectionWrapper.close = lambda self: os.kill(os.getpid(), signal.SIGINT)
from terminal.cli import main
main()
"""


def test_ctrl_c_while_a_library_closes_something_says_the_same(place):
    ended = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED_WHILE_CLOSING, "run", "--period", "2026-10"],
        env=surroundings(place.settings) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (130, STOPPED)
