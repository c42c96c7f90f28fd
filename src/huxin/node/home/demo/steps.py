"""The steps of the tour as data: what is told, what to do, as whom, on which page.

A deed whose page has no address is left out, and so is a step whose first deed has none: a page
that is not built yet is absent, and appears by itself when it is.  `{child}` and the like are
filled from the node's `things.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from huxin.packs.reader import Words

__all__ = ["KEYS", "LANTERNS", "Deed", "Lantern", "Step", "built"]

Kind = Literal["enter", "order", "ask", "samples", "elder"]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do: enter as somebody at a node, give a node an order, ask something of a delegate, take a sample.

    `button` is what one presses to ask.  `pages` are the names of its page, the first that exists is taken; `things` fill its address.
    `shows` marks what a visitor looks at instead of doing it.
    """

    kind: Kind
    words: Words
    node: str = ""
    account: str = ""
    pages: tuple[str, ...] = ()
    things: Mapping[str, str] | None = None
    order: str = ""
    files: tuple[str, ...] = ()
    shows: bool = False
    button: Words | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered step: a title, a sentence, deeds, and what one should see in the end."""

    key: str
    title: Words
    says: Words
    deeds: tuple[Deed, ...]
    expect: Words | None = None


@dataclass(frozen=True, slots=True)
class Lantern:
    """One of the three lights and its steps."""

    name: Words
    steps: tuple[Step, ...]


def _enter(words: Words, who: str, *pages: str, shows: bool = False, **things: str) -> Deed:
    node, account = who.split("/")
    return Deed("enter", words, node, account, pages, things or None, shows=shows)


_PROOF: Final = Step(
    "proof",
    Words("证明在手里，不在服务器上", "The proof is in the hand, not on a server"),
    Words(
        "苇洲签一张卡，然后关掉苇洲。灯湾照样验得出真假。",
        "Reed Isles signs a card and is then switched off. Lantern Bay can still tell what is genuine.",
    ),
    (
        _enter(Words("给孩子林㑇签一张接种卡", "Issue a card for the child 林㑇"), "QW/clerk",
               "desk-form", "desk", person="{child}", pack="school-entry"),
        _enter(Words("看妈妈手机里那一张", "See the one on her mother's phone"), "QW/mother",
               "card", shows=True, card="{child-card}"),
        Deed("order", Words("停下苇洲", "Stop Reed Isles"), "QW", order="stop"),
        Deed("samples", Words("拿上这张练习卡：复制文字，或下载图片",
                              "Take this practice card: copy the text, or download the picture"),
             files=("genuine.txt", "genuine.png")),
        _enter(Words("到灯湾的幼儿园门口查验它", "Check it at the kindergarten gate in Lantern Bay"),
               "QV/checker", "check"),
        Deed("samples", Words("再验这一张：出生年只改了一个数字", "Then this one: a single digit of the birth year was changed"),
             files=("changed.txt", "changed.png")),
        Deed("order", Words("重新打开苇洲", "Start Reed Isles again"), "QW", order="start"),
    ),
    Words(
        "第一张：真卡，由苇洲签发，林㑇 2020。改过的：签名不对，不是真卡。苇洲一直关着。",
        "The first: genuine, issued by 苇洲, 林㑇 2020. The changed one: not genuine, the signature does not fit. Reed Isles was off all the while.",
    ),
)  # fmt: skip
_REASON: Final = Step(
    "reason",
    Words("不通过，总有理由", "Whoever is turned away is told why"),
    Words(
        "门口只照公布的规则算：哪一条、看了什么、从哪天起、怎么办。",
        "At a door the published rules are all that counts: which one, what it looked at, from when on, what to do.",
    ),
    (
        Deed("samples", Words("拿上林㑇的卡", "Take the card of 林㑇"), files=("genuine.txt", "genuine.png")),
        _enter(Words("在幼儿园门口选“预防接种证”再查验：能入学，还差几针", "At the kindergarten gate choose “School entry” and check it: she may enrol, and doses are due"),
               "QV/checker", "check"),
        Deed("samples", Words("拿上论坛来宾的卡：8 天前种的", "Take the card of a forum guest: the dose is eight days old"),
             files=("guest.txt", "guest.png")),
        _enter(Words("在论坛入口选“活动 · 论坛”再查验：还没满 10 天，写着从哪天起", "At the forum entrance choose “Event · forum” and check it: not ten days yet, with the day from which on"),
               "QV/checker-2", "check"),
        _enter(Words("读公开的规则 LB-7，可以扫码分享", "Read the rule LB-7 in public; anyone can share it by a code"), "QV/rules",
               "rules-purpose", "rules", shows=True, purpose="event/forum"),
        _enter(Words("出行前自己先看一看", "See for yourself before you travel"), "QW/mother", "journey", shows=True),
    ),
    Words(
        "每个“还不符合”都带着规则、事实、日子和下一步。门口的人不用当裁判，也没有人能改颜色。",
        "Each “not yet” comes with the rule, the fact, the day and the next step. The checker is no judge, and nobody can switch a colour.",
    ),
)  # fmt: skip
_RULE_DESK: Final = Step(
    "rule-desk",
    Words("把赵某变红？没有这个字段", "Make a certain Zhao red? There is no such field"),
    Words(
        "规则先过检查，再在十万虚构的人身上模拟，最后由另一位规则员公布。",
        "A rule passes the linter, is simulated on a hundred thousand invented people, and is published by another officer.",
    ),
    (
        _enter(Words("打开一条点名、没有近期限、空手也放行的规则，看它为什么不能公布",
                     "Open a rule with a name in it, no end in sight, met by empty hands: see why it cannot be published"),
               "QV/rules", "rule-draft", "rule-desk", draft="{bad-draft}"),
        _enter(Words("再打开一条正当的改动，看多少人的答案会变，然后送审",
                     "Then an honest change: see how many get another answer, and hand it in"),
               "QV/rules", "rule-draft", "rule-desk", draft="{honest-draft}"),
        _enter(Words("另一位规则员看过，公布或退回", "Another rule officer looks at it, publishes it or sends it back"),
               "QV/rules-2", "rule-draft", "rule-desk", draft="{honest-draft}"),
    ),
    Words(
        "点名的那条有四处不行，每处一句话。正当的那条写着：十万人里约五千人的答案会变。",
        "Four things stand against the one with the name, a sentence each. The honest one says that about 5,000 of 100,000 people get another answer.",
    ),
)  # fmt: skip
_TOGETHER: Final = Step(
    "together",
    Words("谁也不独有这张网", "Nobody owns it"),
    Words(
        "信谁的卡，由各区域一起签的清单说。松岬想加入：一家签了不算，两家才算；加是慢的，减可以很快。",
        "Whose cards are believed is said by a list that regions sign together. Pine Cape asks to join: one signature is not enough, two are. To add is slow, to take away is quick.",
    ),
    (
        Deed("samples", Words("拿上一张松岬的卡", "Take a card of Pine Cape"),
             files=("pine-cape.txt", "pine-cape.png")),
        _enter(Words("到灯湾的门口查验它：不知道是谁签发的", "Check it at a gate in Lantern Bay: nobody knows who issued it"),
               "QV/checker", "check"),
        _enter(Words("灯湾的代表签过了：打开“松岬加入”，看写着签了几家，再试着发布",
                     "The delegate of Lantern Bay has signed: open “Pine Cape joins”, see how many have signed, and try to publish"),
               "QV/delegate", "proposals"),
        _enter(Words("苇洲的代表在自己的节点上看同一份改动", "The delegate of Reed Isles reads the same change at their own node"),
               "QW/delegate", "proposals"),
        Deed("ask", Words("看过就签。真的签名在自己的电脑上用 huxin trust sign，密钥不上节点；这里由演示代签",
                          "Having read it, sign. In earnest that is huxin trust sign on a computer of one's own, and keys never come to a node; here the demo does it"),
             order="sign join", button=Words("替苇洲的代表签名", "Sign as the delegate of Reed Isles")),
        _enter(Words("灯湾的代表再打开它，发布", "The delegate of Lantern Bay opens it again, and publishes"),
               "QV/delegate", "proposals"),
        _enter(Words("过几秒，在云渡再查验松岬的卡：真卡", "A few seconds later check the card of Pine Cape in Cloud Ferry: genuine"),
               "QX/checker", "check"),
        Deed("samples", Words("再拿一张云渡的卡，是它的旧密钥签的", "Now a card of Cloud Ferry, signed by its older key"),
             files=("cloud-ferry.txt", "cloud-ferry.png")),
        Deed("ask", Words("云渡报失：存有那把密钥的电脑不见了", "Cloud Ferry reports that the computer with that key is missing"),
             order="propose suspend", button=Words("请灯湾的代表提出暂停", "Have the delegate of Lantern Bay propose a suspension")),
        Deed("ask", Words("两家就能暂停，十四天后自动失效，除非多数确认", "Two regions can suspend; it lapses after fourteen days unless a majority confirms it"),
             order="sign suspend", button=Words("替苇洲的代表签暂停", "Sign the suspension as the delegate of Reed Isles")),
        _enter(Words("灯湾的代表打开“暂停云渡的一把密钥”，发布",
                     "The delegate of Lantern Bay opens “Suspend a key of Cloud Ferry”, and publishes"),
               "QV/delegate", "proposals"),
        _enter(Words("在灯湾的门口查验云渡的卡：密钥已停用", "Check the card of Cloud Ferry in Lantern Bay: its key is suspended"),
               "QV/checker", "check"),
        Deed("samples", Words("有人拿来昨天的清单，那上面还没有这些", "Somebody brings yesterday's list, which has none of this"),
             files=("yesterday.bundle",)),
        _enter(Words("把它交给云渡：比见过的旧，不收", "Hand it in at Cloud Ferry: older than already seen, not taken"),
               "QX/delegate", "list-take"),
        _enter(Words("看现在的清单：有谁、谁签的、多旧", "See the list as it stands: who is in it, who signed, how old it is"),
               "QX/delegate", "federation", shows=True),
    ),
    Words(
        "3 个区域签了 1 个，要 2 个；第二家签了才发布得出去，几秒后三个节点都认。松岬先是“试用”：演示里全是测试卡，所以已经验得出；真的门要等第二次表决转正。昨天的清单：拿到的比手里的旧，没有采用。",
        "1 of 3 regions signed, needs 2; once a second has, it can be published, and seconds later all three nodes know. Pine Cape is on probation first: here all cards are test cards, so they verify; a gate in earnest waits for a second vote. Yesterday's list: older than what is held, so not taken.",
    ),
)  # fmt: skip
_APPEAL: Final = Step(
    "appeal",
    Words("不服，有地方说", "Whoever disagrees is heard"),
    Words(
        "凭回执查决定，不用账号；24 小时内要有带理由的答复。",
        "A receipt is all that is needed, no account; within 24 hours there is a decision with its reason.",
    ),
    (
        _enter(Words("申诉一次，拿到回执", "Appeal, and get a receipt"), "QV/checker", "appeal-new"),
        _enter(Words("看等着的申诉，接过来，写决定", "Look at what waits, take it, decide"), "QV/clerk", "appeals-open"),
        _enter(Words("公开的数字：多少件、多久、多少支持", "The public numbers: how many, how long, how many upheld"),
               "QV/checker", "appeals", shows=True),
    ),
)  # fmt: skip
_NOTICE: Final = Step(
    "notice",
    Words("公告写明作者和期限", "A notice says who wrote it and until when"),
    Words(
        "每条公告有作者、来源、失效日和更正记录，可扫码分享。",
        "Each has an author, a source, an end and a history of corrections; anyone can share it by a code.",
    ),
    (
        _enter(Words("发一条，或更正一条", "Publish one, or correct one"), "QW/rules", "notices"),
        _enter(Words("像居民一样读", "Read it as a resident does"), "QW/mother", "notices", shows=True),
    ),
    Words(
        "已有一条更正过的：哪里改了、为什么、何时，都在。“分享”给出一个谁都能扫的码，里面只有网址。",
        "One is there that was corrected: what changed, why and when all stand. Share shows a code for anyone to scan; it holds an address, nothing else.",
    ),
)  # fmt: skip
_VISIT: Final = Step(
    "visit",
    Words("看诊不断", "Care goes on"),
    Words(
        "预约、看诊、记录，卡自己出来：同一个节点。",
        "Book, be seen, be recorded; the card comes by itself. One and the same node.",
    ),
    (
        _enter(Words("妈妈给孩子约一个时间", "The mother books a time for her child"), "QW/mother", "visit-book", "visits"),
        _enter(Words("医生请进、接种、记录", "The clinician calls, vaccinates and records"), "QW/clinician", "clinic-day"),
        _enter(Words("妈妈看到新卡", "The mother sees the new card"), "QW/mother",
               "wallet-person", "wallet", shows=True, person="{child}"),
    ),
    Words(
        "妈妈的“我的卡”里多了孩子的一张，一收到就能出示。下一步的数字里，今天多一次。",
        "One more of the child's cards is in the mother's wallet, ready to show. In the numbers of the next step, today counts one more.",
    ),
)  # fmt: skip
_NUMBERS: Final = Step(
    "numbers",
    Words("看见数字，看不见人", "Numbers, not people"),
    Words(
        "每天登记和签发多少，图和表都有，没有姓名。",
        "How many were recorded and issued each day, as a chart and as a table; no names.",
    ),
    (_enter(Words("打开每天的数字", "Open the numbers of each day"), "QW/epidemiologist", "numbers"),),
)  # fmt: skip
_GRANDMOTHER: Final = Step(
    "grandmother",
    Words("沈阿婆没有手机", "Grandmother Shen has no telephone"),
    Words(
        "邻居经她同意替她打印纸卡；窗口一分钟能再打一张。纸和手机同等。",
        "With her consent the neighbour prints her card; any desk prints another within a minute. Paper counts like a phone.",
    ),
    (
        _enter(Words("邻居替她打印", "The neighbour prints it for her"), "QW/helper",
               "card-print", "wallet", card="{elder-card}"),
        _enter(Words("或者到窗口打印", "Or at the desk"), "QW/clerk", "desk-card", card="{elder-card}"),
        Deed("elder", Words("把所有页面切换成长辈模式，再按一次换回",
                            "Switch all pages to larger type; press again to go back")),
    ),
)  # fmt: skip
_NO_CODE: Final = Step(
    "no-code",
    Words("没有码，一样进", "No code, the same way in"),
    Words(
        "没手机、码坏了、不想出示：都有路走，只记次数。",
        "No phone, a broken code, or unwilling to show one: there is a way, and only a count is kept.",
    ),
    (_enter(Words("站到查验员的位置", "Stand where the checker stands"), "QV/checker", "check-no-code", "check"),),
)  # fmt: skip
_KEYBOARD: Final = Step(
    "keyboard",
    Words("只用键盘", "By keyboard only"),
    Words(
        "按 Tab 走，按回车做。找人、填表、签发，全程不碰鼠标。",
        "Tab to go, Enter to do. Find a person, fill in, sign: without a mouse.",
    ),
    (_enter(Words("从签发台开始", "Begin at the desk"), "QW/clerk", "desk"),),
)
_LOOKED: Final = Step(
    "looked",
    Words("谁看过我的数据", "Who looked at my data"),
    Words(
        "每次有人打开，本人都看得到：谁、何时、为什么。",
        "Whoever opened it is on the list, for the person to see: who, when, what for.",
    ),
    (_enter(Words("看林㑇的记录", "Look at the record of 林㑇"), "QW/mother",
            "access-log-person", person="{child}"),),
)  # fmt: skip
_SHEET: Final = Step(
    "sheet",
    Words("接种日：一张名单，逐个打勾", "A session: one list, ticked off name by name"),
    Words(
        "名单用您手头的 Excel。有错的行会指出来，其余照常；断线不丢，最后一次打印所有卡。",
        "The list is the spreadsheet you have. Faulty lines are pointed out, the rest goes on; a dropped line loses nothing; all cards print at once.",
    ),
    (
        Deed("samples", Words("下载一份名单", "Download a list"), files=("people.xlsx",)),
        _enter(Words("开一张接种单，把名单放进去", "Open a session sheet and put the list in"), "QW/clerk",
               "sheet-new", "sheet-open", "sheets", "desk-sheets"),
    ),
)  # fmt: skip
_CABLE: Final = Step(
    "cable",
    Words("拔线", "The cable"),
    Words(
        "打开过一次的查验页，三个节点都停了也照样能开、能验：清单在它手里。",
        "A checking page that was opened once opens and checks with all three nodes stopped: it holds the list itself.",
    ),
    (
        _enter(Words("在灯湾的门口打开离线查验页，等它存好，按“开始查验”",
                     "At a gate in Lantern Bay open the offline verifier, let it be kept, and press “Start checking”"),
               "QV/checker", "verifier"),
        Deed("ask", Words("停下所有节点；手机再开飞行模式", "Stop all nodes; on a phone turn on flight mode, too"),
             order="stop all", button=Words("停下三个节点", "Stop all three nodes")),
        Deed("samples", Words("在那一页按刷新，再验林㑇的卡", "Reload that page, then check the card of 林㑇"),
             files=("genuine.txt", "genuine.png")),
        Deed("samples", Words("再验一张 SMART 健康卡", "Then a SMART Health Card"),
             files=("health-card.txt", "health-card.png")),
        Deed("samples", Words("再验一张欧盟数字证书", "Then an EU digital certificate"),
             files=("eu-certificate.txt", "eu-certificate.png")),
        Deed("samples", Words("再验改过的那张", "Then the changed one"), files=("changed.txt", "changed.png")),
        Deed("ask", Words("再打开所有节点", "Start all nodes again"),
             order="start all", button=Words("打开三个节点", "Start all three nodes")),
    ),
    Words(
        "页面刷新后还在，写着清单多旧。三种格式都是真卡，第一张是林㑇 2020；改过的：签名不对。没有一个请求离开这台设备。",
        "The page is there after the reload, and says how old its list is. All three formats: genuine, the first is 林㑇 2020; the changed one: the signature does not fit. Not one request left the device.",
    ),
)  # fmt: skip
LANTERNS: Final = (
    Lantern(Words("共治", "Govern"), (_PROOF, _REASON, _RULE_DESK, _TOGETHER, _APPEAL, _NOTICE)),
    Lantern(Words("抗疫", "Care"), (_VISIT, _NUMBERS)),
    Lantern(Words("赋能", "Build"), (_GRANDMOTHER, _NO_CODE, _KEYBOARD, _LOOKED, _SHEET, _CABLE)),
)
KEYS: Final = frozenset(step.key for lantern in LANTERNS for step in lantern.steps)
# A step stands only when these are there: without them it would tell of what cannot be done.
_NEEDS: Final = {
    "proof": ("desk", "check"),
    "together": ("check", "proposals", "list-take"),
    "cable": ("verifier",),
    "no-code": ("check-no-code",),
}


def built(lantern: Lantern, exists: Callable[[str], bool]) -> tuple[Step, ...]:
    """Return the steps of a lantern that can be walked; `exists` tells whether a page has an address."""
    return tuple(step for step in lantern.steps if _is_built(step, exists))


def _is_built(step: Step, exists: Callable[[str], bool]) -> bool:
    if not all(map(exists, _NEEDS.get(step.key, ()))):
        return False
    entered = [deed for deed in step.deeds if deed.kind == "enter"]
    return any(map(exists, entered[0].pages))
