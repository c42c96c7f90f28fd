"""Chinese and English, side by side where they are used; the page picks one.

The language of a page is what its reader chose (a cookie), else what their browser asks for,
else Chinese.  Further languages are catalogues keyed by the Chinese sentence (decision 0009).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from django.http import HttpRequest
from django.utils import translation

from huxin.packs.reader import Words

__all__ = ["COOKIE", "ELDER_COOKIE", "Language", "current", "language_of", "native", "said", "says"]

Language = Literal["zh", "en"]
COOKIE: Final = "huxin_lang"
ELDER_COOKIE: Final = "huxin_elder"
_HAN: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def language_of(request: HttpRequest) -> Language:
    """Return the language to answer in."""
    chosen = request.COOKIES.get(COOKIE)
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith(("zh", "en")):
            return "zh" if tag.startswith("zh") else "en"
    return "zh"


def current() -> Language:
    """Return the language of the page that is being made."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def native(name: str) -> bool:
    """Tell whether a name is written in the script of the page's language."""
    return bool(_HAN.search(name)) == (current() == "zh")


def says(zh: str, en: str, **blanks: object) -> str:
    """Return the sentence in the page's language, with its `{blanks}` filled."""
    text = zh if current() == "zh" else en
    for name, value in blanks.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def said(words: Words) -> str:
    """Return a pair of words in the page's language."""
    return says(words.zh, words.en)
