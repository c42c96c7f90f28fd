import io
import json
from collections.abc import Sequence

import pytest
from PIL import Image

from huxin.kernel.errors import RefusalError
from huxin.trust import qr, reading
from huxin.trust.credentials import smart_health_card as shc
from huxin.trust.issue import issue
from huxin.trust.reading import Reading
from tests.lib.regions import NOW, REED_ISLES, facts

HCERT = issue(facts(), REED_ISLES, now=NOW)
HEALTH_CARD = issue(facts(), REED_ISLES, now=NOW, format="shc")
COMPACT = shc.from_chunks((HEALTH_CARD.text,))
FILE = json.dumps({"verifiableCredential": [COMPACT, COMPACT]})


def only(source: str | bytes | Sequence[str]) -> Reading:
    (read,) = reading.open(source)
    return read


def code(read: Reading) -> str | None:
    return read.refusal.code if read.refusal else None


@pytest.mark.parametrize(
    "text", [HCERT.text, f" \t\n{HCERT.text}\r\n", f"\ufeff{HCERT.text}\u200b"]
)
def test_white_space_around_a_text_is_trimmed(text: str) -> None:
    assert only(text).credential == only(HCERT.text.encode()).credential
    assert only(text).passed == ("prefix", "base45", "inflate", "cose")


def test_health_cards_in_all_their_coats() -> None:
    assert only(HEALTH_CARD.text).passed == ("digits", "jws", "inflate")
    assert only(COMPACT).passed == ("jws", "inflate")
    readings = reading.open(FILE)
    assert len(readings) == 2
    cards = {repr(one.credential) for one in (only(COMPACT), only(HEALTH_CARD.text), *readings)}
    assert len(cards) == 1


def chunked(size: int = 300) -> list[str]:
    parts = [COMPACT[at : at + size] for at in range(0, len(COMPACT), size)]
    return [f"shc:/{i}/{len(parts)}/{shc.digits(part)}" for i, part in enumerate(parts, 1)]


def test_chunks_are_put_together_and_the_rest_stands_alone() -> None:
    first, second = reading.open([*chunked()[::-1], HCERT.text])
    assert first.credential is not None
    assert first.credential.format == "hcert-100"
    assert second.credential is not None
    assert second.credential.text == HEALTH_CARD.text


@pytest.mark.parametrize(
    ("name", "source", "form", "failed", "refusal"),
    [
        ("nothing", "", None, "prefix", "prefix"),
        ("no texts", [], None, "prefix", "prefix"),
        ("an address", "https://example.org/", None, "prefix", "prefix"),
        ("lower case", HCERT.text.lower(), None, "prefix", "prefix"),
        ("a link to a card", "shlink:/eyJ1cmwi", "shlink", "prefix", "format"),
        (
            "a link behind a viewer",
            "https://viewer.example.org#shlink:/eyJ1",
            "shlink",
            "prefix",
            "format",
        ),
        ("a letter changed", HCERT.text[:-1] + "!", "hcert", "base45", "base45"),
        ("not compressed", "HC1:BB8", "hcert", "inflate", "inflate"),
        ("one chunk of three", chunked()[0], "shc", "digits", "chunks"),
        ("odd digits", HEALTH_CARD.text[:-1], "shc", "digits", "digits"),
        ("a JWS of two parts", "eyJhbGciOiJ.e30", "shc", "jws", "jws"),
        ("a file without cards", "{}", None, "jws", "format"),
        ("a file that is a list of cards", '{"verifiableCredential": 7}', None, "jws", "format"),
        ("a broken file", "{", None, "jws", "format"),
        ("text without end", "A" * 2_000_000, None, "prefix", "too-big"),
        ("bytes without end", b"A" * 2_000_000, None, "prefix", "too-big"),
        ("bytes that are no text", b"\xff\xfe\xfd", None, "prefix", "format"),
        ("a PDF that nobody can draw", b"%PDF-1.7", None, "prefix", "format"),
        ("a damaged picture", b"\x89PNG\r\n\x1a\n", None, "picture", "picture"),
    ],
)
def test_refused(
    name: str, source: str | bytes | list[str], form: str | None, failed: str, refusal: str
) -> None:
    read = only(source)
    assert read.credential is None, name
    assert (read.format, read.failed, code(read)) == (form, failed, refusal), name


