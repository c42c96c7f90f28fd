"""What purposes are called."""

import pytest

from huxin.packs import reader
from huxin.packs.purposes import purpose_words
from huxin.packs.reader import Words


@pytest.mark.parametrize(
    ("purpose", "pack", "words"),
    [
        ("work/food", "", Words("上岗 · 食品", "Work · food")),
        ("work", "", Words("上岗", "Work")),
        ("moon/dark-side", "no-such-pack", Words("moon · dark-side", "moon · dark-side")),
        ("school", "school-entry", reader.pack("school-entry").short),
    ],
)
def test_a_purpose_is_called_as_its_pack_says_or_by_its_parts(purpose, pack, words):
    assert purpose_words(purpose, pack) == words


def test_the_choice_of_a_pack_is_named():
    assert purpose_words("work/food", "occupational-health").zh.startswith("健康证 · ")


def test_a_pack_is_found_by_its_purpose():
    assert purpose_words("school") == reader.pack("school-entry").short
    assert purpose_words("moon") == Words("moon", "moon")
