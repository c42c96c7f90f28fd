import pytest

from huxin.clinic.corrections import VOIDS, Facts, Fault, changed, check_correction
from huxin.kernel.errors import RefusalError

DOSE = Facts("school-entry", {"vaccine": "mmr", "dose": "1", "batch": "LB-7", "centre": ""})


def facts(**cells: str) -> Facts:
    return Facts("school-entry", {**DOSE.cells, **cells})


def test_what_a_correction_changes():
    assert changed(DOSE, facts(batch="LB-8", dose="2")) == ("batch", "dose")
    assert changed(DOSE, Facts("icvp", DOSE.cells)) == ("pack",)
    assert changed(DOSE, facts(series="2")) == ("series",)


@pytest.mark.parametrize(
    "after",
    [DOSE, facts(batch=" LB-7 "), facts(series=""), Facts("school-entry", {"vaccine": "mmr", "dose": "1", "batch": "LB-7"})],
    ids=["the same", "a space more", "another empty column", "a column left out"],
)  # fmt: skip
def test_a_correction_that_changes_nothing_is_none(after):
    assert changed(DOSE, after) == ()
    with pytest.raises(RefusalError) as refused:
        check_correction(Fault.FACTS, DOSE, after)
    assert refused.value.refusal.code == "bad-input"


def test_wrong_facts_are_replaced_and_the_other_faults_are_voided():
    assert check_correction(Fault.FACTS, DOSE, facts(batch="LB-8")) == ("batch",)
    for fault in VOIDS:
        assert check_correction(fault, DOSE, None) == ()
    assert set(Fault) - VOIDS == {Fault.FACTS}


@pytest.mark.parametrize(
    ("fault", "after"),
    [(Fault.FACTS, None), (Fault.PERSON, facts(batch="LB-8")), (Fault.NOT_DONE, facts(dose="2"))],
)
def test_a_fault_is_not_put_right_in_another_way(fault, after):
    with pytest.raises(RefusalError) as refused:
        check_correction(fault, DOSE, after)
    assert refused.value.refusal.code == "bad-input"
