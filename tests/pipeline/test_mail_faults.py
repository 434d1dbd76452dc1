"""Each behaviour once, and that the campaign sees a program that tries again what it must not; `script/mail-faults`
is the long one.
"""

from __future__ import annotations

import pytest

import delivery.outbox
import ledger.deliveries
from ledger import DeliveryState
from tests.mailfaults.behaviours import BEHAVIOURS
from tests.mailfaults.campaign import Counts, play
from tests.mailfaults.servers import opened_servers

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")


_TELLING = ("accepts", "451 at RCPT", "550 at RCPT", "drops after the end, kept", "drops after the end, lost")


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with opened_servers(tmp_path_factory.mktemp("servers")) as opened:
        yield opened


def test_whatever_servers_do_each_mail_is_accepted_once_and_ends_as_it_must(
    unsent, servers, tmp_path, record_property
):
    counts = Counts()
    play(unsent, tmp_path / "case", servers, counts)
    assert counts.faults == []
    assert {*counts.tallies} == {behaviour.name for behaviour in BEHAVIOURS}
    accepted = sum(tally.accepted for tally in counts.tallies.values())
    assert accepted == len(BEHAVIOURS) - sum(behaviour.is_given_up for behaviour in BEHAVIOURS)
    record_property("counts", counts.table())


def test_a_program_that_tries_again_what_it_must_not_is_found_out(unsent, servers, tmp_path, monkeypatch):
    again = (*delivery.outbox._TO_SEND, DeliveryState.REFUSED, DeliveryState.UNCERTAIN)
    monkeypatch.setattr(delivery.outbox, "_TO_SEND", again)
    monkeypatch.setattr(ledger.deliveries, "_CLAIMABLE", again)
    counts = Counts()
    play(
        unsent, tmp_path / "case", servers, counts, among=[one for one in BEHAVIOURS if one.name in _TELLING]
    )
    tallies = counts.tallies
    assert tallies["drops after the end, kept"].doubled == 1
    assert tallies["550 at RCPT"].wrong == tallies["drops after the end, lost"].wrong == 1
    assert tallies["451 at RCPT"].wrong == tallies["accepts"].wrong == 0
