"""Rules made by chance: the compiler answers as the interpreter does, and changes are foreseen."""

from typing import Final

from hypothesis import event, given
from hypothesis import strategies as st

from huxin.kernel.errors import RefusalError
from huxin.trust.rules import datetimes
from huxin.trust.rules.change import next_change
from huxin.trust.rules.compile import compile_logic
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.interpret import interpret
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import equal, truth
from tests.lib.logic import clock_datas, clock_logics, datas, logics

# Ten sets of data for each expression: in size soak that is fifty thousand cases.
DATAS: Final = 10


def told(evaluate):
    """Return what an evaluation came to: its value, or the code of its refusal."""
    try:
        return evaluate()
    except RefusalError as error:
        return error.refusal


@given(logic=logics(), shown=st.lists(datas(), min_size=DATAS, max_size=DATAS))
def test_closures_and_interpreter_agree_in_value_trace_and_refusal(logic, shown):
    expression = parse_logic(logic)
    compiled = compile_logic(expression)
    for data in shown:
        steps: list[Step] = []
        right = told(lambda: interpret(expression, data, steps))  # noqa: B023  # called at once
        value = told(lambda: compiled.value(scope_of(data)))  # noqa: B023
        traced = told(lambda: compiled.trace(scope_of(data)))  # noqa: B023
        refused = getattr(right, "code", None)
        event(f"refusal: {refused}")
        if refused:
            assert value == right
            assert traced == right
            continue
        assert type(value) is type(right)
        assert equal(value, right)
        assert traced[1] == steps
        assert equal(traced[0], right)


@given(logic=logics(), data=datas())
def test_one_scope_serves_many_rules(logic, data):
    """What was remembered for one rule does not change the answer of the next."""
    compiled = compile_logic(parse_logic(logic))
    scope = scope_of(data)
    first, second = (told(lambda: compiled.value(scope)) for _ in range(2))
    assert first == second or equal(first, second)


@given(
    logic=clock_logics(), data=clock_datas(), later=st.lists(st.integers(0, 10**12), max_size=20)
)
def test_an_answer_holds_until_it_is_said_to_change(logic, data, later):
    """No instant before the change gives another answer; the change itself does."""
    expression = parse_logic(logic)

    def at(instant):
        external = {**data["external"], "validationClock": datetimes.as_text(instant)}
        return told(lambda: truth(interpret(expression, {**data, "external": external})))

    clock = datetimes.parse(data["external"]["validationClock"])
    change = next_change(expression, data)
    here = at(clock)
    event("no change" if change is None else "a change")
    until = clock + 10**12 if change is None else change
    assert until > clock
    assert change is None or at(change) != here
    assert at(until - 1) == here
    for one in later:
        assert at(clock + one % (until - clock)) == here
