"""Addresses of channels, and the folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from delivery.channels import Envelope, NotSentError, UnknownOutcomeError, channel_from_url
from delivery.channels.folder import FolderChannel
from delivery.channels.smtp import SmtpSettings
from scoring.errors import UsageError

TO_WEI = Envelope("cards@company.example", "wei@company.example", "2026-10.eu-brand.r1.abc")


def test_a_plain_file_address_is_the_outbox(tmp_path):
    assert channel_from_url("file:", tmp_path) == FolderChannel(tmp_path)


@pytest.mark.parametrize("url", ["file:/some%20where/mails", "file:///some%20where/mails"])
def test_a_file_address_may_name_a_folder(tmp_path, url):
    assert channel_from_url(url, tmp_path) == FolderChannel(Path("/some where/mails"))


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("smtp://mail.example", SmtpSettings("mail.example", 587, "offered")),
        ("smtp://mail.example:25?tls=never", SmtpSettings("mail.example", 25, "never")),
        (
            "smtp://mail.example/?tls=required&timeout=5",
            SmtpSettings("mail.example", 587, "required", timeout=5),
        ),
        ("smtps://mail.example", SmtpSettings("mail.example", 465, "from_start")),
        ("smtp://[::1]:2525", SmtpSettings("::1", 2525, "offered")),
        (
            "smtp://u%40x:p%2F%3A%23@mail.example",
            SmtpSettings("mail.example", 587, "required", "u@x", "p/:#"),
        ),
        ("smtp://u:p@mail.example?tls=offered", SmtpSettings("mail.example", 587, "offered", "u", "p")),
    ],
)
def test_a_mail_server_is_read_from_its_address(tmp_path, url, settings):
    assert channel_from_url(url, tmp_path).settings == settings


@pytest.mark.parametrize(
    "url",
    [
        "",
        "outbox",
        "file:relative",
        "file://host/folder",
        "file:/a?b",
        "http://u:hunter2@mail.example",
        "smtp://",
        "smtp://u:hunter2@",
        "smtp://u:hunt/er2@mail.example",
        "smtp://u:hunter2@mail.example:port",
        "smtp://u:hunter2@mail.example:99999",
        "smtp://u:hunter2@mail.example/path",
        "smtp://u:hunter2@mail.example#x",
        "smtp://u:hunter2@mail.example?tls=maybe",
        "smtp://u:hunter2@mail.example?ssl=1",
        "smtp://u:hunter2@mail.example?timeout=0",
        "smtp://u:hunter2@mail.example?timeout=100",
        "smtp://u:hunter2@[mail.example",
    ],
)
def test_any_other_address_is_refused_without_being_repeated(tmp_path, url):
    with pytest.raises(
        UsageError, match=r"^delivery address: expected .* SCOREWRIGHT_DELIVERY\.$"
    ) as refusal:
        channel_from_url(url, tmp_path)
    assert "hunt" not in str(refusal.value)


def test_neither_the_name_nor_the_repr_of_a_channel_tells_the_password(tmp_path):
    channel = channel_from_url("smtp://u:hunter2@mail.example", tmp_path)
    assert channel.name == "smtp://mail.example:587"
    assert "hunter2" not in repr(channel)


def test_a_mail_becomes_one_file_of_its_own_bytes(tmp_path):
    channel = FolderChannel(tmp_path / "new" / "outbox")
    assert channel.outcome(TO_WEI, "<id@x>") is False
    channel.send(b"mail\r\n", TO_WEI)
    assert channel.outcome(TO_WEI, "<id@x>") is True
    (file,) = channel.folder.iterdir()
    assert (file.name, file.read_bytes()) == ("2026-10.eu-brand.r1.abc.eml", b"mail\r\n")


def test_what_a_killed_attempt_left_is_no_mail_and_is_cleared_by_the_next(tmp_path):
    (tmp_path / f".{TO_WEI.name}.eml.part").write_bytes(b"ma")
    channel = FolderChannel(tmp_path)
    assert channel.outcome(TO_WEI, "<id@x>") is False
    channel.send(b"mail", TO_WEI)
    assert [file.name for file in tmp_path.iterdir()] == [f"{TO_WEI.name}.eml"]


def test_a_folder_that_cannot_be_written_to_is_certainly_not_sent(tmp_path):
    (tmp_path / "outbox").write_text("a file where a folder should be")
    with pytest.raises(NotSentError, match="expected a folder with space to write to"):
        FolderChannel(tmp_path / "outbox").send(b"mail", TO_WEI)


def test_a_full_disk_leaves_no_mail(tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("delivery.channels.folder.os.fsync", full)
    with pytest.raises(NotSentError, match="No space left on device"):
        FolderChannel(tmp_path).send(b"mail", TO_WEI)
    assert FolderChannel(tmp_path).outcome(TO_WEI, "<id@x>") is False


def test_a_file_whose_name_may_not_last_is_unknown(tmp_path, monkeypatch):
    def gone(path: object, flags: int, *mode: int) -> int:
        if flags == os.O_RDONLY:
            raise OSError(5, "Input/output error")
        return os_open(path, flags, *mode)

    os_open = os.open
    monkeypatch.setattr("delivery.channels.folder.os.open", gone)
    with pytest.raises(UnknownOutcomeError, match="may not outlast a power cut"):
        FolderChannel(tmp_path).send(b"mail", TO_WEI)
    assert FolderChannel(tmp_path).outcome(TO_WEI, "<id@x>") is True
