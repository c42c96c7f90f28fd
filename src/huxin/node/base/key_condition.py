"""How the node stands with keys: can it sign, can it judge, and when must somebody see to that?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from huxin.adapters import key_file, trust_file, trust_state
from huxin.adapters.trust_state import ACCEPTED
from huxin.kernel.errors import RefusalError
from huxin.node.base import own_key
from huxin.node.base.finding import Finding, State, finding
from huxin.node.base.key_calendar import KeyEnd, key_ends
from huxin.packs.reader import Words
from huxin.trust.verify import REFUSE_AFTER

__all__ = ["keys", "shared", "trust"]

_STATES: Final[dict[str, State]] = {"fresh": "fine", "stale": "look", "refused": "mend"}
_SOON: Final = timedelta(days=60)
_VERY_SOON: Final = timedelta(days=14)
_LIST_AGE: Final = timedelta(days=14)


def keys(now: datetime) -> Iterator[Finding]:
    """签名密钥 | Signing key"""
    file = own_key.file()
    if file is None:
        todo = Words("运行 huxin keys new", "run huxin keys new")
        yield finding(keys.__doc__, "mend", "没有密钥", "no key", todo)
        return
    yield _signs(file)
    for key in key_ends():
        if key.own:
            yield _ends(key, now)


def _signs(file: Path) -> Finding:
    secret, name = own_key.passphrase(), file.name
    if not secret:
        # Whoever serves may be given it, and whoever asks may not: that is no fault yet.
        todo = Words(
            "带上 HUXIN_KEY_PASSPHRASE 再看一次；网页和后台都要给",
            "look again with HUXIN_KEY_PASSPHRASE; serve and work need it, too",
        )
        zh, en = f"用 {name} 签；这里没有口令，没试", f"{name} signs; no passphrase here, not tried"
        return finding(keys.__doc__, "look", zh, en, todo)
    code = _fault(file, file.stat().st_mtime_ns, secret)
    if code is None:
        return finding(keys.__doc__, "fine", f"用 {name} 签，打得开", f"{name} signs, it opens")
    todo = Words(
        "把对的口令放进 HUXIN_KEY_PASSPHRASE 或 secrets.json，或者放回密钥文件",
        "give the right passphrase in HUXIN_KEY_PASSPHRASE or secrets.json, or put back the key file",
    )
    zh, en = f"{name} 打不开，签不了（{code}）", f"{name} does not open, nothing is signed ({code})"
    return finding(keys.__doc__, "mend", zh, en, todo)


@lru_cache(maxsize=1)
def _fault(file: Path, _changed: int, secret: str) -> str | None:
    """Return why the key does not open; remembered, since opening one is made slow on purpose."""
    try:
        key_file.read(file).unlock(secret)
    except RefusalError as error:
        return error.refusal.code
    return None


def _ends(key: KeyEnd, now: datetime) -> Finding:
    assert key.ends is not None  # every key of ours ends
    left = (key.ends - now).days
    day = key.ends.date().isoformat()
    zh, en = f"{day} 到期，还有 {left} 天", f"ends on {day}, {left} days left"
    if key.ends - now > _SOON:
        return finding(keys.__doc__, "fine", zh, en)
    todo = Words("做新密钥，把信任条目发给各方", "make a new key and hand out its trust entry")
    state: State = "mend" if key.ends - now < _VERY_SOON else "look"
    return finding(keys.__doc__, state, zh, en, todo)


def trust(now: datetime) -> Iterator[Finding]:
    """信任清单 | Trust list"""
    path = settings.HUXIN.trust
    if not (path.exists() or (settings.HUXIN.federation / ACCEPTED).exists()):
        todo = Words(
            "放回 trust.json（huxin keys show --trust 给出条目）",
            "put back trust.json (huxin keys show --trust writes an entry)",
        )
        zh, en = "没有，谁的卡都不认", "none: no card is believed"
        yield finding(trust.__doc__, "mend", zh, en, todo)
        return
    try:
        as_of = trust_file.read(path).as_of if path.exists() else None
    except RefusalError as error:
        yield _spoilt(error.refusal.code)
        return
    if as_of is not None and now - as_of >= _LIST_AGE:
        yield _old(as_of, now)
    others = [one for one in key_ends() if not one.own]
    over = [one for one in others if one.ends is not None and one.ends < now]
    zh = f"{len(others)} 把密钥，{len(over)} 把已过期"
    en = f"{len(others)} keys, {len(over)} of them over"
    ask = Words("请索取新的信任文件", "ask for a new trust file")
    yield finding(trust.__doc__, "look" if over else "fine", zh, en, ask if over else None)


def _spoilt(code: str) -> Finding:
    todo = Words(
        "运行 huxin doctor --trust trust.json 看错在哪，改好",
        "see its faults with huxin doctor --trust trust.json, and mend them",
    )
    zh = f"trust.json 读不了（{code}），查不了卡"
    en = f"trust.json cannot be read ({code}): no card is judged"
    return finding(trust.__doc__, "mend", zh, en, todo)


def _old(as_of: datetime, now: datetime) -> Finding:
    todo = Words(
        "换上新的清单；没有更新的，就删去 trust.json 里的 as_of",
        "put a newer list there; where none is to be had, take as_of out of trust.json",
    )
    days, most = (now - as_of).days, REFUSE_AFTER.days
    zh = f"trust.json 是 {days} 天前的，过了 {most} 天就查不了卡"
    en = f"trust.json is {days} days old; past {most} no card is judged"
    state: State = "mend" if now - as_of > REFUSE_AFTER else "look"
    return finding(trust.__doc__, state, zh, en, todo)


def shared(now: datetime) -> Iterator[Finding]:
    """共签的清单 | Shared list"""
    held = trust_state.read_held(settings.HUXIN.federation)
    if held is None:
        return
    age = trust_state.age_of(held, now=now)
    state = _STATES[age.decision]
    hours = age.age // timedelta(hours=1)
    todo = Words(
        "看 node.toml 的 follows，再看那里为什么没有新的",
        "see follows in node.toml, and why there is no newer one",
    )
    zh, en = f"{hours} 小时前签的", f"signed {hours} h ago"
    yield finding(shared.__doc__, state, zh, en, None if state == "fine" else todo)
