"""The command that says what a file is before it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoring.errors import UsageError
from terminal.out import say, say_all

HAS_FAULTS = 3


def try_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="an export, or a folder of them")],
    form: Annotated[str | None, typer.Option("--as", metavar="FORMAT", help="read it by this format")] = None,
    account: Annotated[
        str | None,
        typer.Option(metavar="SOURCE/ENTITY", help="with the settings of this account of the book"),
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="MONTH", help="2026-10; else found in the file")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE.yaml", help="write the format that is proposed to this file")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON for machines")] = False,
) -> None:
    """Say what a file is, how it would load and all that is wrong with it; loads nothing."""
    from terminal.trials import terms, trials
    from terminal.tried import told

    _refuse_many(save, files)
    tried = [*trials(files, terms(form, account, month, save))]
    say_all(told(tried, is_json=as_json, is_overview=any(map(Path.is_dir, files))))
    if save is not None:
        _save(save, [each.help.text for each in tried if each.help is not None])
    if any(each.tried.faults for each in tried):
        raise typer.Exit(HAS_FAULTS)


def _refuse_many(save: Path | None, files: list[Path]) -> None:
    if save is not None and (len(files) > 1 or files[0].is_dir()):
        raise UsageError("--save: expected one file to propose a format for, found several; name one.")


def _save(path: Path, texts: list[str]) -> None:
    from terminal.trials import save_format

    if not texts:
        raise UsageError("--save: expected a file for which a format is proposed, found none; leave it out.")
    save_format(path, texts[0])
    say(f"# written to {path}")
