"""The picture of a simulation on a page, at both widths; the style sheet shows the one that fits."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django import template
from django.utils.safestring import SafeString, mark_safe

from huxin.adapters.rule_picture import NARROW, WIDE, Language, picture
from huxin.node.base.words import current, said
from huxin.packs.reader import Words
from huxin.trust.rules.simulate import Effect

register = template.Library()

_TYPE: Final = (15, 36)  # as large as the letters around it, also in elder mode


@register.simple_tag(takes_context=True)
def moves_picture(context: template.Context, effect: Effect, purpose: Words) -> SafeString:
    """Draw who of the invented people gets another answer."""
    size = _TYPE[1] if context.get("elder") else _TYPE[0]
    language: Language = "zh" if current() == "zh" else "en"
    named = replace(effect, purpose=said(purpose))
    drawn = (picture(named, language, width=width, type_size=size) for width in (NARROW, WIDE))
    return mark_safe("".join(drawn))  # noqa: S308  every word in it is escaped where it is drawn
