"""The components as template tags, known to every template; how each is used: docs/reference/design.md.

Responsible for picking the language, marking foreign words with `lang`, and handing faces to their
templates in `ui/`.  Leaves colours and sizes to the style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from huxin.node.base import charts, fields, gauges
from huxin.node.base.faces import CardFace, Change, Link, Step, Tile, VerdictFace, Way
from huxin.node.base.words import current, said, says
from huxin.packs.reader import Words

register = template.Library()

_CJK: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CJK_RUN: Final = re.compile(f"{_CJK.pattern}+")
_LATIN: Final = re.compile(r"[A-Za-z]")
_TAG_ICONS: Final = {"ok": "check", "check": "sheets", "no": "cross", "unk": "why"}
_STEP_ICONS: Final = {"ok": "check", "no": "cross", "open": "open"}
_OUTCOMES: Final = {
    "accepted": ("ok", Words("通过", "Accepted")),
    "genuine": ("genuine", Words("真卡", "Genuine")),
    "cross-check": ("check", Words("再看一项", "Check one more")),
    "rejected": ("no", Words("不符合", "Not accepted")),
    "unknown": ("unk", Words("无法判断", "Cannot tell")),
}
_TYPE: Final = (15, 36)


def _say(words: Words | str | None, en: str = "") -> str:
    if isinstance(words, Words):
        return said(words)
    return says(words or "", en) if en else (words or "")


@register.filter
def word(words: Words | str | None) -> str:
    """Pick the page's language from a pair; a plain text stays as it is."""
    return _say(words)


@register.filter
def other(words: Words) -> SafeString:
    """Show a pair in the language that the page is not in, marked as such."""
    if current() == "zh":
        return format_html('<span class="en" lang="en">{}</span>', words.en)
    return format_html('<span class="en" lang="zh-Hans">{}</span>', words.zh)


@register.filter
def foreign(text: str) -> SafeString:
    """Show a name: its language is marked if it is not the page's, and it may wrap at `·`."""
    shown = mark_safe(str(conditional_escape(text)).replace("·", "·<wbr>"))  # noqa: S308
    if current() == "en" and _CJK.search(text):
        return format_html('<span lang="zh-Hans">{}</span>', shown)
    if current() == "zh" and _LATIN.search(text) and not _CJK.search(text):
        return format_html('<span lang="en">{}</span>', shown)
    return shown


@register.filter
def stopped(sentence: str) -> str:
    """End a sentence, so that a voice pauses before what follows."""
    return sentence if sentence.endswith(("。", ".", "?", "？")) else sentence + says("。", ".")


@register.filter
def mixed(words: Words | str) -> SafeString:
    """Say a sentence in the page's language; Chinese names inside an English one are marked."""
    said_so = str(conditional_escape(_say(words)))
    if current() == "en":
        said_so = _CJK_RUN.sub(r'<span lang="zh-Hans">\g<0></span>', said_so)
    return mark_safe(said_so)  # noqa: S308


