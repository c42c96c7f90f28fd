"""Nothing that stands in a federation's files is there for nothing, and nothing that may stand there raises anything.

- whatever is taken out of keys, thresholds and delegations, or replaced, is missed: refused or found;
- any value in any place of any file is answered with codes of the register, by the reader or by lint.
"""

import copy
import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError
from huxin.spec import CODES
from huxin.trust.federation.layout import CHARTER, MEMBERS, SUSPENSIONS
from huxin.trust.federation.lint import findings
from huxin.trust.federation.metadata import parse_role
from huxin.trust.federation.repository import Repository
from tests.lib.federation_dicts import NOW, Federation

FEDERATION: Final = Federation.of(3)
FILES: Final = {role: json.loads(data) for role, data in FEDERATION.metadata().items()}
REPOSITORY: Final = FEDERATION.repository()
KEYS: Final = "QV/keys.cbor"
DOCUMENTS: Final = {
    CHARTER: json.loads(REPOSITORY.targets[CHARTER]),
    MEMBERS: json.loads(REPOSITORY.targets[MEMBERS]),
    SUSPENSIONS: json.loads(REPOSITORY.targets[SUSPENSIONS]),
    KEYS: cbor.loads(REPOSITORY.targets[KEYS]),
}

Way = tuple[Any, ...]


def ways(value: Any, way: Way = ()) -> list[Way]:
    """Every place in a value, as the way to it."""
    found = [way] if way else []
    steps = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, part in steps:
        found += ways(part, (*way, step))
    return found


def changed(value: Any, way: Way, put: Any) -> Any:
    """A copy with another value in one place; `...` takes the place out."""
    whole = copy.deepcopy(value)
    place = whole
    for step in way[:-1]:
        place = place[step]
    if put is ...:
        del place[way[-1]]
    else:
        place[way[-1]] = put
    return whole


def told(role: str, whole: Any) -> list[str]:
    """The codes that a file of metadata gets, from the reader or from lint."""
    try:
        found = parse_role(json.dumps(whole).encode(), role)
    except RefusalError as error:
        return [error.refusal.code]
    repository = Repository({**REPOSITORY.roles, role: found}, REPOSITORY.targets)
    return [one.code for one in findings(repository, held=None, now=NOW)]


def told_of(path: str, whole: Any) -> list[str]:
    """The codes that a document gets."""
    data = cbor.dumps(whole) if path == KEYS else json.dumps(whole).encode()
    repository = Repository(REPOSITORY.roles, {**REPOSITORY.targets, path: data})
    return [one.code for one in findings(repository, held=None, now=NOW)]


def test_unchanged_there_is_nothing_to_tell():
    assert all(told(role, whole) == [] for role, whole in FILES.items())
    assert all(told_of(path, whole) == [] for path, whole in DOCUMENTS.items())


DECIDING: Final = [
    (role, way)
    for role, starts in (
        ("root", [("signed", "keys"), ("signed", "roles"), ("signed", "consistent_snapshot")]),
        ("targets", [("signed", "delegations")]),
    )
    for way in ways(FILES[role])
    if any(way[: len(start)] == start for start in starts)
]


@pytest.mark.parametrize("put", [..., None, "QY", 7], ids=["taken out", "null", "QY", "7"])
@pytest.mark.parametrize("role", ["root", "targets"])
def test_whatever_decides_who_may_sign_is_missed(role, put):
    unmissed = [
        way
        for name, way in DECIDING
        if name == role and told(role, changed(FILES[role], way, put)) == []
    ]
    assert unmissed == []


@pytest.mark.parametrize("path", sorted(DOCUMENTS))
def test_whatever_is_taken_out_of_a_document_is_missed(path):
    may_be_empty = {"dissent", "confirmed"}
    unmissed = [
        way
        for way in ways(DOCUMENTS[path])
        if way[-1] not in may_be_empty and told_of(path, changed(DOCUMENTS[path], way, ...)) == []
    ]
    # A region without keys, and what is null already, say the same where they are left out.
    assert unmissed in ([], [("keys", 0)]) or all(way[-1] == "successor" for way in unmissed)


ANYTHING: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(data=st.data(), role=st.sampled_from(sorted(FILES)), put=ANYTHING)
def test_any_place_of_metadata_may_hold_anything(data, role, put):
    way = data.draw(st.sampled_from(ways(FILES[role])))
    assert set(told(role, changed(FILES[role], way, put))) <= CODES.keys()


@given(data=st.data(), path=st.sampled_from(sorted(DOCUMENTS)), put=ANYTHING)
def test_any_place_of_a_document_may_hold_anything(data, path, put):
    way = data.draw(st.sampled_from(ways(DOCUMENTS[path])))
    assert set(told_of(path, changed(DOCUMENTS[path], way, put))) <= CODES.keys()


@given(data=st.binary(max_size=200), role=st.sampled_from(sorted(FILES)))
def test_any_bytes_are_answered(data, role):
    with pytest.raises(RefusalError) as error:
        parse_role(data, role)
    assert error.value.refusal.code == "trust-file"
    for path in DOCUMENTS:
        repository = Repository(REPOSITORY.roles, {**REPOSITORY.targets, path: data})
        assert {one.code for one in findings(repository, held=None, now=NOW)} == {"trust-file"}
