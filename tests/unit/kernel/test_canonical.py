"""Canonical JSON: one string of bytes for one value, the one that other clients of the framework sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.formats import encode_canonical

from huxin.kernel.canonical import canonical_json
from huxin.kernel.errors import RefusalError


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, b"null"),
        (True, b"true"),
        (False, b"false"),
        (-12, b"-12"),
        ("", b'""'),
        ('a"b\\c', b'"a\\"b\\\\c"'),
        ("互信\n", '"互信\n"'.encode()),
        ([], b"[]"),
        ([1, [2, "x"]], b'[1,[2,"x"]]'),
        ({}, b"{}"),
        ({"b": 1, "a": {"d": None, "c": [True]}}, b'{"a":{"c":[true],"d":null},"b":1}'),
    ],
)
def test_a_value_has_one_form(value, written):
    assert canonical_json(value) == written


@pytest.mark.parametrize("value", [1.5, {"a": [2.0]}, b"x", {1, 2}])
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(RefusalError) as refused:
        canonical_json(value)
    assert refused.value.refusal.code == "bad-input"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_it_is_what_the_frameworks_own_library_signs(value):
    theirs = encode_canonical(value)
    assert theirs is not None
    assert canonical_json(value) == theirs.encode("utf-8")
