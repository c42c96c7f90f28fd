"""What the tour says after an order to the federation's delegates: a sentence for each answer of the supervisor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huxin.packs.reader import Words

__all__ = ["ANSWERS"]

_AGAIN: Final = Words("“全部重来”会再来一遍。", "Begin anew sets everything back.")
_SIGNED: Final = Words(
    "苇洲的代表签了，见证方也签了。现在由灯湾的代表发布。",
    "The delegate of Reed Isles has signed, and so have the witnesses. Now the delegate of Lantern Bay can publish.",
)
_ALREADY: Final = Words(
    "苇洲的代表签过了。下一步是发布。",
    "The delegate of Reed Isles has signed already. The next step is to publish.",
)
_WAITS: Final = Words("这份提案已经在等签名。", "This proposal waits for signatures already.")

ANSWERS: Final[Mapping[str, Words]] = {
    "busy": Words(
        "这会儿有别的事在做，什么都没改。稍后再按一次。",
        "Something else is being done just now; nothing was changed. Press again in a moment.",
    ),
    "join-proposed": Words(
        "没有在等的提案，灯湾的代表重新提了一次。再按一次，就替苇洲签。",
        "None was waiting, so the delegate of Lantern Bay has proposed it anew. Press again to sign for Reed Isles.",
    ),
    "join-waits": _WAITS,
    "join-signed": _SIGNED,
    "join-signed-already": _ALREADY,
    "join-done": Words(
        f"松岬已经在清单里了，不用再签。{_AGAIN.zh}",
        f"Pine Cape is in the list already; there is nothing to sign. {_AGAIN.en}",
    ),
    "suspend-proposed": Words(
        "灯湾的代表提了：暂停云渡的那把旧密钥。等第二家。",
        "The delegate of Lantern Bay has proposed to suspend that older key of Cloud Ferry. A second region is needed.",
    ),
    "suspend-waits": _WAITS,
    "suspend-signed": _SIGNED,
    "suspend-signed-already": _ALREADY,
    "suspend-not-proposed": Words(
        "还没有人提：先按上面的“请灯湾的代表提出”。",
        "Nobody has proposed it: press “Have the delegate of Lantern Bay propose” above first.",
    ),
    "suspend-done": Words(
        f"那把密钥已经暂停。{_AGAIN.zh}", f"That key is suspended already. {_AGAIN.en}"
    ),
}  # fmt: skip
