"""The shape of each YAML file of the book, one pydantic model a file. What fits no shape is a fault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pipeline.book.fault import Fault
from pipeline.book.yamlfile import YamlFile
from scoring.kpi import Direction, Unit
from scoring.text import Language, LocalText


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
TeamId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Cutoff = Annotated[Decimal, Field(gt=0, lt=1000)]
Share = Annotated[Decimal, Field(gt=0, le=1, decimal_places=4)]


class Shape(BaseModel):
    """A part of a file: unknown keys are refused, nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ShapeT = TypeVar("ShapeT", bound=Shape)


class TextShape(Shape):
    """A text in every language of the reports."""

    en: Text
    zh_CN: Text  # noqa: N815 - the name of the locale

    def value(self) -> LocalText:
        """The text as the domain knows it."""
        return LocalText(self.en, self.zh_CN)


class SenderShape(Shape):
    """Whom the mails come from."""

    name: Text
    address: Email


class OrganisationShape(Shape):
    """organisation.yaml"""

    name: TextShape
    currency_code: CurrencyCode
    areas: Annotated[dict[Id, TextShape], Field(min_length=1)]
    sender: SenderShape


class CalendarShape(Shape):
    """calendar.yaml"""

    time_zone: TimeZone
    history_months: Annotated[int, Field(ge=2, le=36)]


class GradingShape(Shape):
    """grading.yaml"""

    digits: Annotated[int, Field(ge=0, le=4)]
    green: Cutoff
    amber: Cutoff
    not_available: Literal["exclude"]


class AccountShape(Shape):
    """One account of a source."""

    entity: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    currency_code: CurrencyCode | None = None
    time_zone: TimeZone
    files: Annotated[tuple[Text, ...], Field(min_length=1)]
    options: dict[str, Any] = {}


class SourceShape(Shape):
    """One source of sources.yaml."""

    name: TextShape
    accounts: Annotated[tuple[AccountShape, ...], Field(min_length=1)]


class ManagerShape(Shape):
    """A team's manager."""

    name: Text
    email: Email
    language: Language


class OwnedShape(Shape):
    """A part of an account that a team owns."""

    source: Id
    entity: Text
    keys: Annotated[tuple[Text, ...], Field(min_length=1)]
    share: Share = Decimal(1)


class TeamShape(Shape):
    """One team of teams.yaml."""

    name: TextShape
    manager: ManagerShape
    owns: Annotated[tuple[OwnedShape, ...], Field(min_length=1)]


class KpiShape(Shape):
    """kpis/<id>.yaml"""

    id: Id
    name: TextShape
    description: TextShape
    why: TextShape
    owner: Text
    area: Id
    unit: Unit
    decimals: Annotated[int, Field(ge=0, le=6)]
    direction: Direction
    formula: Text
    rule: dict[str, Any]
    lag_days: Annotated[int, Field(ge=0, le=366)]
    review_date: date


def fit(
    file: YamlFile, shape: type[ShapeT], content: Any, place: tuple[str | int, ...] = ()
) -> ShapeT | list[Fault]:
    """`content` (found at `place` of `file`) in its shape, or one fault for each thing that does not fit."""
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        return [
            file.fault((*place, *item["loc"]), _sentence((*place, *item["loc"]), item))
            for item in error.errors(include_url=False)
        ]


def _sentence(place: tuple[str | int, ...], item: Any) -> str:
    where = ".".join(str(part) for part in place if part != "[key]") or "the file"
    match item["type"]:
        case "extra_forbidden":
            return f"{where}: expected no such key, found it; correct its name or remove it"
        case "missing":
            return f"{where}: expected a value, found none; add it"
        case _:
            return f"{where}: {item['msg'][:1].lower()}{item['msg'][1:]}, found {item['input']!r}"