@register.filter
def long(name: str) -> bool:
    """Tell whether a name has to be set smaller: past five characters, or about as many letters."""
    return sum(2 if _CJK.match(letter) else 1 for letter in name) > 11


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Show an icon of the sprite; with `label` it says something by itself."""
    place = f"{static('huxin/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="i" role="img" aria-label="{}"><use href="{}"></use></svg>', label, place
        )
    return format_html('<svg class="i" aria-hidden="true"><use href="{}"></use></svg>', place)


@register.simple_tag
def button(words: Words | str, en: str = "", **options: str) -> SafeString:
    """Make a button, or with `href` a link that looks like one.

    Options: kind ("2", "s", "wide", "link", several with spaces), icon, href, type, name, value, form, id.
    """
    classes = " ".join(["btn", *(f"btn--{kind}" for kind in options.pop("kind", "").split())])
    picture = icon(options.pop("icon")) if options.get("icon") else ""
    options.pop("icon", None)
    text = format_html("{}{}{}", picture, " " if picture else "", _say(words, en))
    if not options.get("href"):
        options.pop("href", None)
        options.setdefault("type", "submit")
    attributes = format_html_join(
        "", ' {}="{}"', ((name.replace("_", "-"), value) for name, value in options.items())
    )
    element = "a" if "href" in options else "button"
    return format_html('<{} class="{}"{}>{}</{}>', element, classes, attributes, text, element)


@register.simple_tag
def tag(words: Words | str, en: str = "", kind: str = "", icon_name: str = "") -> SafeString:
    """Show a state: icon and words.  Kinds: ok, check, no, unk (drawn soft), water, or none."""
    name = icon_name or _TAG_ICONS.get(kind, "")
    picture = icon(name) if name else ""
    classes = f"tag tag--{kind}" if kind and kind != "unk" else "tag"
    return format_html('<span class="{}">{} {}</span>', classes, picture, _say(words, en))


@register.simple_tag
def seal(text: str = "", region: str = "") -> SafeString:
    """Show the two characters of a region; without them, that one is still to sign."""
    if not text:
        return format_html(
            '<span class="seal seal--blank"><span class="seal__in">{}</span></span>',
            says("待签", "open"),
        )
    before = says("印：", "Seal: ")
    inner = (
        format_html('<span class="visually-hidden">{}{}</span>', before, foreign(region))
        if region
        else ""
    )
    hidden = mark_safe(' aria-hidden="true"') if region else ""
    return format_html(
        '<span class="seal">{}<span class="seal__in" lang="zh-Hans"{}>{}</span></span>',
        inner,
        hidden,
        text,
    )


@register.simple_block_tag
def card(content: str, zh: str = "", en: str = "", kind: str = "") -> SafeString:
    """Wrap a part of a page in a surface, with a heading if words are given."""
    classes = " ".join(["card", "stack", *(f"card--{one}" for one in kind.split())])
    head = format_html("<h2>{}</h2>", _say(zh, en)) if zh else ""
    return format_html('<section class="{}">{}{}</section>', classes, head, content)


@register.simple_block_tag
def note(content: str, kind: str = "") -> SafeString:
    """Wrap one sentence and one link; kind `done` says that something is finished."""
    return format_html(
        '<div class="{}">{}</div>', f"note note--{kind}" if kind else "note", content
    )


@register.simple_tag
def facts(rows: Iterable[tuple[Words | str, Any]], kind: str = "") -> SafeString:
    """List terms and what they are; rows without a value are left out.  Kinds: lines, long."""
    filled = ((_say(term), _fact(value)) for term, value in rows)
    body = format_html_join(
        "", "<dt>{}</dt><dd>{}</dd>", ((t, v) for t, v in filled if v not in (None, ""))
    )
    classes = " ".join(["facts", *(f"facts--{one}" for one in kind.split())])
    return format_html('<dl class="{}">{}</dl>', classes, body)


def _fact(value: Any) -> Any:
    """Say a value; one in another language, such as the name of an office, is marked."""
    told = _say(value) if isinstance(value, Words) else value
    return foreign(told) if isinstance(told, str) and not isinstance(told, SafeString) else told


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[Step]) -> dict[str, Any]:
    """List what was examined and how each came out."""
    spoken = {
        "ok": says("成立", "holds"),
        "no": says("不成立", "does not hold"),
        "open": says("未查", "not examined"),
    }
    rows = [
        {
            "step": each,
            "icon": _STEP_ICONS.get(each.state, each.state),
            "spoken": spoken.get(each.state, ""),
        }
        for each in items
    ]
    return {"rows": rows}


@register.inclusion_tag("ui/rail.html")
def rail(items: Sequence[Link | Words], now: int = 0) -> dict[str, Any]:
    """Show the steps of a task; `now` counts from 1, links lead back to steps that are done."""
    rows = [each if isinstance(each, Link) else Link("", each) for each in items]
    return {"rows": [(n, each, n == now or each.current) for n, each in enumerate(rows, 1)]}


@register.inclusion_tag("ui/field.html")
def field(
    bound: BoundField, label: Words | str = "", hint: Words | str = "", kind: str = ""
) -> dict[str, Any]:
    """Show a form's field: label, hint, error, control.  Kind `row` puts choices side by side."""
    return {
        "f": fields.shown(bound, label=_say(label), hint=_say(hint)),
        "kind": kind,
        "bound": bound,
    }


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*all_forms: forms.BaseForm) -> dict[str, Any]:
    """List what is wrong, each leading to its field; takes the focus.  Empty where nothing is wrong."""
    rows = []
    for form in all_forms:
        rows += [("", "", each) for each in fields.messages(form.non_field_errors().as_data())]
        rows += [(s.first_id, s.label, each) for s in map(fields.shown, form) for each in s.errors]
    # A password is never sent back, so a page with one does not promise that all is still there.
    secret = any(
        isinstance(f.field.widget, forms.PasswordInput) for form in all_forms for f in form
    )
    return {"rows": rows, "kept": not secret}


def _specimen(context: template.Context, face: CardFace) -> bool:
    node = context.get("node") or {}
    return face.specimen or node.get("environment") in ("demo", "test")


@register.inclusion_tag("ui/credential.html", takes_context=True)
def credential(context: template.Context, face: CardFace) -> dict[str, Any]:
    """Show the card a person carries."""
    return {"c": face, "specimen": _specimen(context, face)}


@register.inclusion_tag("ui/paper_sheet.html", takes_context=True)
def paper_sheet(
    context: template.Context, face: CardFace, rows: Sequence[Any] = (), **more: Words | str
) -> dict[str, Any]:
    """Print a card on A4: code and name in front, details folded inside, a card to cut out.

    `rows` are pairs of words; also `number` (for the foot), `issued` (a date) and `scan` (what a
    scan reads).
    """
    return {"c": face, "rows": rows, "specimen": _specimen(context, face), **more}


