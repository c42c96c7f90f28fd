"""Rules that other regions signed for the shared list: whose a place may go by, and what is left out."""

import json
from datetime import timedelta

import pytest

from huxin.adapters import listed_rules as module
from huxin.adapters import trust_repository
from huxin.adapters.listed_rules import listed_rules
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.adapters.trust_state import read_held, take_policy
from huxin.adapters.verifier_folder import PlaceRules
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.ceremony.result import result
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import parse_rule
from tests.lib import rules
from tests.lib.ceremonies import NOW, TITLE, charter, party, witnessed
from tests.lib.policies import write_policy

PARTIES = [QV, QW, QX] = [party("QV"), party("QW"), party("QX")]
HOUR = timedelta(hours=1)


def asks(region, **changes):
    return rules.document(region=region, id=f"{region}-SCHOOL-1", **changes)


def file_of(*documents, **more):
    return json.dumps({"huxin": "rules", "version": 1, "rules": documents, **more}).encode()


@pytest.fixture
def held(tmp_path):
    """What a place holds after regions published files of rules."""

    def hold(**files):
        proposal = found([one.statement for one in PARTIES], charter(), title=TITLE, now=NOW)
        whole = witnessed(proposal, None, PARTIES)
        published, before = dict(trust_repository.published(whole)), result(whole, None)
        for region, data in files.items():
            draft = Draft.of(before, now=NOW)
            proposal = draft.publish(region, {f"{region}/rules.json": data}, title=TITLE)
            whole = witnessed(proposal, before, PARTIES)
            published |= trust_repository.published(whole)
            before = result(whole, before)
        state = tmp_path / "state"
        refresh(Bundle(published), state, root=published["metadata/1.root.json"], now=NOW)
        return state

    return hold


def books(state, environment="production", now=NOW + HOUR):
    found = read_held(state)
    assert found is not None
    return listed_rules(found, environment=environment, now=now)


def test_a_place_goes_by_what_regions_signed_for_themselves(held):
    found = books(held(QW=file_of(asks("QW"), valueSets={"doses": ["2"]}), QV=file_of(asks("QV"))))
    assert list(found) == ["QV", "QW"]
    assert [one.id for one in found["QW"].rules] == ["QW-SCHOOL-1"]
    assert (found["QW"].value_sets, found["QV"].value_sets) == ({"doses": ["2"]}, {})


@pytest.mark.parametrize(
    "data",
    [b"[]", b"not JSON", b'{"rules": [{}]}', file_of(asks("QW"), asks("QV")), file_of(asks("QV"))],
)
def test_what_cannot_be_gone_by_is_left_out_alone(held, data):
    assert list(books(held(QW=data, QV=file_of(asks("QV"))))) == ["QV"]


def test_rules_that_ended_and_members_of_a_rehearsal_are_nothing_to_go_by(held):
    state = held(QW=file_of(asks("QW")))
    assert books(state, environment="test") == {}
    assert books(state, now=NOW + timedelta(days=400)) == {}


def test_whom_the_place_does_not_believe_it_does_not_obey(held):
    state = held(QW=file_of(asks("QW")), QX=file_of(asks("QX")))
    deny = LocalPolicy("QV", 1, deny_regions=frozenset({"QW"}))
    take_policy(state, write_policy(deny, QV.hold("officer-1", "officer-2")), region="QV")
    assert list(books(state)) == ["QX"]


def test_a_page_is_not_loaded_with_more_than_it_can_bear(held, monkeypatch):
    state = held(QV=file_of(asks("QV")), QW=file_of(asks("QW")))
    monkeypatch.setattr(module, "MOST_TOTAL", len(file_of(asks("QV"))) + 1)
    assert list(books(state)) == ["QV"]


def test_a_place_s_own_rules_stand_for_a_region():
    own = RuleBook((rules.rule(region="QV", id="QV-SCHOOL-1"),), {"doses": ["1"]})
    listed = {
        region: RuleBook((rules.rule(region=region, id=f"{region}-SCHOOL-2"),), {"doses": ["2"]})
        for region in ("QV", "QW")
    }
    place = PlaceRules(own, listed)
    assert [one.id for one in place.of("QV").rules] == ["QV-SCHOOL-1"]
    assert place.of("QW").value_sets == {"doses": ["2"]}
    assert [(one.region, one.name) for one in place.purposes(NOW)] == [
        ("QV", "school"),
        ("QW", "school"),
    ]
    written = json.loads(place.to_bytes())
    assert written["valueSets"] == {"doses": ["1"]}
    assert [one["region"] for one in written["listed"]] == ["QW"]


def test_what_an_issuer_says_of_its_certificates_is_no_choice_and_takes_nobody_s_place():
    issuers = parse_rule(rules.foreign(Country="QW", Type="Invalidation", ValidTo="2099-01-01T00:00:00Z"))  # fmt: skip
    listed = {"QW": RuleBook((rules.rule(region="QW", id="QW-SCHOOL-2"),))}
    place = PlaceRules(RuleBook((rules.rule(), issuers)), listed)
    assert place.of("QV").rules == (rules.rule(), issuers)
    assert [one.id for one in place.of("QW").rules] == ["QW-SCHOOL-2"]
    assert [(one.region, one.name) for one in place.purposes(NOW)] == [
        ("QV", "school"),
        ("QW", "school"),
    ]
