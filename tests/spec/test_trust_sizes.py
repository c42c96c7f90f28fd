"""Bounds on a trust list, in bytes and requests: 2,000 keys in 5, 50 and 200 regions (design FEDERATION, target figures)."""

import pytest

from bench import federation

LIMITS = {
    "trust-bundle-5": 130,
    "trust-bundle-50": 170,
    "trust-bundle-200": 280,
    "trust-update-bytes": 40,
    "trust-update-requests": 6,
}


@pytest.mark.size("all")
def test_a_trust_list_stays_small():
    told = federation.figures(rounds=1)
    assert {name: told[name] for name, limit in LIMITS.items() if told[name] > limit} == {}
