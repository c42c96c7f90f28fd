"""Template tags for two languages: `{% t "签发" "Issue" %}`, `{% both … %}`, `{{ words|say }}`."""

from __future__ import annotations

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from huxin.node.base import drafts
from huxin.node.base.words import said, says
from huxin.packs.reader import Words

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **blanks: object) -> str:
    """Say it in the page's language; a blank that is markup (a name with its language) stays so."""
    if not any(isinstance(value, SafeString) for value in blanks.values()):
        return says(zh, en, **blanks)
    safe = {
        name: value if isinstance(value, SafeString) else escape(str(value))
        for name, value in blanks.items()
    }
    return mark_safe(says(escape(zh), escape(en), **safe))  # noqa: S308


@register.simple_tag
def both(zh: str, en: str) -> SafeString:
    """Show both languages, Chinese first."""
    return format_html(
        '<span lang="zh-Hans">{}</span> <span class="en" lang="en">{}</span>', zh, en
    )


@register.filter
def say(words: Words | None) -> str:
    """Pick the page's language from a pair."""
    return said(words) if words else ""


@register.simple_tag(takes_context=True)
def ticket(context: template.Context) -> SafeString:
    """Put the hidden field into a form that must not be lost when the session ends."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    value = drafts.ticket_for(actor.user if actor else None)
    return format_html('<input type="hidden" name="{}" value="{}">', drafts.FIELD, value)
