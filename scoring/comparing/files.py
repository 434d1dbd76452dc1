"""Which files behind a card differ from those behind the revision before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scoring.comparing.pairs import differing, field_of, paired
from scoring.evidence import FileEvidence, SourceEvidence
from scoring.restatement import FileChange, LateSource
from scoring.scorecard import Scorecard

RATES = "fx_rates"
"""The source of the exchange rates."""

Slice = tuple[str, str, str]
Pair = tuple[SourceEvidence | None, SourceEvidence | None]


def other_slices(old: Scorecard, new: Scorecard) -> tuple[LateSource, ...]:
    """The accounts and months whose files changed, without exchange rates. A renamed file is the same."""
    return tuple(
        LateSource(there.source, there.source_name, there.entity, there.period)
        for (source, _, _), pair in _slices(old, new)
        if source != RATES and _has_other_files(pair)
        if (there := pair[1] or pair[0])
    )


def file_changes(old: Scorecard, new: Scorecard) -> tuple[FileChange, ...]:
    """Every file that was added, removed or changed, by slice and name."""
    return tuple(change for key, pair in _slices(old, new) for change in _of_slice(key, pair))


def rate_files_moved(changes: Sequence[FileChange]) -> bool:
    """Whether a file of exchange rates changed."""
    return any(change.source == RATES and change.old_sha256 != change.new_sha256 for change in changes)


def _slices(old: Scorecard, new: Scorecard) -> Iterator[tuple[Slice, Pair]]:
    return paired(_by_slice(old), _by_slice(new))


def _by_slice(card: Scorecard) -> dict[Slice, SourceEvidence]:
    return {(source.source, source.entity, source.period): source for source in card.sources}


def _of_slice(key: Slice, pair: Pair) -> Iterator[FileChange]:
    for name, (old, new) in differing(*map(_files, pair)):
        yield FileChange(
            *key,
            name,
            old_sha256=field_of(old, "sha256"),
            new_sha256=field_of(new, "sha256"),
            old_rows=field_of(old, "rows"),
            new_rows=field_of(new, "rows"),
        )


def _has_other_files(pair: Pair) -> bool:
    old, new = map(_digests, pair)
    return old != new


def _files(evidence: SourceEvidence | None) -> Mapping[str, FileEvidence]:
    return {} if evidence is None else {file.name: file for file in evidence.files}


def _digests(evidence: SourceEvidence | None) -> list[str]:
    return sorted(file.sha256 for file in _files(evidence).values())
