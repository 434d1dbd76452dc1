"""When the organisation's own years begin or end, as calendar.yaml says it."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from typing import Annotated

from pydantic import AfterValidator

from scoring.fiscal import WEEKDAYS, Ending

_MONTHS = [name.lower() for name in month_name]
_DAYS = [name.lower() for name in day_name]
_DAY, _MONTH = "|".join(_DAYS), "|".join(_MONTHS[1:])
_ENDS = re.compile(rf"(?P<last>last )?(?P<day>{_DAY}) (?(last)of|nearest the end of) (?P<month>{_MONTH})")


def _month(text: str) -> str:
    if text.lower() not in _MONTHS[2:]:
        raise ValueError("the name of a month after January such as april")
    return text.lower()


def _end(text: str) -> str:
    if _ENDS.fullmatch(text.lower()) is None:
        raise ValueError("'last saturday of january', or 'saturday nearest the end of january'")
    return text.lower()


def month_number(name: str) -> int:
    """Of `april` 4."""
    return _MONTHS.index(name)


def end_of(text: str) -> tuple[Ending, str, int]:
    """Of `last saturday of january` which day it is: the last one, `sat`, and month 1."""
    found = _ENDS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    ending = Ending.LAST if found["last"] else Ending.NEAREST
    return ending, WEEKDAYS[_DAYS.index(found["day"])], month_number(found["month"])


Month = Annotated[str, AfterValidator(_month)]
YearEnd = Annotated[str, AfterValidator(_end)]
