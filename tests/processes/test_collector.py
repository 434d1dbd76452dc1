"""When Python looks for what nobody can reach any more."""

from __future__ import annotations

import gc
import weakref

import pytest

from processes.collector import collected_afterwards, rarely_collected


class Ring:
    """Reaches itself, so that only the collector can remove it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_block_leaves_is_collected_at_its_end_and_not_before() -> None:
    with collected_afterwards():
        left = weakref.ref(Ring())
        for _ in range(3 * gc.get_threshold()[0]):
            Ring()
        assert not gc.isenabled()
        assert left() is not None
    assert gc.isenabled()
    assert left() is None
    gc.unfreeze()


def test_the_collector_looks_again_after_a_block_that_failed() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), collected_afterwards():
        raise KeyError("card")
    assert gc.isenabled()
    gc.unfreeze()
    with rarely_collected():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
