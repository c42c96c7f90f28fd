"""How far regions are with what they sign together, and whether a proposal is what stands."""

from datetime import timedelta

import pytest

from huxin.trust.ceremony.asked import Asked, Together, missing, together
from huxin.trust.ceremony.basis import stands
from huxin.trust.ceremony.draft import Draft, renewed
from huxin.trust.ceremony.result import result
from huxin.trust.federation.charter import Suspension
from tests.lib.ceremonies import NOW, TITLE, federation, party, signed, witnessed

THREE = ("QV", "QW", "XA")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((), None),
        ((Asked("region-QV", 2, ("QV",), ("QV",)), Asked("timestamp", 2, (), THREE)), None),
        ((Asked("emergency", 2, ("QV",), ("QW", "XA")),), Together(("QV",), 2, 3)),
        # A region counts once it has signed all that asks it.
        ((Asked("root", 2, ("QV", "QW"), ("XA",)), Asked("targets", 2, ("QV",), ("QW", "XA"))),
         Together(("QV",), 2, 3)),
        # A newcomer is asked by the new root alone, which asks more.
        ((Asked("root", 2, THREE, ()), Asked("root", 3, THREE, ("XB",))), Together(tuple(sorted(THREE)), 3, 4)),
    ],
    ids=["nothing", "nothing together", "a suspension", "half signed", "a new root"],
)  # fmt: skip
def test_regions_are_counted_over_all_that_they_sign_together(found, said):
    assert together(found) == said


def test_a_join_that_one_of_three_signed():
    parties, before = federation(*THREE)
    proposal = Draft.of(before, now=NOW).join(party("XB").statement, title=TITLE)
    assert together(missing(proposal, before)) == Together((), 2, 3)
    proposal = signed(proposal, before, parties[0].hold())
    assert together(missing(proposal, before)) == Together(("QV",), 2, 3)


def test_a_published_proposal_stands_until_the_next_change():
    parties, before = federation(*THREE)
    reason = {"zh": "外泄", "en": "A leak"}
    draft = Draft.of(before, now=NOW)
    proposal = draft.suspend(Suspension("a", "QW", None, NOW, reason), title=TITLE)
    assert not stands(proposal, before)
    assert not stands(proposal, None)
    after = result(witnessed(proposal, before, parties), before)
    assert stands(proposal, after)
    later = Draft.of(after, now=NOW + timedelta(hours=1))
    again = renewed(later, ["emergency"], title=TITLE)
    assert not stands(proposal, result(witnessed(again, after, parties, now=later.now), after))
    # The daily round alone asks for nothing that lasts.
    assert not stands(renewed(later, [], title=TITLE), after)
