import pytest

from huxin.monitoring.disclosure import Told, added, exact, suppressed


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5"), (1200, "1200")]
)
def test_a_small_count_is_told_as_a_range(count, text):
    assert suppressed(count).text == text


def test_small_counts_cannot_be_told_apart_in_a_drawing():
    assert {suppressed(count).middle for count in (1, 2, 3, 4)} == {2.5}
    assert suppressed(7).middle == 7


def test_inside_the_region_a_count_is_told_as_it_is():
    assert exact(3).text == "3"


@pytest.mark.parametrize(("low", "high"), [(-1, 2), (3, 2)])
def test_a_range_that_cannot_be(low, high):
    with pytest.raises(ValueError, match="range"):
        Told(low, high)


def test_a_total_says_no_more_than_its_parts():
    assert added(suppressed(2), exact(7), suppressed(0)) == Told(8, 11)
    assert added() == exact(0)
