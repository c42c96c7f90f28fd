"""The pictures of the gallery: which page, as whom, in which language, width and mode, and how one gets there.

Data for `tools.make_gallery`, and for the test that holds the documents to it.  Every page is one of the
demo; a picture that answers to a sketch of the design names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

__all__ = ["NOT_YET", "PHONE", "PICTURES", "SECTIONS", "WIDE", "Picture", "Scene"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the pictures are taken of: where the nodes are, what the demo made, practice cards."""

    nodes: Mapping[str, str]
    tour: str
    things: Mapping[str, str]
    samples: Path
    unknown: str
    now: str
    break_list: Callable[[str], None] = field(default=lambda _: None)


Go = Callable[[Page, Scene], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture.  `mode`: light, dark, elder or print; `clip`: how much of a long page is shown."""

    name: str
    section: str
    zh: str
    en: str
    who: str
    lang: str
    width: int
    go: Go
    mode: str = "light"
    sketch: str = ""
    clip: int = 0


SECTIONS: Final = {
    "front": "Front pages 首页与导览",
    "desk": "At the desk 窗口",
    "paper": "On paper 纸上",
    "carry": "In the hand 在手里",
    "door": "At a door 门口",
    "rules": "Rules and appeals 规则与申诉",
    "clinic": "In the clinic 门诊",
    "numbers": "Numbers, notices, operation 数字、公告、运维",
}


# ------------------------------------------------------------------------------- how one gets there


def _at(path: str, node: str = "QW") -> Go:
    def go(page: Page, scene: Scene) -> None:
        page.goto(scene.nodes[node] + path.format(**scene.things))

    return go


def _tour(page: Page, scene: Scene) -> None:
    page.goto(scene.tour)


def _faulty_form(page: Page, scene: Scene) -> None:
    _at("/desk/people/{child}/new/school-entry")(page, scene)
    page.locator("[name=vaccine]").select_option("mmr")
    for name, value in (("dose", "2"), ("batch", "DEMO-0042"), ("date_year", "2026"),
                        ("date_month", "09"), ("date_day", "11")):  # fmt: skip
        page.locator(f"[name={name}]").fill(value)
    page.locator("#facts-form [name=do][value=check]").click()
    page.get_by_role("alert").wait_for()


def _read_aloud(page: Page, scene: Scene) -> None:
    _faulty_form(page, scene)
    page.locator("[name=date_month]").fill("08")
    page.locator("#facts-form [name=do][value=check]").click()
    page.get_by_role("heading", level=1, name="Read it aloud").wait_for()


def _find(page: Page, scene: Scene) -> None:
    _at("/desk")(page, scene)
    page.locator("[name=words]").fill("林㑇")
    page.locator("[name=present]").check()
    page.locator("main form .btn").first.click()
    page.locator("#found-title").wait_for()


def _sheet(page: Page, scene: Scene) -> None:
    """Open the sheet of the session, made the first time somebody asks for it."""
    _at("/sheets")(page, scene)
    if not page.locator("main table a").count():
        _open_sheet(page, scene)
    else:
        page.locator("main table a").first.click()
    page.locator("#sheet-form").wait_for()


def _open_sheet(page: Page, scene: Scene) -> None:
    _at("/sheets/new")(page, scene)
    page.locator("[name=vaccine]").select_option("mmr")
    page.locator("[name=dose]").fill("2")
    page.locator("[name=batch]").fill("DEMO-0042")
    page.locator("[name=file]").set_input_files(scene.samples / "people.xlsx")
    page.locator("[name=do][value=preview]").click()
    page.locator("[name=do][value=open]").click()
    page.locator("#sheet-form").wait_for()
    for one in page.locator("[data-tick-box]").all()[:11]:
        one.check()
    page.locator("fieldset [value=new]").first.check()
    page.locator("[data-sheet-status]").filter(has_text="都存好了").wait_for()


def _signed_sheet(page: Page, scene: Scene) -> None:
    _sheet(page, scene)
    if (
        page.locator("[name=do][value=sign]").count()
        and not page.locator("a[href$='/print']").count()
    ):
        page.locator("[name=do][value=sign]").click()
        page.locator(".confirm .btn").first.click()
    page.locator("a[href$='/print']").first.click()
    page.locator(".sheet").first.wait_for()


def _checked(node: str, text: Callable[[Scene], str]) -> Go:
    def go(page: Page, scene: Scene) -> None:
        _at("/check", node)(page, scene)
        page.locator("[name=text]").first.fill(text(scene))
        page.locator("form[data-check] .btn").first.click()
        page.locator(".verdict").wait_for()

    return go


def _sample(name: str) -> Callable[[Scene], str]:
    return lambda scene: (scene.samples / name).read_text("utf-8")


def _cannot_tell(page: Page, scene: Scene) -> None:
    """Check at a node whose list of trusted keys was damaged."""
    scene.break_list("QX")
    _checked("QX", _sample("genuine.txt"))(page, scene)


def _times(page: Page, scene: Scene) -> None:
    _at("/visits/book")(page, scene)
    page.locator("[name=person]").nth(1).check()
    page.locator("[name=place]").first.check()
    page.locator("[name=kind]").first.check()
    page.locator("main form .btn").first.click()
    page.locator("[name=slot]").wait_for()


def _notice(page: Page, scene: Scene) -> None:
    _at("/notices")(page, scene)
    page.locator("article a").first.click()
    page.locator("#history").wait_for()


def _asked(node: str, purpose: str, text: Callable[[Scene], str]) -> Go:
    """Choose once what is asked at the door, and check."""

    def go(page: Page, scene: Scene) -> None:
        _at("/check", node)(page, scene)
        page.locator("details summary").last.click()
        page.locator(f"[name=purpose][value='{purpose}']").check()
        page.locator("details form .btn").click()
        _checked(node, text)(page, scene)

    return go


def _before_going(page: Page, scene: Scene) -> None:
    page.clock.set_fixed_time(scene.now)  # the page reckons by the clock of its device
    _at("/journey?of={child}&purpose=school")(page, scene)
    page.locator(
        "[data-journey-device]"
    ).wait_for()  # the rules have come, and the page answers by itself
    page.locator("[data-journey] .btn").first.click()
    page.locator("[data-journey-answer] h2").wait_for()


def _offline(purpose: str, name: str, language: str = "") -> Go:
    """Open the offline page, pull the cable, and show it a card; `language` is the one of the answer."""

    def go(page: Page, scene: Scene) -> None:
        page.clock.set_fixed_time(scene.now)
        _at("/verifier/", "QV")(page, scene)
        page.locator(f"[name=purpose][value='{purpose}']").check()
        if language:
            page.locator("#answer-language").select_option(language)
        page.locator("#begin-go").click()
        page.context.set_offline(True)
        page.locator("#scan [data-other-ways] summary").click()
        page.locator("#paste").fill(_sample(name)(scene))
        page.locator("#paste-form .btn").click()
        page.locator("#answer [data-offline]").wait_for()

    return go


def _receipt(page: Page, scene: Scene) -> None:
    _at("/appeals/new?purpose=event/forum", "QV")(page, scene)
    page.locator("[name=text]").fill("The dose was given in another region, ten days ago.")
    page.locator("main form .btn").first.click()
    page.locator("main h1").wait_for()


WIDE: Final = 1280
PHONE: Final = 390
_P = Picture

# ------------------------------------------------------------------------------------ the pictures

PICTURES: Final = (
    _P("home", "front", "首页：一句话，两件事，三盏灯。", "Home: one sentence, two tasks, three lights.",
       "", "zh", WIDE, _at("/"), sketch="home"),
    _P("home-phone", "front", "同一页在手机上，英文。", "The same page on a phone, in English.",
       "", "en", PHONE, _at("/"), sketch="home-phone"),
    _P("home-elder", "front", "长辈模式：三个按钮代替全部，字不小于 24 像素。", "Larger type: three buttons instead of all, nothing under 24 px.",
       "", "zh", PHONE, _at("/"), mode="elder", sketch="home-elder"),
    _P("home-dark", "front", "深色：颜色跟着系统走。", "Dark colours, as the system asks.",
       "", "en", WIDE, _at("/"), mode="dark"),
    _P("tour", "front", "导览：每一步写明以谁的身份、做什么；右边可以停掉一个节点。", "The tour: each step says as whom and what; on the right a node can be stopped.",
       "", "zh", WIDE, _tour, clip=1500),
    _P("desk", "desk", "签发台：先找人，今天签的在旁边。", "The issuing desk: find the person first; what was signed today stands beside.",
       "QW/clerk", "en", WIDE, _at("/desk")),
    _P("desk-find", "desk", "查找：只找得到本机构登记过、而且在场的人。", "Finding: only people registered here, and only with them present.",
       "QW/clerk", "zh", PHONE, _find),
    _P("desk-form", "desk", "记录一次接种：先说错在哪里，填过的都还在，右边是卡的样子。", "Recording a dose: what is wrong comes first, what was typed stays, the card takes shape at the right.",
       "QW/clerk", "zh", WIDE, _faulty_form, sketch="desk"),
    _P("desk-form-phone", "desk", "同一张表在手机上，英文。", "The same form on a phone, in English.",
       "QW/clerk", "en", PHONE, _faulty_form, clip=1900),
    _P("desk-check", "desk", "核对：念给本人听，再签。", "Checking: read it aloud to the person, then sign.",
       "QW/clerk", "en", WIDE, _read_aloud),
    _P("desk-card", "desk", "交给本人：纸、PDF、图片、领取单，都一样。", "Handing over: paper, PDF, picture or claim slip, all alike.",
       "QW/clerk", "zh", WIDE, _at("/desk/cards/{child-card}")),
    _P("desk-sheet", "desk", "接种日：一张名单逐个打勾，同名的会问是哪一位。", "A session: one list, ticked off; where a name is known already, the clerk is asked who is meant.",
       "QW/clerk", "zh", WIDE, _sheet, clip=1500),
    _P("paper-sheet", "paper", "A4 证页：正面给人看，明细折在里面，右下剪下随身带。", "An A4 sheet: the front to show, details folded inside, a card to cut out.",
       "QW/clerk", "zh", WIDE, _at("/cards/{child-card}/print"), mode="print", sketch="print-sheet"),
    _P("paper-cards", "paper", "一页十张小卡，沿线裁开。", "Ten cards on a page, to cut along the marks.",
       "QW/clerk", "zh", WIDE, _signed_sheet, mode="print", sketch="print-cards"),
    _P("card", "carry", "亮码：不联网；卡上没有颜色。", "Showing a card: no network needed; a card has no colour.",
       "QW/mother", "zh", PHONE, _at("/card/{child-card}"), sketch="code"),
    _P("card-elder", "carry", "长辈模式的卡：三个大按钮。", "A card in larger type: three large buttons.",
       "QW/mother", "zh", PHONE, _at("/card/{child-card}"), mode="elder", sketch="code-elder"),
    _P("card-dark", "carry", "深色里二维码仍是白底黑码，好扫。", "In dark colours the code stays black on white, to be read.",
       "QW/mother", "en", PHONE, _at("/card/{child-card}"), mode="dark"),
    _P("card-about", "carry", "证明什么、谁扫会读到什么、它不说什么。", "What it proves, what a scan reads, and what it does not say.",
       "QW/mother", "en", PHONE, _at("/card/{child-card}/about"), sketch="why"),
    _P("wallet", "carry", "家人的卡，每张一行。", "The family's cards, a line for each.",
       "QW/mother", "zh", PHONE, _at("/wallet/{child}")),
    _P("access-log", "carry", "谁看过我的数据：何时、谁、做了什么、为什么。", "Who looked at my data: when, who, what was done, what for.",
       "QW/mother", "en", WIDE, _at("/wallet/access/{child}")),
    _P("check", "door", "查验：摄像头、扫码枪、图片、粘贴；也有没有码的路。", "Checking: camera, scanner, picture, paste; and a way in without a code.",
       "QV/checker", "en", WIDE, _at("/check", "QV")),
    _P("verdict-genuine", "door", "真卡：姓名和出生年最大，说的是签名，不用颜色。", "Genuine: name and birth year largest; it speaks of the signature and wears no colour.",
       "QV/checker", "zh", PHONE, _checked("QV", _sample("genuine.txt")), sketch="verdict-ok"),
    _P("verdict-changed", "door", "改过一个数字：不符合，说明原因和下一步，姓名标明未核实。", "One digit changed: not accepted, with the reason and what to do; the name is marked as not verified.",
       "QV/checker", "en", PHONE, _checked("QV", _sample("changed.txt")), sketch="verdict-no"),
    _P("verdict-one-more", "door", "签发方不在清单里：再看一项，不怪此人。", "An issuer on no list: check one more; the person is not at fault.",
       "QV/checker", "en", PHONE, _checked("QV", lambda scene: scene.unknown), sketch="verdict-check"),
    _P("verdict-cannot-tell", "door", "本机清单坏了：无法判断，走人工通道。", "This node's list is damaged: it cannot tell, and says to use the staffed lane.",
       "QX/checker", "zh", PHONE, _cannot_tell, sketch="verdict-unk"),
    _P("offline", "door", "断网查验页：拔了网线，规则和原因都在本机算出来。", "The offline page with its cable out: rule and reason are computed on the device.",
       "", "zh", PHONE, _offline("event/forum", "guest.txt")),
    _P("offline-ar", "door", "同一页，结论用持卡人的语言，从右往左。", "The same page, its answer in the language of who stands there, from right to left.",
       "", "en", PHONE, _offline("", "genuine.txt", "ar"), sketch="verdict-ar"),
    _P("offline-training", "door", "给查验员的一页纸。", "One page for checkers, to print.",
       "", "zh", WIDE, _at("/verifier/training.html", "QV"), mode="print"),
    _P("no-code", "door", "没有码，一样进：三条路，只记次数。", "No code, the same way in: three ways, and only a count.",
       "QV/checker", "en", PHONE, _at("/check/no-code", "QV")),
    _P("verdict-rule", "door", "还不符合：哪一条规则、看了什么、从哪天起、怎么办。", "Not yet: which rule, what it looked at, from which day on, and what to do.",
       "QV/checker-2", "en", PHONE, _asked("QV", "event/forum", _sample("guest.txt")), sketch="verdict-en"),
    _P("rules-purpose", "rules", "公开的规则：问什么、依据、从哪天到哪天，每个版本都在。", "A rule in public: what it asks, on what ground, since and until when, every version.",
       "", "zh", PHONE, _at("/rules/event/forum", "QV")),
    _P("rule-desk", "rules", "规则台：点名、没有近期限、空手也放行的规则，四处不行。", "The rule desk: a rule with a name, no end in sight and met by empty hands; four things stand against it.",
       "QV/rules", "en", WIDE, _at("/rule-desk/{bad-draft}", "QV"), clip=1250),
    _P("journey", "rules", "出行前看一看：在自己手机上算，什么都不发送。", "Will I get in? Computed on one's own phone; nothing is sent.",
       "QW/mother", "zh", PHONE, _before_going, clip=1100),
    _P("appeal-receipt", "rules", "申诉回执：编号和核对码，期限写在上面。", "The receipt of an appeal: number and check code, and the deadline.",
       "", "en", PHONE, _receipt),
    _P("federation", "rules", "共同清单：谁在上面、谁签、多旧，公开的。", "The shared list, in public: who is on it, who signs, how old it is.",
       "", "zh", WIDE, _at("/federation"), sketch="federation", clip=1500),
    _P("clinic-day", "clinic", "今天的队列：在等、还没到、正在看、看完了。", "Today's queue: waiting, to come, being seen, done.",
       "QW/clinician", "zh", WIDE, _at("/clinic"), sketch="queue"),
    _P("clinic-day-phone", "clinic", "同一个队列在手机上，英文。", "The same queue on a phone, in English.",
       "QW/clinician", "en", PHONE, _at("/clinic"), sketch="queue-phone"),
    _P("visit-times", "clinic", "妈妈给孩子约一个时间。", "A mother books a time for her child.",
       "QW/mother", "zh", PHONE, _times),
    _P("numbers", "numbers", "每天记录与签发：图旁边就是表，没有姓名。", "Recorded and issued per day: the table beside the chart, and no names.",
       "QW/epidemiologist", "zh", WIDE, _at("/numbers"), sketch="watch"),
    _P("notice", "numbers", "公告：作者、来源、期限、更正记录。", "A notice: author, source, end, and its corrections.",
       "", "en", WIDE, _notice),
    _P("operate-dark", "numbers", "运维：节点自检和密钥到期日历，深色。", "Operating: what the node finds about itself, and when keys end; dark.",
       "QW/operator", "en", WIDE, _at("/operate"), mode="dark"),
    _P("design", "numbers", "部件页：每个部件一次。", "Every component, once.",
       "", "en", WIDE, _at("/design"), sketch="components", clip=1500),
)  # fmt: skip

# Sketches whose pages are still to be built.
NOT_YET: Final = ("waiting", "why-dark")
