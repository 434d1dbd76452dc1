"""Generating is repeatable, and not repeated where it need not be."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from example.generate import generate
from example.truth import Facts
from example.truth.ads import ad_rows

ROOT = Path(__file__).parents[2]


def hashes(folder: Path) -> dict[str, str]:
    """Every file below the folder with the hash of its content."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def one_file(vintage: str) -> Iterator[tuple[str, bytes]]:
    """In place of all the exports."""
    yield "a/b.csv", vintage.encode()


def test_another_process_gives_the_same_bytes_in_every_file(exports: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "example.generate", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "wrote the final exports" in done.stdout
    assert hashes(tmp_path) == hashes(exports)


def test_a_second_run_sees_the_stamp_and_leaves_the_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("example.generate.export_files", one_file)
    assert "wrote the final exports" in generate(tmp_path, "final")
    (tmp_path / "a/b.csv").write_bytes(b"touched")
    said = generate(tmp_path, "final")
    assert "already" in said
    assert "\n" not in said
    assert (tmp_path / "a/b.csv").read_bytes() == b"touched"


def test_the_other_vintage_is_written_over_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("example.generate.export_files", one_file)
    generate(tmp_path, "first")
    assert "wrote the final exports" in generate(tmp_path, "final")
    assert (tmp_path / "a/b.csv").read_bytes() == b"final"


def test_a_run_that_was_cut_off_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops_half_way(vintage: str) -> Iterator[tuple[str, bytes]]:
        yield from one_file(vintage)
        raise OSError("disk full")

    monkeypatch.setattr("example.generate.export_files", stops_half_way)
    with pytest.raises(OSError, match="disk full"):
        generate(tmp_path, "final")
    monkeypatch.setattr("example.generate.export_files", one_file)
    assert "wrote the final exports" in generate(tmp_path, "final")


def test_the_first_vintage_knows_less_of_one_month_of_one_account_only(truth: Facts) -> None:
    pairs = list(zip(ad_rows("first"), truth["ad_daily"], strict=True))
    changed = [(before, after) for before, after in pairs if before != after]
    assert {row.entity for row, _ in changed} == {"act_482910365517"}
    assert {(row.date.year, row.date.month) for row, _ in changed} == {(2026, 8)}
    for name in ("spend", "conversions", "conversion_value"):
        totals = [sum(getattr(row, name) or 0 for row in rows) for rows in zip(*changed, strict=True)]
        assert 0.75 < totals[0] / totals[1] < 0.95
