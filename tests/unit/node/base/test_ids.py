from huxin.adapters import clock
from huxin.node.base import ids
from huxin.node.base.ids import new_id


def test_identifiers_sort_in_the_order_of_making_and_carry_the_time(monkeypatch):
    # Another test of this process may have moved its clock, and identifiers never go back.
    monkeypatch.setattr(ids, "_last", 0)
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    drift = (made[0].int >> 80) / 1000 - clock.now().timestamp()
    assert abs(drift) < 60