def test_a_picture() -> None:
    read = only(qr.png(HCERT.text))
    assert read.passed[:2] == ("picture", "prefix")
    assert read.credential == only(HCERT.text).credential


def sheet(*texts: str) -> bytes:
    codes = [Image.open(io.BytesIO(qr.png(text))) for text in texts]
    paper = Image.new("L", (sum(one.width for one in codes), max(one.height for one in codes)), 255)
    left = 0
    for code in codes:
        paper.paste(code, (left, 0))
        left += code.width
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


def test_a_picture_of_two_cards() -> None:
    readings = reading.open(sheet(HCERT.text, HEALTH_CARD.text))
    formats = {one.credential.format for one in readings if one.credential}
    assert formats == {"hcert-100", "shc"}


NOTICE = "https://clinic.example.org/opening-hours"


@pytest.mark.parametrize("card", [HCERT.text, HEALTH_CARD.text, f" {COMPACT}", FILE])
def test_what_is_no_card_beside_one_is_left_out(card: str) -> None:
    assert reading.cards_among([NOTICE, card, "hc1:6BF"]) == (card,)
    assert reading.cards_among([NOTICE, NOTICE]) == (NOTICE, NOTICE)


def test_a_notice_beside_a_card_spoils_nothing() -> None:
    assert only(sheet(NOTICE, HCERT.text)).credential == only(HCERT.text).credential
    pages = (qr.png(NOTICE), qr.png(HCERT.text))
    (read,) = reading.open(b"%PDF-1.7", pages=lambda _: pages)
    assert read.credential == only(HCERT.text).credential
    alone = only(qr.png(NOTICE))
    assert (alone.passed, alone.failed, code(alone)) == (("picture",), "prefix", "prefix")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n \n\t\n", "\v", "\f"])
def test_cards_one_a_line(end: str) -> None:
    text = f"{end}{HCERT.text}{end}{HEALTH_CARD.text}{end}"
    for source in (text, text.encode(), [text]):
        formats = [one.credential and one.credential.format for one in reading.open(source)]
        assert formats == ["hcert-100", "shc"]


def test_the_chunks_of_a_card_one_a_line() -> None:
    (whole,) = reading.open("\n".join(chunked()[::-1]))
    assert whole.credential is not None
    first, second = chunked()[:1], chunked()[1:]
    assert only(["\n".join(first), "\n".join(second)]).credential == whole.credential


@pytest.mark.parametrize(
    "text",
    [
        f"{HCERT.text}\nhello",
        f"{HCERT.text[:40]}\n{HCERT.text[40:]}",
        f"{HCERT.text}\n{NOTICE}",
        f"{HCERT.text}\u2028{HCERT.text}",
        "\n".join([HCERT.text] * 100),
    ],
    ids=["a word", "a card on two lines", "an address", "another line break", "too many"],
)
def test_lines_that_are_no_cards_make_no_cards(text: str) -> None:
    assert only(text).credential is None


def test_as_many_lines_as_a_card_may_have_parts() -> None:
    assert len(reading.open("\n".join(["HC1:BB8"] * 99))) == 99
    assert code(only("\n".join(["HC1:", "x" * 1_000_000]))) == "too-big"


def test_a_picture_without_a_code() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "JPEG")
    read = only(out.getvalue())
    assert (read.failed, code(read), read.passed) == ("picture", "picture", ())


def test_a_pdf_is_read_by_the_pages_that_somebody_draws() -> None:
    blank = io.BytesIO()
    Image.new("L", (50, 50), 255).save(blank, "PNG")
    (read,) = reading.open(b"%PDF-1.7", pages=lambda _: [blank.getvalue(), qr.png(HCERT.text)])
    assert read.credential == only(HCERT.text).credential

    (empty,) = reading.open(b"%PDF-1.7", pages=lambda _: [])
    assert code(empty) == "picture"

    def refuse(_: bytes) -> list[bytes]:
        raise RefusalError("too-big", "pages")

    (refused,) = reading.open(b"%PDF-1.7", pages=refuse)
    assert (refused.failed, code(refused)) == ("picture", "too-big")
