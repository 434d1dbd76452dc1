"""The change of a sum, or of one sum over another, as effects of its members; exact, in fractions.

A member, such as a campaign, brings an amount above the line and one below it: spend and leads. The effects
are those of Bennet (T. L. Bennet, "The theory of measurement of changes in cost of living", Journal of the
Royal Statistical Society 83, 1920): each change is weighed by the mean of both periods, as Marshall and
Edgeworth do it in an index. So the effects sum to the change without a rest, and those of the way back are
the same with the other sign. Which tests they pass that others fail is in W. E. Diewert, "Index number theory
using differences rather than ratios", American Journal of Economics and Sociology 64, 2005. With A and B for
the sums above and below, a and b for a member's, R = A / B and r = a / b, d for a change and m for a mean of
both periods:

    dR = sum of  d(b / B) * (m(r) - m(R))        mix: more or less of those that are better than the whole
       + sum of  m(b / B) * dr                   rate: those who became better or worse

    dA = sum of  db * m(R)                       volume: more or less of it, as good as the whole
       + sum of  db * (m(r) - m(R))              mix
       + sum of  m(b) * dr                       rate

Where nothing has both amounts, as where spend is by campaign and leads are not, each measure alone is worth
something: one more above the line m(1 / B), one more below it -m(A) / (B before * B now). That times the
change of what a member has of the measure, over all members and measures, sums to dR, too.

A member that has nothing below the line in one period has no rate there. It is taken to have had that of the
other period, so a new or ended member is all mix (and volume); what it brings above the line without anything
below counts as rate, so spend that brought no lead does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.drivers.parts import Effects
from scoring.drivers.quotient import NONE, Quotient


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a member brings in, above and below the line; of a sum all is above."""

    above: Fraction = NONE
    below: Fraction = NONE

    @property
    def rate(self) -> Fraction | None:
        """One over the other; None where there is nothing below."""
        return self.above / self.below if self.below else None

    def plus(self, other: Amounts) -> Amounts:
        """Both together."""
        return Amounts(self.above + other.above, self.below + other.below)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a member, or the whole, brought in before and brings in now."""

    before: Amounts = Amounts()
    now: Amounts = Amounts()

    @property
    def above(self) -> Fraction:
        """The change above the line."""
        return self.now.above - self.before.above

    @property
    def below(self) -> Fraction:
        """The change below it."""
        return self.now.below - self.before.below

    @property
    def mean_rate(self) -> Fraction:
        """The mean of the rates of both periods, or the only one; 0 where there is none."""
        known = [rate for rate in (self.before.rate, self.now.rate) if rate is not None]
        return sum(known, NONE) / len(known) if known else NONE

    def plus(self, other: Moved) -> Moved:
        """Both together."""
        return Moved(self.before.plus(other.before), self.now.plus(other.now))


def together(members: Sequence[Moved]) -> Moved:
    """The whole."""
    whole = Moved()
    for member in members:
        whole = whole.plus(member)
    return whole


MIX_AND_RATE = ("mix", "rate")
VOLUME_MIX_AND_RATE = ("volume", "mix", "rate")


def mix_and_rate(members: Sequence[Moved]) -> list[Effects]:
    """What each member adds to the change of a quotient, by its share and by its rate.

    The whole has something below the line in both periods.
    """
    whole = together(members)
    return [_mix_and_rate(_in_shares(member, whole), whole.mean_rate) for member in members]


def volume_mix_and_rate(members: Sequence[Moved]) -> list[Effects]:
    """What each member adds to the change above the line; the whole has something below in both periods."""
    mean = together(members).mean_rate
    return [(member.below * mean, *_mix_and_rate(member, mean)) for member in members]


def worth(quotient: Quotient, whole: Moved) -> dict[str, Fraction]:
    """What one more of each measure adds to the change of the figure, by the name of the measure.

    The whole has something below the line in both periods, unless the figure is a sum.
    """
    if quotient.below is None:
        return dict(quotient.above.factors)
    before, now = whole.before, whole.now
    by_above = (1 / before.below + 1 / now.below) / 2
    by_below = -(before.above + now.above) / 2 / (before.below * now.below)
    above, below = quotient.above.factors, quotient.below.factors
    return {
        name: above.get(name, NONE) * by_above + below.get(name, NONE) * by_below
        for name in dict.fromkeys((*above, *below))
    }


def _in_shares(member: Moved, whole: Moved) -> Moved:
    """Its amounts as parts of what is below the line of the whole, in each period."""
    before, now = whole.before.below, whole.now.below
    return Moved(
        Amounts(member.before.above / before, member.before.below / before),
        Amounts(member.now.above / now, member.now.below / now),
    )


def _mix_and_rate(member: Moved, mean: Fraction) -> Effects:
    """Rate is the rest of the change above: that is m(b) * dr, also where a rate is missing."""
    rate = member.above - member.below * member.mean_rate
    return member.below * (member.mean_rate - mean), rate
