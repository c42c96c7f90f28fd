"""What every template knows: the node, the language, the mode, who is asking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from huxin.node.base.words import ELDER_COOKIE, language_of

__all__ = ["page"]


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the names that page.html and its like rely on."""
    node = settings.HUXIN
    language = language_of(request)
    return {
        "node": {
            "region": node.region,
            "name": node.name.zh,
            "name_en": node.name.en,
            "seal": node.seal,
            "environment": node.environment,
            "operator": node.operator.zh if language == "zh" else node.operator.en,
        },
        "lang": language,
        "html_lang": "zh-Hans" if language == "zh" else "en",
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "theme": request.COOKIES.get("huxin_theme", ""),
        "actor": getattr(request, "actor", None),
        "now": getattr(request, "now", None),
    }
