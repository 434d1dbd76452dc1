"""What vouches for others is vouched for itself: no changed byte of a home goes unseen."""

from __future__ import annotations

import sys

from tests.faults.flips import flip_all, small_home


def test_every_file_of_a_home_is_vouched_for(tmp_path):
    counts = flip_all(small_home(tmp_path), a_file=4, most=24)
    sys.stdout.write(f"{counts}\n")
    assert (counts.damages, counts.unseen) == (24, [])
