"""Places in an object store do what paths of a disk do, as far as anything here asks them to."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath

import fsspec
import pytest

import disk.objects
from disk import contents_of, files_below, matching, write_atomically
from disk.errors import StorageError, StoreError
from disk.objects import ObjectPath, object_path, refuse_overwriting
from scoring.errors import UsageError


@pytest.fixture(params=["memory", "s3"])
def place(request) -> ObjectPath:
    if request.param == "memory":
        return object_path(f"memory://{uuid.uuid4().hex}/a/b", "HOME")
    return object_path(request.getfixturevalue("object_store").new_place(), "HOME")


def names(paths):
    return [str(path.path.name) for path in paths]


def system_of(place):
    return fsspec.core.url_to_fs(str(place), use_listings_cache=False)[0]


def test_what_is_written_is_read_again_and_listed(place):
    assert not place.exists()
    write_atomically(place / "2026-10" / "one.json", b"1")
    write_atomically(place / "2026-10" / "one.json", b"2")
    write_atomically(place / "2026-11" / "two.json", b"")
    assert (place / "2026-10/one.json").read_bytes() == b"2"
    assert [str(path) for path in files_below(place)] == [
        f"{place}/2026-10/one.json",
        f"{place}/2026-11/two.json",
    ]
    assert [(place / name).exists() for name in ("2026-10", "2026-10/one.json", "2026-10/one", "none")] == [
        *(True, True, False, False)
    ]
    assert files_below(place / "none") == files_below(place / "2026-10/one.json") == []


def test_patterns_are_those_of_a_folder(place, tmp_path):
    for name in ("a/b/000001.json", "a/b/note.txt", "a/000002.json", "c/d/e/000003.json", "x/y-r1.z.claimed"):
        write_atomically(place / name, b"x")
        write_atomically(tmp_path / name, b"x")
    for pattern in (
        "*/*/[0-9]*.json",
        "*/*",
        "a/*/*",
        "*/*.claimed",
        "*",
        "x/y-r1.*.claimed",
        "*/[0-9]*.json",
    ):
        there = [path.relative_to(place) for path in matching(place, pattern)]
        here = [path.relative_to(tmp_path) for path in matching(tmp_path, pattern) if path.is_file()]
        assert list(map(str, there)) == list(map(str, here))


def test_a_name_that_is_taken_is_not_written_over_when_told_so(place):
    path = place / "home.id"
    write_atomically(path, b"first", replace=False)
    with pytest.raises(FileExistsError):
        write_atomically(path, b"second", replace=False)
    assert path.read_bytes() == b"first"


def test_the_same_once_more_is_what_a_lost_answer_leaves_behind(place):
    write_atomically(place / "one", b"first", replace=False)
    write_atomically(place / "one", b"first", replace=False)


def test_many_are_read_at_a_time_in_their_order(place, monkeypatch):
    monkeypatch.setattr(disk.objects, "_AT_A_TIME", 3)
    paths = [place / f"{number % 3}" / f"{number}.json" for number in range(8)]
    for path in paths:
        write_atomically(path, path.name.encode())
    assert [*contents_of(paths)] == [path.name.encode() for path in paths]
    assert [*contents_of([])] == []
    with pytest.raises(StoreError):
        list(contents_of([*paths, place / "none"]))


def test_what_is_not_there_is_not_found(place):
    with pytest.raises(FileNotFoundError):
        (place / "none").read_bytes()


def test_places_are_values_in_order():
    home = object_path("s3://bucket/prefix/", "HOME")
    card = home / "cards" / "north-2026-10-r1.pdf"
    assert str(card) == "s3://bucket/prefix/cards/north-2026-10-r1.pdf"
    assert (card.name, card.stem, card.parent) == ("north-2026-10-r1.pdf", "north-2026-10-r1", home / "cards")
    assert card.parts[-2:] == ("cards", "north-2026-10-r1.pdf")
    assert card.relative_to(home) == PurePosixPath("cards/north-2026-10-r1.pdf")
    assert card.match("[a-z]*.pdf")
    assert sorted([home / "b", home / "a" / "z"]) == [home / "a" / "z", home / "b"]
    assert len({card, home / "cards/north-2026-10-r1.pdf"}) == 1


@pytest.mark.parametrize(
    "address",
    [
        "s3://",
        "s3://key:secret@bucket/x",
        "s3://bucket/x?endpoint=y",
        "file:///srv",
        "s3://b/../c",
        "S3://b",
        "s3://b//c",
    ],
)
def test_other_addresses_are_refused_without_being_repeated(address):
    with pytest.raises(UsageError, match="such as s3://bucket/prefix without") as refused:
        object_path(address, "SCOREWRIGHT_HOME")
    assert "secret" not in str(refused.value)


def test_a_store_whose_package_is_missing_is_one_sentence():
    with pytest.raises(
        UsageError, match=r"expected the address of a store that can be opened, found nosuch://"
    ):
        object_path("nosuch://bucket/x", "HOME").exists()


def test_a_store_that_does_not_answer_is_one_sentence(place, monkeypatch):
    def silent(*_, **__):
        raise RuntimeError("no route\nto host")

    write_atomically(place / "one", b"1")
    system = system_of(place)
    for name in ("cat_file", "pipe_file", "find", "exists"):
        monkeypatch.setattr(system, name, silent)
    asked = (
        place.exists,
        (place / "one").read_bytes,
        place.below,
        lambda: write_atomically(place / "one", b"2"),
        lambda: write_atomically(place / "one", b"2", replace=False),
    )
    for ask in asked:
        with pytest.raises(
            StoreError, match=r"expected an object store that answers, found: no route; check"
        ):
            ask()
    assert issubclass(StoreError, StorageError)


def test_a_store_that_writes_over_what_it_should_not_is_refused(place, monkeypatch):
    refuse_overwriting(place / "home.probe")
    refuse_overwriting(place / "home.probe")
    system = system_of(place)
    usual = system.pipe_file
    monkeypatch.setattr(system, "pipe_file", lambda path, value, mode=None: usual(path, value))
    with pytest.raises(UsageError, match="expected a store that refuses to write over an object"):
        refuse_overwriting(place / "home.probe")
