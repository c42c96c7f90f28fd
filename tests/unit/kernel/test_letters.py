import pytest

from huxin.kernel.letters import has_letter, words

NEWER = "\U0002ebf0"  # a block of Unicode 15.1, which older runtimes do not know
NOT_YET = "\U00033480"  # no character in any Unicode so far


@pytest.mark.parametrize("text", ["Ann", "林㑇", "12a", NEWER, NOT_YET, "·" + NEWER, "\U0003fffd"])
def test_letters_of_every_script(text: str) -> None:
    assert has_letter(text)


@pytest.mark.parametrize("text", ["", "12", "😀", "'", "\u0301", "\U0003fffe", "\U0001ffff"])
def test_what_is_no_letter(text: str) -> None:
    assert not has_letter(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna-Maria LIN", "lin, maria anna"),
        ("Groß", "GROẞ"),
        ("Groß", "GROSS"),
        ("André", "Andre\u0301"),
        ("ǰ", "J\u030c"),
        ("Σωκράτης", "ΣΩΚΡΆΤΗΣ"),
        (f"{NEWER}{NOT_YET} LIN", f"Lin {NEWER}{NOT_YET}"),
        ("Ꭰ", "ꭰ"),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Işık", "Işik"), ("André", "Andre"), (NEWER, NOT_YET), ("Li N", "Lin")]
)
def test_other_words(one: str, other: str) -> None:
    assert words(one) != words(other)
