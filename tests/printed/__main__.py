"""`python -m tests.printed [CARDS] [SEED] [FIRST]`: print cards every way there is, and read every number back."""

from __future__ import annotations

import sys

from tests.printed.campaign import run
from tests.printed.held import Held


def main(cards: int = 240, seed: int = 1, first: int = 0) -> int:
    """0 where nothing differs, 1 otherwise."""
    held = Held()
    for held in run(cards, seed, first):
        sys.stderr.write(f"{held.place}: {held.compared.total()} compared, {len(held.differing)} differ\n")
    for where, number in sorted(held.compared.items()):
        sys.stdout.write(f"{number:>9,}  {where}\n")
    sys.stdout.write(f"{held.compared.total():>9,}  in all, of {cards} cards; {len(held.differing)} differ\n")
    sys.stdout.write("".join(f"{each}\n" for each in held.differing))
    return int(bool(held.differing))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
