"""The page `/design`: every component once, as people will meet it.

The people and places are those of the demo; the code on the card is a text, not a credential.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huxin.node.base.access import public
from huxin.node.base.charts import Curve, DailyCounts, Series
from huxin.node.base.faces import CardFace, Change, Link, Step, Tile, VerdictFace, Way
from huxin.node.base.fields import DateBoxes, later
from huxin.node.base.words import says
from huxin.packs.reader import Words
from huxin.trust import qr

__all__ = ["design"]

_CODE: Final = (
    "HUXIN-DESIGN-PAGE: this picture is a text, not a credential. 这是一段文字，不是证件。" * 4
)
_KIND: Final = Words("预防接种证 · 入园查验", "Immunisation record for school entry")
_VACCINES: Final = [
    ("mmr", later("麻腮风联合减毒活疫苗", "Measles, mumps, rubella")),
    ("je", later("乙脑", "Japanese encephalitis")),
]
_HAND_OVER: Final = [
    ("paper", later("纸质卡", "Paper card")),
    ("phone", later("手机", "Phone")),
    ("slip", later("领取单", "Claim slip")),
]
_PLACE: Final = Words("入园查验 · 麻疹疫情期", "School entry · measles outbreak")
_RULE: Final = Words("灯湾规则 3 · 至 10 月 31 日", "Lantern Bay rule 3 · until 31 October")
_AGE: Final = Words("清单 3 小时前", "list 3 hours old")
_COUNTS: Final = Words(
    "今天：通过 212　再看 6　不符合 3　无法判断 1",
    "Today: accepted 212 · one more 6 · not 3 · cannot tell 1",
)

_SHELLS: Final = ("phone", "verdict", "sheet", "cards")
_NAMES: Final = (
    "林㑇",
    "周予安",
    "陈语乔",
    "阿依努尔·买买提",
    "欧阳一",
    "何川",
    "Samira Haddad",
    "罗小满",
    "顾念",
    "陆青禾",
    "柏素珍",
)


class _DesignForm(forms.Form):
    name = forms.CharField(
        label=later("姓名", "Name"),
        help_text=later("按证件写，生僻字原样保留", "As on the document; rare characters stay"),
    )
    vaccine = forms.ChoiceField(label=later("疫苗", "Vaccine"), choices=_VACCINES)
    lot = forms.CharField(label=later("批号", "Batch"), required=False)
    given = forms.DateField(label=later("接种日期", "Date given"), widget=DateBoxes())
    hand_over = forms.ChoiceField(
        label=later("怎样交给本人", "How it is handed over"),
        widget=forms.RadioSelect, choices=_HAND_OVER,
    )  # fmt: skip
    note = forms.CharField(label=later("备注", "Note"), widget=forms.Textarea, required=False)
    list = forms.FileField(
        label=later("名单", "List"), required=False,
        help_text=later(".xlsx 或 CSV，先预览再保存", ".xlsx or CSV; shown before it is saved"),
    )  # fmt: skip
    helper = forms.BooleanField(label=later("本人同意由我代办", "They agree that I act for them"))

    def clean_given(self) -> date:
        given: date = self.cleaned_data["given"]
        if given > date(2026, 9, 1):
            raise forms.ValidationError(
                says(
                    "日期在今天（2026-09-01）之后，最晚是今天",
                    "The date is after today (2026-09-01); the latest is today",
                )
            )
        return given


def _form() -> _DesignForm:
    typed = {
        "name": "林㑇", "vaccine": "mmr", "hand_over": "paper",
        "given_year": "2026", "given_month": "09", "given_day": "11",
    }  # fmt: skip
    form = _DesignForm(typed)
    form.is_valid()
    return form


def _card(**other: Any) -> CardFace:
    known: dict[str, Any] = {
        "kind": _KIND, "name": "林㑇", "born": "2020", "region": "苇洲", "seal": "苇洲",
        "until": "2026-12-31", "latin": "LIN ZHOU", "url": "#wallet",
        "proves": Words("本年龄应种疫苗已种全", "All vaccines due at this age were given"),
    }  # fmt: skip
    return CardFace(**(known | other))


def _cards() -> list[CardFace]:
    health = Words("健康证", "Occupational health card")
    return [
        _card(),
        _card(
            kind=health,
            name="阿依努尔·买买提",
            born="1991",
            seal="灯湾",
            region="灯湾",
            until="2027-03-01",
        ),
        _card(
            kind=health,
            name="Samira Haddad",
            seal="云渡",
            region="云渡",
            until="2026-08-20",
            past=True,
        ),
    ]


def _verdicts() -> list[VerdictFace]:
    place: dict[str, Any] = {
        "place": _PLACE,
        "judged_by": _RULE,
        "age": _AGE,
        "offline": True,
        "counts": _COUNTS,
    }
    two = Words("含麻疹疫苗 2 剂，规则要 2 剂", "2 measles doses, the rule asks for 2")
    one = Words("含麻疹疫苗 1 剂，规则要 2 剂", "1 measles dose, the rule asks for 2")
    first = Words("这张卡只证明第 1 剂", "This card proves dose 1")
    old = Words(
        "本机清单 31 天没更新，上限 30 天", "This device's list is 31 days old, the limit is 30"
    )
    go = Words(
        "请去河埠头服务中心补种，今天 16:30 前",
        "Please go to the Landing clinic, today before 16:30",
    )
    return [
        VerdictFace("accepted", two, Words("核对姓名和出生年，请进", "Compare name and year, please come in"),
                    "林㑇", "2020", "LIN ZHOU", then_more=Words("“早上好，请进。”", "“Good morning, come in.”"), **place),
        VerdictFace("cross-check", first, Words("请再扫第二张卡，或看纸质证", "Scan the second card or look at paper"),
                    "阿依努尔·买买提", "2021", "AYNUR MAMAT",
                    because_more=Words("第 2 剂可能在另一张卡上", "Dose 2 may be on another card"), **place),
        VerdictFace("rejected", one, go, "周予安", "2021", "ZHOU YU AN",
                    because_more=Words("9 月 15 日起自动符合", "Accepted by itself from 15 September"), **place),
        VerdictFace("unknown", old, Words("走人工通道，不要让人等", "Use the staffed lane, let nobody wait"), "陈语乔", "2022",
                    because_more=Words("不是此人的问题", "The person is not at fault"), unverified=True, **place),
        VerdictFace("genuine", Words("签名真实，由苇洲签发", "The signature is genuine, issued by 苇洲"),
                    Words("没有问任何用途；是否放行看对方的规则", "No purpose was asked; whether it is enough is for the rule to say"),
                    "林㑇", "2020", "LIN ZHOU", age=_AGE),
    ]  # fmt: skip


def _charts() -> dict[str, Any]:
    days = (*(f"8-{day:02}" for day in range(19, 32)), "9-01")
    issued, seen = (
        (4, 9, 12, 0, 0, 15, 18, 11, 14, 21, 3, 0, 24, 17),
        (6, 9, 15, 1, 0, 15, 20, 14, 14, 24, 4, 0, 27, 19),
    )
    daily = DailyCounts(
        "daily", says("每天登记与签发", "Recorded and issued per day"),
        says("14 天。登记最多 27 张，签发最多 24 张，都在 8 月 31 日。", "14 days. At most 27 recorded and 24 issued, both on 31 August."),
        days, (Series(says("登记", "recorded"), seen), Series(says("签发", "issued"), issued)), says("日", "day"),
    )  # fmt: skip
    counts = (
        11,
        13,
        12,
        12,
        11,
        12,
        15,
        14,
        15,
        12,
        13,
        14,
        13,
        9,
        14,
        13,
        8,
        7,
        9,
        9,
        10,
        9,
        10,
        7,
        8,
        8,
        5,
        10,
        7,
        13,
        13,
        20,
        25,
        29,
        25,
        17,
    )
    upper = tuple(round(21 + 2.4 - ((week - 8) / 28) ** 2 * 11, 1) for week in range(36))
    late = (0.0,) * 34 + (8.5, 15.3)
    low, high = (0.0,) * 34 + (29.0, 27.8), (0.0,) * 34 + (40.5, 38.8)
    curve = Curve(
        "curve", says("每周疑似麻疹病例", "Suspected measles cases per week"),
        says("36 周。第 32 周起超过上限，第 34 周最高 29 例；最近两周含迟报估计。",
             "36 weeks. Above the bound from week 32, 29 cases in week 34; the last two weeks hold an estimate of late reports."),
        tuple(str(week) for week in range(1, 37)), Series(says("病例", "cases"), counts),
        Series(says("预期", "expected"), tuple(round(value * 0.55, 1) for value in upper)), Series(says("预期上限", "upper bound"), upper),
        Series(says("迟报估计", "late reports, estimated"), late), Series(says("区间低", "range, low"), low),
        Series(says("区间高", "range, high"), high), says("周", "week"),
    )  # fmt: skip
    return {"daily": daily, "curve": curve}


def _areas() -> list[Tile]:
    rows = (
        (2, 1, "北塘", 2), (3, 1, "松浦", 1), (1, 2, "芦湾", 0), (2, 2, "河埠头", 14), (3, 2, "月桥", 9), (4, 2, "石埭", 2),
        (1, 3, "东栅", 3), (2, 3, "西栅", 11), (3, 3, "南浔里", 4), (4, 3, "乌墩", 1), (2, 4, "新塍", 1), (3, 4, "桐荫", 0),
    )  # fmt: skip
    return [
        Tile(x, y, name, count, 3 if count > 8 else 2 if count > 2 else 1, alarm=count > 8)
        for x, y, name, count in rows
    ]


def _lists() -> dict[str, Any]:
    return {
        "rail": [Link("#rail", Words("找到人", "Find the person")), Words("记录事实", "Record the facts"), Words("核对", "Check"), Words("交付", "Hand over")],
        "facts": [(Words("发布", "Published by"), Words("灯湾疾控中心", "Lantern Bay health office")), (Words("编号", "Number"), "QV-SCH-MEA-3"),
                  (Words("生效", "In force from"), "2026-08-25"), (Words("结束", "Ends"), "2026-10-31")],
        "steps": [Step("ok", Words("签名完整，卡没有被改过", "The signature holds, the card is unchanged")),
                  Step("ok", Words("签发区域在信任清单里", "The issuing region is on the trust list"), Words("3 区中 2 区会签", "2 of 3 regions signed")),
                  Step("no", Words("规则 3：1 剂，要 2 剂", "Rule 3: 1 dose, it asks for 2")),
                  Step("place", Words("今天补种，当天就能入园", "A dose today opens the door today"))],
        "changes": [Change("add", Words("松岬 3 把签发钥，到 2027-09", "3 issuing keys of Pine Cape, until 2027-09")),
                    Change("mod", Words("会签门槛由 3 取 2 变为 4 取 3", "Signatures needed: from 2 of 3 to 3 of 4")),
                    Change("del", Words("试运行标记", "The mark of a trial"))],
        "ways": [Way(Words("看纸质证", "Look at paper"), Words("姓名、出生年、有效期", "Name, birth year, valid until"), Words("看过，请进", "Seen, come in"), "#lane"),
                 Way(Words("到旁边窗口补打", "Reprint at the desk beside"), Words("一分钟，带任何证件或由人陪同", "A minute; with any document or somebody along"), Words("带过去", "Walk along"), "#lane"),
                 Way(Words("请负责人决定", "Ask whoever is in charge"), Words("负责人署名，规则要求的缺口写明", "They sign; what the rule misses is written down"), Words("叫人", "Call"), "#lane")],
    }  # fmt: skip


@public
def design(request: HttpRequest) -> HttpResponse:
    """Show every component; with `?as=` one of the shells that fill a screen or a sheet."""
    code = qr.svg(_CODE, title=says("二维码：林㑇，样张", "Code of 林㑇, specimen"))
    card = _card(qr=code)
    shell = request.GET.get("as", "")
    if shell in _SHELLS:
        verdicts = {face.outcome: face for face in _verdicts()}
        answer = verdicts.get(request.GET.get("outcome", ""), verdicts["accepted"])  # type: ignore[call-overload]
        faces = [replace(card, name=name) for name in _NAMES]
        shown = {"card": card, "answer": answer, "faces": faces, "rows": _lists()["facts"]}
        return render(request, f"base/design_{shell}.html", shown)
    shown = {
        "form": _form(),
        "card": card,
        "unsigned": _card(),
        "wallet": _cards(),
        "verdicts": _verdicts(),
        "areas": _areas(),
        "page_of_many": Paginator(range(230), 10).page(7),
    }
    return render(request, "base/design.html", shown | _charts() | _lists())
