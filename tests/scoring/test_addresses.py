"""The domain of a mail address as servers know it, or a refusal where it might be another's."""

from __future__ import annotations

import pytest

from scoring.addresses import one_spelling, with_ascii_domain


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("Wei@Company.example", "Wei@Company.example"),
        ("wei@xn--mller-kva.example", "wei@xn--mller-kva.example"),
        ("wei@müller.example", "wei@xn--mller-kva.example"),
        ("Wei@MÜLLER.example", "Wei@xn--mller-kva.example"),
        ("王薇@公司.example", "王薇@xn--55qx5d.example"),
        ("müller@company.example", "müller@company.example"),
    ],
)
def test_a_domain_is_spelled_in_ascii_and_the_name_stays(address, spelled):
    assert with_ascii_domain(address) == spelled


@pytest.mark.parametrize(
    "domain", ["straße.example", "ς.example", "ａ.example", "ü..example", f"{'ü' * 64}.example"]
)
def test_a_domain_that_would_be_another_or_none_is_refused(domain):
    with pytest.raises(ValueError, match=r"^a domain in ASCII \(xn--"):
        with_ascii_domain(f"wei@{domain}")


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("Wei@Company.example", "wei@company.example"),
        ("MÜLLER@Bücher.example", "müller@xn--bcher-kva.example"),
        ("mu\u0308ller@XN--bcher-kva.example", "müller@xn--bcher-kva.example"),
        (r"m\x{FC}ller@b\x{00fc}cher.example", "müller@xn--bcher-kva.example"),
        # without a form of its own in ASCII, and no letter at all
        ("wei@Straße.example", "wei@straße.example"),
        (r"wei\x{FFFFFF}@company.example", r"wei\x{ffffff}@company.example"),
    ],
)
def test_every_spelling_of_an_address_is_compared_as_one(address, spelled):
    assert one_spelling(address) == spelled
    assert one_spelling(spelled) == spelled
