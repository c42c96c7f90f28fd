"""The federation at a glance: regions and keys, roles and signers, and what is to be signed anew."""

import json
from dataclasses import replace
from datetime import timedelta

from huxin.trust.ceremony.draft import Draft
from huxin.trust.ceremony.result import result
from huxin.trust.federation.glance import keys_of, regions_of, roles_of
from huxin.trust.federation.repository import read_list
from tests.lib.ceremonies import NOW, TITLE, federation, party, witnessed


def test_every_member_has_a_row():
    _, whole = federation("QW", "QV")
    rows = regions_of(read_list(whole))
    assert [(row.region, row.standing, row.keys, row.buried) for row in rows] == [
        ("QV", "active", 1, 0),
        ("QW", "active", 1, 0),
    ]
    assert rows[0].first_to_end == NOW + timedelta(days=699)
    assert rows[0].name == {"zh": "QV地", "en": "QV land"}


def test_a_member_without_keys_has_one_too():
    parties, before = federation("QV")
    newcomer = party("XA", signs=0)
    joined = Draft.of(before, now=NOW).join(newcomer.statement, title=TITLE)
    whole = read_list(result(witnessed(joined, before, [*parties, newcomer]), before))
    assert [(row.keys, row.first_to_end) for row in regions_of(whole)][1] == (0, None)
    unpublished = replace(whole, keys={})
    assert [(row.keys, row.buried) for row in regions_of(unpublished)] == [(0, 0), (0, 0)]


def test_keys_are_told_until_they_end_and_the_first_to_end_first():
    _, before = federation("QW", "QV")
    whole = read_list(before)
    rows = keys_of(whole, now=NOW)
    ends = NOW + timedelta(days=699)
    assert [(row.region, row.domains, row.until) for row in rows] == [
        ("QV", ("huxin",), ends),
        ("QW", ("huxin",), ends),
    ]
    held = [one.kid for found in whole.keys.values() for one in found.keys]
    assert sorted(row.kid for row in rows) == sorted(held)
    assert keys_of(whole, now=ends) == ()
    assert keys_of(replace(whole, keys={}), now=NOW) == ()


def test_roles_are_in_order_with_who_signed():
    _, whole = federation("QV", "QW")
    rows = roles_of(whole, now=NOW)
    assert [row.role for row in rows] == [
        *("root", "targets", "emergency", "snapshot", "timestamp"),
        *("region-QV", "region-QW"),
    ]
    assert rows[0].signed_by == ("QV", "QW")
    assert rows[-1].signed_by == ("QW", "QW", "QW")
    assert not any(row.over or row.resign for row in rows)
    later = {row.role: row for row in roles_of(whole, now=NOW + timedelta(days=6))}
    assert (later["timestamp"].over, later["snapshot"].resign, later["root"].resign) == (True, True, False)  # fmt: skip


def test_an_officers_key_need_not_say_whose_it_is():
    _, whole = federation("QV")
    signed = json.loads(json.dumps(whole.roles["targets"].signed))
    for key in signed["delegations"]["keys"].values():
        key.pop("x-huxin-region")
    targets = replace(whole.roles["targets"], signed=signed)
    rows = roles_of(replace(whole, roles={**whole.roles, "targets": targets}), now=NOW)
    assert rows[-1].signed_by == ("?", "?", "?")


def test_signers_that_no_role_knows_are_left_out():
    _, whole = federation("QV")
    role = replace(whole.roles["root"], signers=("nobody's",))
    changed = replace(whole, roles={**whole.roles, "root": role})
    assert roles_of(changed, now=NOW)[0].signed_by == ()
