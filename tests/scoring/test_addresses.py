"""The domain of a mail address as servers know it, or a refusal where it might be another's."""

from __future__ import annotations

import pytest

from scoring.addresses import with_ascii_domain


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
