"""`scorewright.toml`: the settings of an installation, beside or above the folder that one works in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from disk import Place, ordinary_bytes
from scoring.errors import UsageError

NAME = "scorewright.toml"

KEYS = {
    "book": "SCOREWRIGHT_CONFIG",
    "home": "SCOREWRIGHT_HOME",
    "exports": "SCOREWRIGHT_EXPORTS",
    "database": "SCOREWRIGHT_WAREHOUSE",
    "lake": "SCOREWRIGHT_LAKE",
    "spark": "SCOREWRIGHT_SPARK",
    "ledger": "SCOREWRIGHT_LEDGER",
    "delivery": "SCOREWRIGHT_DELIVERY",
    "bounces": "SCOREWRIGHT_BOUNCES",
    "log_level": "SCOREWRIGHT_LOG_LEVEL",
    "log_format": "SCOREWRIGHT_LOG_FORMAT",
    "file_group": "SCOREWRIGHT_FILE_GROUP",
    "max_export_mb": "SCOREWRIGHT_MAX_EXPORT_MB",
}
"""Each key with the variable that stands for it and wins over it."""

DEFAULTS = {"book": "config", "home": "var"}
FOLDERS = ("book", "home", "exports", "bounces", "lake")
DATABASES = {"database": "duckdb", "ledger": "sqlite"}
"""Keys that may name a file instead of an address, with the scheme of its kind."""


def find_file(folder: Path) -> Path | None:
    """The settings file in `folder`, or in the nearest folder above it that has one."""
    places = (place / NAME for place in (folder, *folder.parents))
    return next((place for place in places if place.exists()), None)


def read_file(path: Path) -> dict[str, str]:
    """What the file says, by the names of the variables, its paths made absolute. Raises `UsageError`."""
    content = _parsed(path)
    _refuse_others(path, content)
    said = DEFAULTS | dict(zip(content, map(str, content.values()), strict=True))
    return {KEYS[key]: _placed(path, key, value) for key, value in said.items()}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(ordinary_bytes(path).decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: expected the file of the settings, found {error.strerror!r}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: expected TOML in UTF-8, found otherwise: {error}; correct it.") from None


def _refuse_others(path: Path, content: Mapping[str, Any]) -> None:
    for key, value in content.items():
        if key not in KEYS:
            raise UsageError(
                f"{path}: expected only {', '.join(KEYS)}, found {key!r}; correct its name or remove it."
            )
        _refuse_value(path, key, value)


def _refuse_value(path: Path, key: str, value: object) -> None:
    kind, expected = (int, "a whole number") if key == "max_export_mb" else (str, "a text in quotes")
    if type(value) is not kind or not str(value):
        raise UsageError(f"{path}: {key}: expected {expected}, found {value!r}; correct it.")


def _placed(path: Path, key: str, value: str) -> str:
    """A path as an absolute one, from the folder that the file lies in; all else is as it is."""
    folder = path.absolute().parent
    if key in FOLDERS:
        return value if "://" in value else str(folder / value)
    return _address(folder, DATABASES[key], value) if key in DATABASES else value


def _address(folder: Path, scheme: str, value: str) -> str:
    """The address of a database, which may also be given as the path of its file."""
    if "://" not in value:
        return f"{scheme}:///{in_address(folder / value)}"
    relative = re.fullmatch(rf"{scheme}:///([^/:].*)", value)
    return value if relative is None else f"{scheme}:///{in_address(folder)}/{relative[1]}"


def in_address(path: Place) -> str:
    """A path escaped for an address: `?` would begin its options, `%20` would become a blank."""
    return quote(str(path), safe="/ +")
