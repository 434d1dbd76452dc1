"""What somebody who begins a book says about a single file: how its days, or its numbers, are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from shlex import quote

from disk.nearest import did_you_mean
from etl.reading.days import DAY_FIRST, MONTH_FIRST
from etl.reading.styles import STYLES
from scoring.errors import BadFileError, UsageError

Value = str | tuple[str, ...]
Options = tuple[tuple[str, Value], ...]
"""Settings of an account by their names in sources.yaml, such as `days`."""

VALUES: Mapping[str, Collection[str]] = {"days": (DAY_FIRST, MONTH_FIRST), "numbers": tuple(STYLES)}
"""What each of the settings can be."""
COUNTED = "counted"
OPTIONS = (*VALUES, COUNTED)
"""All that can be said of a file. The kinds of results that count can be any, parted by commas."""
_PLACEHOLDERS: Mapping[str, str] = {COUNTED: "KIND"}

_A_DAY = "a day "
_PLACE = " at the account in sources.yaml"
_SETTING = re.compile(rf"`({'|'.join(OPTIONS)})(?:: (\w+))?`")


def said_of(files: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> Mapping[str, Options]:
    """The settings of each file from words such as `leads.csv=day_first`, or `day_first` for the only file.

    Raises `UsageError` for a file that there is not, and a value that no setting has.
    """
    found: dict[str, dict[str, Value]] = {name: {} for name in files}
    for option, words in wanted.items():
        for word in words:
            name, value = _parted(option, word, files)
            found[name][option] = as_read(option, value)
    return {name: tuple(options.items()) for name, options in found.items()}


def as_read(option: str, value: str) -> Value:
    """The value as an account has it: several kinds are a list."""
    return tuple(value.split(",")) if option == COUNTED else value


def _can_be(option: str, value: str) -> Collection[str]:
    """What a setting can be; that which can be anything is what it is, unless it is nothing."""
    return VALUES.get(option, [*filter(None, [value])])


def _parted(option: str, word: str, files: Sequence[str]) -> tuple[str, str]:
    name, _, value = word.rpartition("=")
    name = name or (files[0] if len(files) == 1 else "")
    if value not in _can_be(option, value):
        known = VALUES.get(option, ("the kinds of results that count, with commas",))
        raise UsageError(
            f"--{option}: expected FILE= and one of {', '.join(known)}, found {word!r}"
            f"{did_you_mean(value, VALUES.get(option, ()))}; correct it."
        )
    if name not in files:
        raise UsageError(
            f"--{option}: expected the name of one of the {len(files)} files with =, found {word!r}"
            f"{did_you_mean(name, files)}; write FILE={value}."
        )
    return name, value


_ZONE_IN_A_BOOK = "as the account's time_zone"


def told(error: Exception, said: Options = ()) -> str:
    """The sentence of an error; where a setting helps, how to say it here and not in a book still to come.

    `said` are the settings that the file was read with.
    """
    if isinstance(error, BadFileError) and "days" in dict(said) and error.expected.startswith(_A_DAY):
        return str(error).replace(error.hint, _other_order(error.file, str(dict(said)["days"])))
    if not isinstance(error, BadFileError) or _PLACE not in error.hint or not _SETTING.search(error.hint):
        return str(error).replace(_ZONE_IN_A_BOOK, "with `--time-zone`")
    hint = _SETTING.sub(lambda found: _option(error.file, found), error.hint).replace(_PLACE, "")
    return str(error).replace(error.hint, hint)


def option_in(hint: str) -> str:
    """The setting of an account that a hint asks for; nothing where it asks for none."""
    found = _SETTING.search(hint) if _PLACE in hint else None
    return found[1] if found else ""


def _other_order(file: str, order: str) -> str:
    """What helps where a day does not fit the order that was said."""
    (other,) = {*VALUES["days"]} - {order}
    return f"say `--days {quote(f'{file}={other}')}`, or correct that cell"


def _option(file: str, found: re.Match[str]) -> str:
    said = f"{file}={found[2] or _PLACEHOLDERS.get(found[1], 'STYLE')}"
    return f"`--{found[1]} {quote(said)}`"
