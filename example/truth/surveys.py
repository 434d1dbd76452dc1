"""What customers really answered."""

from __future__ import annotations

from datetime import date

import numpy as np

from example import company
from example.chance import chance
from example.company import SURVEYS, Account, Survey
from example.seasons import DAYS, EU_TRADE, MONTHS, level
from example.truth.rows import SurveyRow

_UNANSWERED = 0.04


def survey_rows() -> list[SurveyRow]:
    """All responses, by account and day."""
    rows: list[SurveyRow] = []
    for account, surveys in SURVEYS.items():
        drafts = [row for number, survey in enumerate(surveys) for row in _responses(account, survey, number)]
        drafts.sort(key=lambda row: row.date)
        prefix = "R" if account.currency_code == "EUR" else "答"
        rows += [row._replace(response_id=f"{prefix}{50_000 + n}") for n, row in enumerate(drafts)]
    return rows


def _responses(account: Account, survey: Survey, number: int) -> list[SurveyRow]:
    rng = chance("survey", account.entity, survey.name)
    moods = rng.normal(0, 0.07, len(MONTHS)).clip(-0.15, 0.15)
    rows = []
    for day in DAYS:
        month = day.replace(day=1)
        count = int(rng.poisson(survey.responses * level(EU_TRADE, day)))
        if (survey.name, month) == company.SILENT_SURVEY:
            continue
        for _ in range(count if number else max(1, count)):
            mood = float(moods[MONTHS.index(month)])
            nps = _answer(rng, survey.score, mood, 1.35, 0, 10)
            csat = _answer(rng, survey.satisfaction, mood / 2, 0.75, 1, 5)
            rows.append(_row(account, survey, day, nps, csat))
    return rows


def _answer(
    rng: np.random.Generator, mean: float | None, mood: float, spread: float, low: int, high: int
) -> int | None:
    drawn, skipped = rng.normal(0, spread), rng.random() < _UNANSWERED
    if mean is None or skipped:
        return None
    return int(min(high, max(low, round(mean + mood + drawn))))


def _row(account: Account, survey: Survey, day: date, nps: int | None, csat: int | None) -> SurveyRow:
    return SurveyRow(account.source, account.entity, day, survey.name, "", nps, csat)
