"""One file names the book, the home, the exports and the database; variables win, and nothing is guessed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.errors import UsageError
from settings import ROOT, Settings, log_level_of
from tests.book.books import VALID
from tests.pipeline.command import surroundings


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with a settings file; the current folder lies two below it."""
    (tmp_path / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep/er")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    file = folder / "scorewright.toml"
    file.write_text(text, "utf-8")
    return file


def read(**environment: str) -> Settings:
    return Settings.from_environment({f"SCOREWRIGHT_{key.upper()}": environment[key] for key in environment})


def test_a_file_above_is_found_and_its_paths_start_beside_it(site):
    write(site, 'book = "book"\nhome = "made/here"\nexports = "/mnt/exports"\n')
    settings = read()
    assert (settings.config, settings.home) == (site / "book", site / "made/here")
    assert settings.exports == Path("/mnt/exports")
    assert settings.warehouse_url == f"duckdb:///{site}/made/here/warehouse.duckdb"


def test_an_empty_file_means_config_and_var_beside_it(site):
    write(site, "")
    assert (read().config, read().home, read().exports) == (
        site / "config",
        site / "var",
        site / "var/exports",
    )


def test_the_nearest_file_counts(site):
    write(site, 'book = "far"\n')
    write(site / "deep", 'book = "near"\n')
    assert read().config == site / "deep/near"


def test_variables_win_over_the_file(site):
    write(site, 'book = "book"\nhome = "home"\nmax_export_mb = 5\nlog_level = "info"\n')
    settings = read(home=str(site / "other"), max_export_mb="7")
    assert (settings.config, settings.home) == (site / "book", site / "other")
    assert (settings.max_export_mb, settings.log_level) == (7, "INFO")


def test_the_file_can_be_named(site):
    write(site, 'book = "book"\n')
    other = site / "deep/other.toml"
    other.write_text('home = "h"\n', "utf-8")
    assert read(settings=str(other)).config == site / "deep/config"
    with pytest.raises(UsageError, match="expected the file of the settings, found 'No such file"):
        read(settings=str(site / "none.toml"))


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("data/w.duckdb", "duckdb:///{site}/data/w.duckdb"),
        ("duckdb:///data/w.duckdb", "duckdb:///{site}/data/w.duckdb"),
        ("duckdb:////data/w.duckdb", "duckdb:////data/w.duckdb"),
        ("/data/w.duckdb", "duckdb:////data/w.duckdb"),
        ("postgresql://me@db/marketing", "postgresql://me@db/marketing"),
    ],
)
def test_the_database_is_an_address_or_a_file(site, said, address):
    write(site, f'database = "{said}"\n')
    assert read().warehouse_url == address.format(site=site)


def test_the_ledger_is_beside_a_database_on_postgresql_and_may_be_a_file(site):
    write(site, 'database = "postgresql://me@db/marketing"\n')
    assert read().ledger_url == "postgresql://me@db/marketing"
    write(site, 'ledger = "safe/l.sqlite"\n')
    assert read().ledger_url == f"sqlite:///{site}/safe/l.sqlite"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('hom = "x"', "expected only book, home, exports, database, .*, found 'hom'; correct its name"),
        ("home = 3", "home: expected a text in quotes, found 3; correct it"),
        ('home = ""', "home: expected a text in quotes, found ''; correct it"),
        ('max_export_mb = "5"', "max_export_mb: expected a whole number, found '5'; correct it"),
        ("home = x", "expected TOML in UTF-8, found otherwise: Invalid value .*; correct it"),
    ],
)
def test_a_wrong_file_is_refused_by_name(site, text, expected):
    file = write(site, f"{text}\n")
    with pytest.raises(UsageError, match=f"^{file}: {expected}"):
        read()


def test_a_pipe_is_refused_and_not_waited_for(site):
    os.mkfifo(site / "scorewright.toml")
    with pytest.raises(UsageError, match="found 'a pipe, a socket or a device'"):
        read()


def test_without_any_setting_nothing_is_guessed(site):
    with pytest.raises(UsageError) as refusal:
        read()
    assert str(refusal.value) == (
        "settings: expected a scorewright.toml here or in a folder above, or SCOREWRIGHT_CONFIG and "
        "SCOREWRIGHT_HOME, found no SCOREWRIGHT_HOME; begin a book with `scorewright init FOLDER`, or set it."
    )
    with pytest.raises(UsageError, match="found no SCOREWRIGHT_CONFIG"):
        read(home="home")
    assert log_level_of({}) == "WARNING"


def program(folder: Path, *words: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """The command given in a folder."""
    return subprocess.run(
        [sys.executable, "-c", "from terminal.cli import main; main()", *map(str, words)],
        cwd=folder,
        env=surroundings(settings),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words", [["check"], ["kpis"], ["run", "--period", "2026-10"], ["status", "2026-10"]]
)
def test_outside_of_any_installation_a_command_says_what_to_do(tmp_path, words):
    done = program(tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("scorewright: settings: expected a scorewright.toml here")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_option_names_a_file_from_anywhere(tmp_path):
    file = write(tmp_path, f'book = "{VALID}"\n')
    done = program(tmp_path.parent, "--config", file, "check")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith(f"{VALID}: no faults")
    assert program(tmp_path.parent, "--config", tmp_path / "none.toml", "check").returncode == 2


def test_the_clone_names_its_own_book():
    assert (ROOT / "scorewright.toml").is_file()
    assert os.path.samefile(ROOT, Settings.from_environment({}).config.parent)