@register.inclusion_tag("ui/paper_cards.html", takes_context=True)
def paper_cards(
    context: template.Context, faces: Sequence[CardFace], title: Words | str = ""
) -> dict[str, Any]:
    """Print ten cards on each A4 sheet, with marks to cut along."""
    sheets = [faces[start : start + 10] for start in range(0, len(faces), 10)]
    made_up = any(_specimen(context, face) for face in faces)
    return {"sheets": sheets, "title": title, "specimen": made_up}


@register.inclusion_tag("ui/wallet.html")
def wallet(cards: Sequence[CardFace]) -> dict[str, Any]:
    """List cards, shut; each opens."""
    return {"cards": cards}


@register.inclusion_tag("ui/verdict.html", takes_context=True)
def verdict(
    context: template.Context, face: VerdictFace, inset: str = "", form: Any = None
) -> dict[str, Any]:
    """Show an answer, the whole screen; `inset` for a part of a page.  The button is the caller's: `form`."""
    kind, usual = _OUTCOMES[face.outcome]
    found = {"v": face, "kind": kind, "words": face.word or usual, "inset": inset, "action": form}
    return found | {"node": context.get("node")}


@register.inclusion_tag("ui/tally.html")
def tally(asks: Words | str, shows: Words | str, **more: Words | str) -> dict[str, Any]:
    """Lay what a rule asks over what a card shows.  `gap` names what is missing; also asks_more, shows_more."""
    return {"asks": asks, "shows": shows, **more}


@register.inclusion_tag("ui/wait.html")
def wait(low: float, likely: float, high: float, end: int = 30, kind: str = "") -> dict[str, Any]:
    """Show how long it may take: four in five between low and high minutes.  Kind `row` is for tables."""
    return gauges.wait(low, likely, high, end=end) | {"kind": kind}


@register.inclusion_tag("ui/freshness.html")
def freshness(hours: float) -> dict[str, Any]:
    """Show how old the trust list is, on a ruler: 48 hours, 14 days, 30 days."""
    return gauges.freshness(hours)


@register.inclusion_tag("ui/diff.html")
def diff(changes: Sequence[Change]) -> dict[str, Any]:
    """List what a proposal would change, a sentence a line."""
    spoken = {
        "add": says("新增", "added"),
        "mod": says("改动", "changed"),
        "del": says("删去", "removed"),
    }
    signs = {"add": "+", "mod": "~", "del": "−"}
    return {"rows": [(each, signs[each.kind], spoken[each.kind]) for each in changes]}


@register.inclusion_tag("ui/chart.html", takes_context=True)
def chart(context: template.Context, drawn: charts.Chart) -> dict[str, Any]:
    """Show a chart at the width that fits, with its legend and its table."""
    size = _TYPE[1] if context.get("elder") else _TYPE[0]
    # Everything in these is escaped where it is drawn.
    figure = mark_safe(charts.figure(drawn, type_size=size))  # noqa: S308
    table = mark_safe(charts.table(drawn))  # noqa: S308
    return {
        "figure": figure,
        "table": table,
        "chart": drawn,
        "curve": isinstance(drawn, charts.Curve),
    }


@register.inclusion_tag("ui/tiles.html")
def tiles(areas: Sequence[Tile], title: Words | str = "", columns: int = 4) -> dict[str, Any]:
    """Show areas as equal tiles: name, number, shade, and a mark where there is an alarm."""
    return {"areas": areas, "title": title, "columns": columns}


@register.inclusion_tag("ui/pages.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """Show where one is in a long list; addresses keep what else was asked."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    links = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if query is not None and isinstance(number, int):
            query["page"] = str(number)
        links.append((number, query.urlencode() if query is not None else f"page={number}"))
    return {"page": page, "links": links, "by_number": dict(links)}


@register.inclusion_tag("ui/lane.html", takes_context=True)
def lane(
    context: template.Context, ways: Sequence[Way], counts: Words | str = ""
) -> dict[str, Any]:
    """Show the ways in for somebody without a code."""
    return {"ways": ways, "counts": counts, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/camera.html")
def camera(state: str = "ready", words: Words | str = "") -> dict[str, Any]:
    """Draw the camera's view; states: ready, reading, denied.  A module of the page fills it."""
    return {"state": state, "words": words}


@register.simple_block_tag
def nothing(content: str, zh: str, en: str, picture: str = "lantern") -> SafeString:
    """Say that a list is empty and what to do about it."""
    return format_html(
        '<div class="empty">{}<h2>{}</h2>{}</div>', icon(picture), _say(zh, en), content
    )


@register.simple_block_tag
def confirm(content: str, zh: str, en: str, level: int = 2) -> SafeString:
    """Ask once more; the two answers inside are equally large.  Level 1 where it is the whole page."""
    body = format_html("<h{0}>{1}</h{0}>{2}", level, _say(zh, en), content)
    return format_html('<section class="card confirm stack">{}</section>', body)
