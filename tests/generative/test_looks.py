"""What a rule made by chance looks at: said in words, whatever its form, with nothing left unsaid."""

from hypothesis import given
from hypothesis import strategies as st

from huxin.trust.rules.asks import line
from huxin.trust.rules.expression import Var, parse_logic, walk
from huxin.trust.rules.looks import looks
from tests.lib.logic import clock_logics, logics


@given(logic=st.one_of(logics(), clock_logics()))
def test_everything_that_is_read_is_said(logic):
    expression = parse_logic(logic)
    found = looks(expression)
    assert len(set(found)) == len(found)
    for look in found:
        for language in ("zh-Hans", "zh-Hant", "en"):
            assert line(look, language, {}).strip()
    said = {name for one in found for name in (one.field, *one.bounds, *one.kinds)}
    for node in walk(expression):
        scope, *names = node.path.split(".") if isinstance(node, Var) else [""]
        fields = [one for one in names if not one.isdecimal()]
        if scope == "payload" and fields and fields[0] not in ("birth", "dob", "v", "t", "r"):
            assert (".".join(fields[1:]) or fields[0]) in said
