"""From a verdict to what the checker sees: one word, whose card, because, what to do.

Responsible for the words around the register's sentences: whose signature, which date, which of
several cards.  Leaves the drawing to `ui/verdict.html`.

- a name from a card whose signature was not believed is marked as not verified;
- what a stranger wrote may not turn the order of letters, nor fill the screen;
- without a purpose the answer says *genuine* and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from huxin.kernel.errors import Refusal
from huxin.node.base.faces import VerdictFace
from huxin.node.base.local_day import local_day
from huxin.node.trust import signing
from huxin.node.trust.queries.region_sets import age_of
from huxin.node.trust.views.check_rules import is_only_informed, rule_answer
from huxin.node.trust.views.check_session import Kind
from huxin.node.trust.words import LAYER_WORDS
from huxin.packs import reader
from huxin.packs.reader import Words
from huxin.spec import CODES
from huxin.trust.credentials.facts import Facts, Person
from huxin.trust.last_day import printed_day
from huxin.trust.verdict import CardCheck, Reason, Verdict

__all__ = ["face_of", "face_of_fault", "kind_of", "list_age"]

_KINDS: Final[dict[str, Kind]] = {"cross-check": "check", "rejected": "no", "unknown": "unk"}
_ONLY_GENUINE: Final = Words("只问：是不是真卡", "Asked only: is it genuine")
_COMPARE: Final = Words("核对姓名和出生年", "Compare name and year of birth")
# The large word has said already that the card is genuine.
_HOLDS: Final = Words("签名有效，签发方受信任", "The signature holds and the issuer is trusted")
_NOT_A_RULE: Final = Words(
    "真卡只说明签名是真的；够不够，看此处公布的规定",
    "Genuine speaks of the signature; whether it is enough, the published rule says",
)
_NOT_AT_FAULT: Final = Words(
    "本机的信任清单读不了。不是此人的问题",
    "This node's trust list cannot be read. The person is not at fault",
)
_LIST: Final = Words("清单", "list")
_WITHDRAWN: Final = Words("状态清单", "withdrawals")
_NOT_LOOKED_UP: Final = Words("没有它的状态清单，未查", "withdrawals not looked up")
_STAFFED: Final = Words("走人工通道，不要让人等", "Use the staffed lane, let nobody wait")
# C0 and C1 controls, marks that turn the writing direction, halves of characters.
_STEERING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LONGEST: Final = 120


def kind_of(verdict: Verdict) -> Kind:
    """Return the short name of an answer, as counts and drawings use it."""
    if verdict.outcome == "accepted":
        return "genuine" if verdict.purpose is None else "ok"
    return "check" if is_only_informed(verdict) else _KINDS[verdict.outcome]


def face_of(verdict: Verdict, *, now: datetime, place: Words | None, counts: Words) -> VerdictFace:
    """Return what is shown of a verdict."""
    facts = _facts(verdict)
    person = facts.person if facts is not None else None
    genuine = verdict.outcome == "accepted" and verdict.purpose is None
    outcome: Literal["accepted", "genuine", "cross-check", "rejected", "unknown"]
    outcome = "genuine" if genuine else verdict.outcome
    code = CODES[verdict.code]
    if is_only_informed(verdict):
        outcome = "cross-check"  # who is only informed is refused nothing
    told = rule_answer(verdict)
    return VerdictFace(
        outcome=outcome,
        word=told.word,
        because=_HOLDS if genuine else told.because or _bare(code.text),
        because_more=_joined(iter([*told.more, *_more(verdict, facts, now)])),
        then=_COMPARE if genuine else told.then or _bare(code.next),
        then_more=_NOT_A_RULE if genuine else "",
        name=_harmless(person.name.shown) if person else "",
        latin=_harmless(person.name.latin) if person else "",
        born=_year(person),
        unverified=any(one.anchor is None for one in verdict.cards),
        place=place or Words("查验", "Check"),
        judged_by=told.asked or _ONLY_GENUINE,
        age=_ages(verdict, now),
        counts=counts,
    )


def face_of_fault(refusal: Refusal, *, place: Words | None, counts: Words) -> VerdictFace:
    """Return what is shown where this node itself cannot judge."""
    return VerdictFace(
        outcome="unknown",
        because=_NOT_AT_FAULT,
        because_more=Words(f"代号 {refusal.code}", f"code {refusal.code}"),
        then=_STAFFED,
        place=place or Words("查验", "Check"),
        judged_by=_ONLY_GENUINE,
        counts=counts,
    )


def list_age(now: datetime) -> Words | str:
    """Return how old the trust list is, in words; nothing where it does not say."""
    as_of = signing.trust_store(now).as_of
    if as_of is None or as_of > now:
        return ""
    return _old(_LIST, now - as_of)


def _ages(verdict: Verdict, now: datetime) -> Words | str:
    """Return besides how old what other regions withdrew is, where one of their cards was looked up."""
    as_of, missing = age_of(verdict, now=now)
    parts = [
        list_age(now),
        _old(_WITHDRAWN, now - as_of) if as_of else "",
        _NOT_LOOKED_UP if missing else "",
    ]
    told = [one for one in parts if isinstance(one, Words)]
    return _joined(iter(told)) if told else ""


def _old(what: Words, age: timedelta) -> Words:
    hours = age // timedelta(hours=1)
    if hours < 1:
        return Words(f"{what.zh}刚更新", f"{what.en} just updated")
    if hours == 1:
        return Words(f"{what.zh} 1 小时前", f"{what.en} 1 hour old")
    if hours < 48:
        return Words(f"{what.zh} {hours} 小时前", f"{what.en} {hours} hours old")
    return Words(f"{what.zh} {hours // 24} 天前", f"{what.en} {hours // 24} days old")


def _facts(verdict: Verdict) -> Facts | None:
    read = (one.reading.credential for one in verdict.cards)
    return next((one.facts for one in read if one is not None and one.facts is not None), None)


def _more(verdict: Verdict, facts: Facts | None, now: datetime) -> Iterator[Words]:
    """Yield the bound facts behind a reason, most telling first."""
    decided = verdict.reasons[0]
    yield from _dates(verdict, decided, now)
    if len(verdict.cards) > 1:
        yield from _which(verdict, decided)
    yield from _issuers(verdict)
    if decided.code == "distrusted" and decided.card is not None:
        yield from _taken_away(verdict.cards[decided.card])
    if verdict.code == "ok" and facts is not None and facts.pack in reader.pack_ids():
        yield reader.pack(facts.pack).short
    if verdict.code != "ok":
        yield Words(f"代号 {verdict.code}", f"code {verdict.code}")


def _dates(verdict: Verdict, decided: Reason, now: datetime) -> Iterator[Words]:
    today = _day(now)
    ends, begins = verdict.valid_until, verdict.valid_from
    if decided.layer == "trust" and decided.code in ("expired", "not-yet"):
        yield Words(
            "说的是签发方的密钥，不是这张卡", "This is about the issuer's key, not the card"
        )
        return
    if decided.code == "expired" and ends is not None:
        yield Words(
            f"{_last_day(ends)} 到期，今天 {today}", f"Ended on {_last_day(ends)}, today is {today}"
        )
    if decided.code == "not-yet" and begins is not None:
        yield Words(
            f"{_day(begins)} 起有效，今天 {today}", f"Valid from {_day(begins)}, today is {today}"
        )
    if decided.code == "ok" and ends is not None:
        yield Words(f"有效至 {_last_day(ends)}", f"valid until {_last_day(ends)}")


def _which(verdict: Verdict, decided: Reason) -> Iterator[Words]:
    if decided.card is not None and decided.code != "ok":
        yield Words(f"说的是第 {decided.card + 1} 张卡", f"about card {decided.card + 1}")
    yield Words(f"共 {len(verdict.cards)} 张卡", f"{len(verdict.cards)} cards")


def _issuers(verdict: Verdict) -> Iterator[Words]:
    """Yield whose signatures these are; of a card that nobody vouches for, what it claims."""
    regions = [one.anchor.region for one in verdict.cards if one.anchor is not None]
    for region in dict.fromkeys(regions):
        words = signing.region_words(region)
        yield Words(f"由{words.zh}签发", f"issued by {words.en}")
    for claimed in dict.fromkeys(filter(None, map(_claimed, verdict.cards))):
        yield Words(
            f"卡上写的签发方：{claimed}（未核实）", f"the card says: {claimed} (not verified)"
        )


def _taken_away(check: CardCheck) -> Iterator[Words]:
    """Yield who took away the key that signed a card."""
    if check.anchor is not None and check.anchor.layer in LAYER_WORDS:
        yield LAYER_WORDS[check.anchor.layer]


def _claimed(check: CardCheck) -> str:
    credential = check.reading.credential
    if credential is None or check.anchor is not None:
        return ""
    return _harmless(credential.issuer or "")[:40]


def _year(person: Person | None) -> str:
    if person is None or person.birth is None:
        return "—"
    return f"{person.birth.year:04}"


def _day(instant: datetime) -> str:
    try:
        return local_day(instant).isoformat()
    except OverflowError:  # the last day of the calendar stands for "without end"
        return instant.date().isoformat()


def _last_day(instant: datetime) -> str:
    """Return the last day as the paper has it."""
    printed = printed_day(instant)
    return _day(instant) if printed is None else printed.isoformat()


def _joined(parts: Iterator[Words]) -> Words:
    every = list(parts)
    # The dot stays with what it follows, so that no line begins with one.
    dot = "\N{NO-BREAK SPACE}· "
    return Words(dot.join(one.zh for one in every), dot.join(one.en for one in every))


def _bare(sentences: dict[str, str]) -> Words:
    # The page sets its own full stops: the sentence that is spoken is made of several.
    return Words(sentences["zh"].rstrip("。"), sentences["en"].rstrip("."))


def _harmless(text: str) -> str:
    shown = _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"
