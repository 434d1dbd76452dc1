"""The data certificate, each finding in a plain sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby

from reports.periods import PeriodNames
from reports.presenting.formulas import measure_name
from reports.presenting.reader import Reader, reader_of
from reports.views import CertificateView
from reports.wording import msgid
from scoring.evidence import (
    KINDS_LEFT_OUT,
    LANDED_BEFORE_END,
    NOT_OVER,
    NOT_SAID,
    OF_A_MEASURE,
    PARTLY_SAID,
    REFUSED,
    CertificateStatus,
    Finding,
)
from scoring.period import Period, runs_of
from scoring.restatement import FieldChange
from scoring.scorecard import Scorecard
from scoring.text import numbered

WORDS = {
    CertificateStatus.FINAL: msgid("FINAL"),
    CertificateStatus.PROVISIONAL: msgid("PROVISIONAL"),
    CertificateStatus.HELD: msgid("HELD"),
}
SENTENCES = {
    CertificateStatus.FINAL: msgid("All expected data has arrived and passed its checks."),
    CertificateStatus.PROVISIONAL: msgid("The data has gaps; the figures may still change."),
    CertificateStatus.HELD: msgid("The data is not good enough to issue this card."),
}
WHAT = {
    "missing_days": msgid("no data for %(days)s"),
    "missing_slice": msgid("the whole month is missing"),
    "unowned_rows": msgid("some rows belong to no team and are not counted"),
    "empty_slice": msgid("the export has no rows, though the month before had some"),
    "begins_later": msgid("its rows begin later, so nobody knows what there was"),
    "begins_within": msgid("its rows begin within the month, so nobody knows what there was before"),
    "ends_before": msgid("its rows end earlier"),
    LANDED_BEFORE_END: msgid("it was fetched before these days were over"),
    NOT_OVER: msgid("The period is not over. Still to come: %(days)s."),
    "fewer_rows": msgid("far fewer rows than in the three months before"),
    "quarantined_rows": msgid("some rows could not be read and are not counted"),
    "missing_rates": msgid("amounts have no exchange rate and are not counted"),
    "refused_file": msgid("the file was refused, so there are no figures (%(reason)s)"),
    "refused_newer_file": msgid(
        "a newer file was refused; the figures are those of the one before (%(reason)s)"
    ),
    "refused_rates": msgid("the newest exchange rates were refused (%(reason)s)"),
    "totals_differ": msgid("its total for a larger part of the account differs from the rows"),
    "no_days": msgid("it has no days, only the whole month"),
    "names_damaged": msgid("some letters of names are damaged; numbers are not"),
    NOT_SAID: msgid("it has no data on “%(measure)s” and adds nothing to it"),
    PARTLY_SAID: msgid("some of its rows lack what “%(measure)s” is made of and are not counted there"),
    "rows_withheld": msgid("the platform may have left out rows of few visitors"),
    "nothing_looked_up": msgid("nothing in the file beside it, such as deals, belongs to any of its rows"),
    KINDS_LEFT_OUT: msgid("results of kinds that the account does not count are left out: %(reason)s"),
    "nothing_counted": msgid("none of its results is of a kind that counts for the account"),
}
_IN_BRACKETS = msgid("%(what)s (%(days)s)")
_STANDS_ON_IT = msgid("%(what)s; figures of %(days)s stand on it")
"""The days of what was refused need not be those of its own month."""
NAMES_ITS_DAYS = {"missing_days", NOT_OVER}
KPIS_NAMED = GAPS_NAMED = 3
_FINDINGS = "certificate/findings"
"""Where a card has them."""
SentencesMoved = tuple[list[str], list[str]]
"""Those that a card no longer says, and those that it says now."""


def certificate_view(card: Scorecard, reader: Reader, room: int) -> CertificateView:
    """The certificate with at most `room` findings for page 1, and all of them for the data page."""
    status, findings = card.certificate.status, card.certificate.told
    shown = findings if len(findings) <= room else findings[: room - 1]
    lines = len(card.results)
    hidden = len(findings) - len(shown)
    more = reader.words.count(
        "and %(number)s more finding, listed under “Where the data came from”",
        "and %(number)s more findings, listed under “Where the data came from”",
        hidden,
    )
    return CertificateView(
        key=status.value,
        word=reader.words.say(WORDS[status]),
        sentence=reader.words.say(SENTENCES[status]),
        shown=tuple(finding_sentence(finding, card, reader, named=KPIS_NAMED) for finding in shown),
        more=more if hidden else "",
        findings=tuple(finding_sentence(finding, card, reader, named=lines) for finding in findings),
    )


def sentences_moved(old: Scorecard, new: Scorecard, reader: Reader) -> SentencesMoved:
    """What the certificate of `old` says and that of `new` does not, and the other way round."""
    before, now = (
        [finding_sentence(one, card, reader, named=len(card.results)) for one in card.certificate.told]
        for card in (old, new)
    )
    return [one for one in before if one not in now], [one for one in now if one not in before]


def others_than(said: SentencesMoved, changes: Iterable[FieldChange]) -> Iterator[FieldChange]:
    """The changes that those sentences do not say: where none moved, all of them."""
    return (one for one in changes if not (any(said) and one.field.startswith(_FINDINGS)))


def finding_sentence(finding: Finding, card: Scorecard, reader: Reader, *, named: int) -> str:
    """`Google Ads (123): no data for 3–5 October. Affects ROAS.`, with at most `named` KPIs by name.

    A code without a sentence of its own is shown as it is.
    """
    say = reader.words.say
    what, name = _what(finding, reader), _source_name(finding.source, card, reader)
    of_source = say("%(source)s (%(account)s): %(what)s.", source=name, account=finding.entity, what=what)
    sentence = of_source if finding.source else what
    affected = _affected(finding, card, reader, named)
    return say("%(sentence)s Affects %(kpis)s.", sentence=sentence, kpis=affected) if affected else sentence


def gap_sentences(card: Scorecard, codes: Collection[str] = ()) -> tuple[str, ...]:
    """All findings in English, or those of the codes, for those who look after the data: each once, without
    what it affects on this card.
    """
    wanted = [one for one in card.certificate.findings if not codes or one.code in codes]
    if not wanted:
        return ()
    english = replace(card, language="en")
    reader, bare = reader_of(english), (replace(one, kpi_ids=(), key_results=()) for one in wanted)
    return tuple(dict.fromkeys(finding_sentence(one, english, reader, named=0) for one in bare))


def gaps_in_short(card: Scorecard) -> str:
    """The first sentences of that kind, each once, and how many more there are."""
    said = gap_sentences(card)
    more = len(said) - GAPS_NAMED
    return " ".join(said[:GAPS_NAMED]) + (f" And {numbered(more, 'finding')} more." if more > 0 else "")


def _what(finding: Finding, reader: Reader) -> str:
    """`no data for 3–5 October`; with the days in brackets where the words do not name them."""
    say, days = reader.words.say, day_ranges(finding.days, reader)
    # a slice of another month than the card's own is named by its days
    code = "missing_days" if finding.code == "missing_slice" and days else finding.code
    measure = measure_name(finding.reason, reader.figures) if code in OF_A_MEASURE else ""
    known = {"days": days, "reason": finding.reason, "measure": measure}
    what = say(WHAT[code], **known) if code in WHAT else code.replace("_", " ")
    beside = _STANDS_ON_IT if code in REFUSED else _IN_BRACKETS
    names_days = not days or code in NAMES_ITS_DAYS
    return what if names_days else say(beside, what=what, days=days)


def day_ranges(days: tuple[str, ...], reader: Reader) -> str:
    """ISO dates as a reader says them: `3–5 October, 9 October`; a whole month by its name."""
    parts = []
    for month, found in groupby(sorted(set(map(date.fromisoformat, days))), key=Period.containing):
        parts += _in_month(month, list(found), reader.figures.periods)
    return reader.words.listing(parts)


def _in_month(month: Period, days: list[date], names: PeriodNames) -> list[str]:
    if days == list(month.days()):
        return [names.long(str(month))]
    return [names.day_range(first, last) for first, last in runs_of(days)]


def _source_name(source: str, card: Scorecard, reader: Reader) -> str:
    name = card.source_name(source)
    return name.to(reader.words.language) if name else source.replace("_", " ")


def _affected(finding: Finding, card: Scorecard, reader: Reader, named: int) -> str:
    names = [reader.kpi(result.kpi_id) for result in card.results if result.kpi_id in finding.kpi_ids]
    moved = _key_results(finding, card, reader)
    if len(names) > 1 and len(names) == len(card.results):
        return reader.words.listing([reader.words.say("all KPIs"), *moved[:named]])
    listed = reader.words.listing([*names, *moved][:named])
    hidden = len(names) + len(moved) - named
    if moved:
        return reader.words.and_more(listed, "%(number)s more figure", "%(number)s more figures", hidden)
    return reader.words.and_more(listed, "%(number)s more KPI", "%(number)s more KPIs", hidden)


def _key_results(finding: Finding, card: Scorecard, reader: Reader) -> list[str]:
    """The key results that a finding touches, marked as such: a KPI may have the same name."""
    return [
        reader.words.say("key result “%(name)s”", name=item.name.to(reader.words.language))
        for objective in card.objectives
        for item in objective.key_results
        if f"{objective.objective_id}/{item.key_result_id}" in finding.key_results
    ]
