"""The landing held against its seals: every manifest, every chain, every object."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from disk import Place, files_below, stored, write_atomically
from disk.findings import Finding
from etl.landing import Landing, head_of, link_after
from etl.pulls import START, Link, Pull, end_of_unsealed, manifest_of, sealed, sha256_of
from scoring.errors import DataError
from scoring.period import Period

FROM_BACKUP = "restore it from a backup, or run `scorewright rebuild --reseal` where there is none"
_OBJECT = "restore it from a backup, or delete it and run its month again while the export is still there"


@dataclass
class Audited:
    """What was looked at, and what of it is not as it was landed."""

    manifests: int = 0
    objects: int = 0
    pulls: list[Pull] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def audit_landing(landing: Landing) -> Audited:
    """Hold every manifest against its seal and its chain, and every object against its name."""
    audited = audit_manifests(landing)
    objects = files_below(landing.root / "objects")
    audited.objects = len(objects)
    audited.findings += _changed(landing, objects)
    audited.findings += _lost(landing, audited.pulls, {path.name for path in objects})
    return audited


def _changed(landing: Landing, objects: Sequence[Place]) -> Iterator[Finding]:
    for path in objects:
        if not _is_object(path, landing):
            yield Finding(str(path), "its bytes are not those that were landed under this name", _OBJECT)


def _lost(landing: Landing, pulls: Sequence[Pull], there: Collection[str]) -> Iterator[Finding]:
    named = {file.sha256: file.name for pull in pulls for file in pull.files}
    for sha256 in sorted(named.keys() - there):
        yield Finding(str(landing.path_of(sha256)), f"lost, it was landed as {named[sha256]}", _OBJECT)


def audit_manifests(landing: Landing) -> Audited:
    """Hold every manifest against its seal and its chain."""
    audited = Audited()
    for source, entity in landing.accounts():
        pulls = []
        for path in landing.manifests_of(source, entity):
            audited.manifests += 1
            try:
                pulls.append(landing.read(path))
            except DataError as error:
                audited.findings.append(Finding(str(path), _found(path, error), FROM_BACKUP))
        audited.pulls += pulls
        audited.findings += _of_chain(landing, source, entity, pulls)
    audited.findings += _strangers(landing)
    return audited


def readable(landing: Landing, source: str, entity: str, month: Period) -> Iterator[Pull]:
    """The pulls of a slice whose manifests are what was sealed."""
    return landing.readable(landing.manifests_of(source, entity, month))


def reseal(landing: Landing) -> int:
    """Seal all manifests that can be read anew, as they are now; returns how many.

    What was lost is lost then, and nothing tells of it any more: this is for a person to decide.
    """
    count = 0
    for source, entity in landing.accounts():
        with landing.held(source, entity):
            pulls = map(landing.read, landing.manifests_of(source, entity))
            link = Link(1, START)
            for pull in sorted(pulls, key=_order):
                anew = sealed(pull, link)
                write_atomically(landing.folder_of(source, entity) / pull.name, manifest_of(anew))
                link, count = link_after(anew), count + 1
            write_atomically(landing.head_path(source, entity), head_of(link))
    return count


def _order(pull: Pull) -> tuple[int, str]:
    return (pull.link.place if pull.link else 0, pull.name)


def _of_chain(landing: Landing, source: str, entity: str, pulls: Sequence[Pull]) -> Iterator[Finding]:
    path = str(landing.head_path(source, entity))
    try:
        head = landing.head(source, entity)
    except DataError:
        yield Finding(path, "changed, or cut off", FROM_BACKUP)
        return
    chained = sorted(filter(_is_sealed, pulls), key=_order)
    if head is not None:
        start = end_of_unsealed(filterfalse(_is_sealed, pulls))
        for found in _breaks(start, chained, head):
            yield Finding(f"landing of {source}/{entity}", found, FROM_BACKUP)
    elif chained:
        yield Finding(path, "lost", FROM_BACKUP)


def _is_sealed(pull: Pull) -> bool:
    return pull.link is not None


def _breaks(start: Link, chained: Sequence[Pull], head: Link) -> Iterator[str]:
    """Where the sealed pulls do not follow each other from the start to the head."""
    ends = [start, *map(link_after, chained)]
    for end, pull in zip(ends, chained, strict=False):
        if pull.link != end:
            yield f"the pulls from place {end.place} to that of {pull.name} are not those of its chain"
    # a run that was killed between a manifest and its head left the head one behind
    if head not in ends[-2:]:
        yield f"its chain was to go up to place {head.place - 1}, and goes up to {ends[-1].place - 1}"


def _strangers(landing: Landing) -> Iterator[Finding]:
    """Files among the manifests that are none."""
    pulls = landing.root / "pulls"
    for path in files_below(pulls):
        if len(path.parts) - len(pulls.parts) != 4 or not path.match("[0-9]*.json"):
            yield Finding(str(path), "no manifest, though it lies among them", "rename it, or delete it")


def _found(path: Place, error: DataError) -> str:
    """What the sentence says was found, without where and what to do."""
    return str(error).removeprefix(f"{path}: ").partition(";")[0]


def _is_object(path: Place, landing: Landing) -> bool:
    with stored(path):
        return landing.path_of(sha256_of(path.read_bytes())) == path
