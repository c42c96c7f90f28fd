"""Takes the fields of a federation's document one by one, and refuses the whole at the first that is wrong.

Such documents were signed by people who had seen them: what is wrong in one is no slip to be listed, but a reason
to believe none of it.  The code is `trust-file`, the detail says where.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import parse_region
from huxin.kernel.instants import parse_instant

__all__ = ["LANGUAGES", "Fields", "document", "parse_stamp", "refuse"]

LANGUAGES: Final = ("zh", "en")
_MOST_LETTERS: Final = 20_000
_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
# Format characters since Unicode 15; a Python that knows an older one takes them for nothing at all.
_LATER: Final = frozenset(map(chr, range(0x13439, 0x13440)))
_DIGEST_BYTES: Final = 32
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9000
_HEXADECIMAL: Final = frozenset("0123456789abcdef")


def _is_unseen(letter: str) -> bool:
    """Tell whether it is a control or a format character, and no line feed."""
    return letter in _LATER or (unicodedata.category(letter) in ("Cc", "Cf") and letter != "\n")


def refuse(place: str, what: str) -> RefusalError:
    """Return the refusal of a document for what is wrong at a place."""
    return RefusalError("trust-file", f"at {place or '/'}: {what}")


def parse_stamp(found: object, place: str) -> datetime:
    """Read an instant in the one form of time that TUF has; another would be read by some and not by others."""
    if not isinstance(found, str) or not _STAMP.fullmatch(found):
        raise refuse(place, "not an instant such as 2026-11-28T08:00:00Z")
    try:
        instant = parse_instant(found)
    except RefusalError as error:
        raise refuse(place, "not an instant of the calendar") from error
    # Days are added to instants and taken from them: none may be at the edge of the calendar.
    if not _FIRST_YEAR <= instant.year < _LAST_YEAR:
        raise refuse(place, f"not from {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant


def document(data: bytes, *, kind: str, limit: int) -> Fields:
    """Read a document of version 1 that says it is of `kind`; refuses with `trust-file` or `too-big`."""
    if len(data) > limit:
        raise RefusalError("too-big", kind)
    fields = Fields("", strict_json.parse(data, code="trust-file"))
    if (fields.text("huxin"), fields.number("v")) != (kind, 1):
        raise refuse("", f"not {kind} of version 1")
    return fields


class Fields:
    """An object of a document; `only` refuses what the version does not know."""

    __slots__ = ("_fields", "_place")

    def __init__(self, place: str, found: object) -> None:
        if not isinstance(found, Mapping):
            raise refuse(place, "not an object")
        self._place = place
        self._fields: Mapping[str, Any] = found

    def only(self, *names: str) -> None:
        """Refuse a field that is not one of `names`."""
        unknown = sorted(self._fields.keys() - set(names))
        if unknown:
            raise refuse(self._place, f"a field that version 1 does not know: {unknown[0][:40]}")

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields, in order; for objects whose names are data."""
        return tuple(sorted(self._fields))

    def plain(self, name: str) -> Any:
        """Return what a field holds, unread."""
        return self._fields.get(name)

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not null."""
        return self._fields.get(name) is not None

    def text(self, name: str) -> str:
        """Return a text of NFC, not empty and without controls but line ends."""
        found = self._fields.get(name)
        if not isinstance(found, str) or not 0 < len(found) <= _MOST_LETTERS:
            raise self._wrong(name, "not a text")
        if unicodedata.normalize("NFC", found) != found:
            raise self._wrong(name, "not in normal form C")
        if any(map(_is_unseen, found)):
            raise self._wrong(name, "a character that cannot be seen")
        return found

    def choice(self, name: str, known: Sequence[str]) -> str:
        """Return one of the texts `known`."""
        found = self.text(name)
        if found not in known:
            raise self._wrong(name, f"none of {', '.join(known)}")
        return found

    def number(self, name: str, least: int = 0, most: int = 2**53 - 1) -> int:
        """Return a whole number between `least` and `most`."""
        found = self._fields.get(name)
        if type(found) is not int or not least <= found <= most:
            raise self._wrong(name, f"not a whole number from {least} to {most}")
        return found

    def region(self, name: str) -> str:
        """Return a region code."""
        try:
            return parse_region(self.text(name))
        except RefusalError as error:
            raise self._wrong(name, error.refusal.detail) from error

    def instant(self, name: str) -> datetime:
        """Return an aware instant, written as `parse_stamp` reads it."""
        return parse_stamp(self._fields.get(name), f"{self._place}/{name}")

    def digest(self, name: str) -> str:
        """Return a SHA-256 in 64 hexadecimal digits, small ones."""
        return self._hexadecimal(name, _DIGEST_BYTES, "a SHA-256")

    def hexadecimal(self, name: str, length: int) -> str:
        """Return so many bytes in hexadecimal digits, small ones."""
        return self._hexadecimal(name, length, f"{length} bytes")

    def _hexadecimal(self, name: str, length: int, what: str) -> str:
        found = self.text(name)
        if len(found) != 2 * length or not set(found) <= _HEXADECIMAL:
            raise self._wrong(name, f"not {what} in hexadecimal digits")
        return found

    def octets(self, name: str, most: int) -> bytes:
        """Return up to `most` bytes that stand in base64, in its one form."""
        found = self._fields.get(name)
        if not isinstance(found, str) or len(found) > most * 4 // 3 + 4:
            raise self._wrong(name, "not a text, or too long a one")
        try:
            octets = base64.b64decode(found, validate=True)
        except ValueError as error:
            raise self._wrong(name, "not base64") from error
        if base64.b64encode(octets).decode("ascii") != found:
            raise self._wrong(name, "not the one form of base64")
        return octets

    def words(self, name: str) -> Mapping[str, str]:
        """Return a text in each of the languages, none missing."""
        found = self.object(name)
        found.only(*LANGUAGES)
        return {language: found.text(language) for language in LANGUAGES}

    def regions(self, name: str, most: int) -> tuple[str, ...]:
        """Return a list of region codes, each once."""
        return self._once(name, [one.region("one") for one in self._items(name, most)])

    def digests(self, name: str, most: int) -> tuple[str, ...]:
        """Return a list of digests as `digest` reads them, each once."""
        return self._once(name, [one.digest("one") for one in self._items(name, most)])

    def object(self, name: str) -> Fields:
        """Return the object in a field."""
        return Fields(f"{self._place}/{name}", self._fields.get(name))

    def objects(self, name: str, most: int) -> Iterator[Fields]:
        """Yield the objects of a list."""
        for number, one in enumerate(self._list(name, most)):
            yield Fields(f"{self._place}/{name}/{number}", one)

    def _items(self, name: str, most: int) -> list[Fields]:
        return [Fields(f"{self._place}/{name}", {"one": one}) for one in self._list(name, most)]

    def _once(self, name: str, found: list[str]) -> tuple[str, ...]:
        if len(set(found)) < len(found):
            raise self._wrong(name, "one of them twice")
        return tuple(found)

    def _list(self, name: str, most: int) -> list[Any]:
        found = self._fields.get(name)
        if not isinstance(found, list) or len(found) > most:
            raise self._wrong(name, f"not a list of up to {most}")
        return found

    def _wrong(self, name: str, what: str) -> RefusalError:
        return refuse(f"{self._place}/{name}", what)
