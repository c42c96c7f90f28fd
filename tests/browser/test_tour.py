"""The tour, walked as a visitor walks it, through three real nodes, in Chinese and in English.

One demo for the file.  Its clock stands at ten in the morning, so that there is a clinic day to
walk through; each test leaves three nodes that run, whatever it did to them.
"""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Error, expect

from huxin.adapters import clock
from huxin.trust import qr
from tests.browser.conftest import PATIENCE, Watch
from tests.lib import uncovered
from tests.lib.browser_tour import LONG, Tour
from tests.lib.browser_words import Tongue, box, written
from tests.lib.running_demo import Demo, until

pytestmark = [pytest.mark.size("all"), pytest.mark.parametrize("lang", ["zh", "en"])]

# The last one that was: a browser's own clock is not moved, and believes no list from tomorrow.
TEN_O_CLOCK = (clock.now() - timedelta(hours=2)).replace(hour=2, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    moved = {"HUXIN_NOW": f"{TEN_O_CLOCK:%Y-%m-%dT%H:%M:%SZ}", "HUXIN_ENVIRONMENT": "test"}
    around = {**uncovered.surroundings(), **moved, "HUXIN_REQUESTS_A_MINUTE": "100000"}
    made = Demo(tmp_path_factory.mktemp("tour") / "d", env=around)
    yield made
    made.stop()
    assert made.group_members() == []


@pytest.fixture
def tour(chromium, demo, lang):
    context = chromium.new_context(
        locale={"zh": "zh-CN", "en": "en-GB"}[lang],
        viewport={"width": 1280, "height": 900},
        timezone_id="Asia/Shanghai",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    watch = Watch((demo.tour.removesuffix("/tour"), *demo.nodes.values()), scripts=True)
    watch.over(context)
    page = context.new_page()
    page.watch = watch
    made = Tour(page, demo, Tongue(lang))
    made.open()
    yield made
    context.close()
    assert watch.troubles == []


def fill_dose(page, say, dose):
    box(page, say("疫苗", "Vaccine")).select_option("mmr")
    box(page, say("剂次", "Dose")).fill(dose)


def fill_day(page, say):
    day = page.get_by_role("group", name=say("接种日期", "Date given"))
    box(day, say("年", "year")).fill(f"{TEN_O_CLOCK:%Y}")
    box(day, say("月", "month")).fill("1")
    box(day, say("日", "day")).fill("1")


def check(page, say, shown):
    """Show a text, or a picture, at the door; gives what is said at once."""
    if isinstance(shown, bytes):
        picture = {"name": "card.png", "mimeType": "image/png", "buffer": shown}
        page.get_by_label(say("或选图片、PDF", "Or choose a picture or PDF")).set_input_files(
            picture
        )
    else:
        box(
            page,
            say("扫码枪扫到这里，或粘贴码的文字", "Scan into this field, or paste the code's text"),
        ).fill(shown)
    page.get_by_role("button", name=say("查验", "Check"), exact=True).click()
    expect(page.locator(".verdict")).to_be_visible()
    return page.get_by_role("alert").filter(has_text="林㑇")


def next_person(page, say):
    button = page.get_by_role("button", name=say("下一位", "Next person"))
    # For a moment it takes no key, so that a scanner that ends with two of them skips nobody.
    expect(button).not_to_have_attribute("data-wait", "")
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("查验", "Check"))


@pytest.mark.parametrize(("width", "elder"), [(320, False), (390, True), (1280, False)])
def test_the_tours_own_pages_have_no_fault(tour, sound, width, elder):
    page, say = tour.page, tour.say
    if elder:
        tour.deed("grandmother", "长辈模式", "larger type").get_by_role("button").click()
        expect(page.locator("html")).to_have_class(re.compile("elder"))
    page.set_viewport_size({"width": width, "height": 900})
    sound(page, elder=elder)
    page.get_by_role("link", name=say("全部重来", "Begin anew")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("全部重来？", "Begin anew?"))
    sound(page, elder=elder)


def test_a_card_is_read_next_door_while_its_issuer_is_off(tour):
    say, page = tour.say, tour.page
    desk = tour.enter("proof", "给孩子林㑇签一张接种卡", "Issue a card for the child")
    expect(desk.get_by_role("heading", level=1)).to_have_text(
        say("记录一次接种", "Record a vaccination")
    )
    fill_dose(desk, say, "1")
    fill_day(desk, say)
    desk.get_by_role("button", name=say("下一步：核对", "Next: check")).click()
    desk.get_by_role("button", name=say("签发", "Sign and issue"), exact=True).click()
    expect(desk.get_by_text(say("已签发。", "Issued."))).to_be_visible()
    link = desk.get_by_role("link", name=say("图片，拍下或存下", "Picture, to photograph"))
    picture = desk.request.get(tour.demo.nodes["QW"] + str(link.get_attribute("href"))).body()
    (text,) = qr.read(picture)

    mother = tour.enter("proof", "看妈妈手机里那一张", "See the one on her mother's phone")
    expect(mother.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()

    tour.order("停下苇洲", "Stop Reed Isles", "stopped")
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        mother.goto(tour.demo.nodes["QW"])
    away = page.locator("#step-proof [data-away=QW]").first
    expect(away).to_be_visible()

    door = tour.enter("proof", "到灯湾的幼儿园门口查验它", "Check it at the kindergarten gate")
    practice = tour.deed("proof", "拿上这张练习卡", "Take this practice card")
    with page.expect_download() as handed:
        practice.get_by_role("link", name="huxin-genuine.png").click()
    genuine = [
        text, picture,
        practice.get_by_role("textbox").input_value(), handed.value.path().read_bytes(),
    ]  # fmt: skip
    for one in genuine:
        said = check(door, say, one)
        expect(said).to_contain_text(say("真卡。林㑇，2020 年生。", "Genuine. 林㑇, born 2020."))
        expect(door.get_by_role("definition").first).to_contain_text(
            say("由苇洲签发", "issued by Reed Isles")
        )
        expect(door.get_by_text("SPECIMEN")).to_be_visible()
        next_person(door, say)

    practice = tour.deed("proof", "再验这一张", "Then this one")
    with page.expect_download() as handed:
        practice.get_by_role("link", name="huxin-changed.png").click()
    for one in (practice.get_by_role("textbox").input_value(), handed.value.path().read_bytes()):
        said = check(door, say, one)
        expect(said).to_contain_text(say("不符合。", "Not accepted."))
        expect(said).to_contain_text(say("签名不对", "the card was changed"))
        expect(said).to_contain_text(say("未核实", "not verified"))
        expect(door.locator("[data-check-answer]")).to_have_attribute("data-code", "signature")
        next_person(door, say)
    assert tour.demo.health("QW") == 0

    tour.order("重新打开苇洲", "Start Reed Isles again", "running")
    expect(away).to_be_hidden()
    mother.goto(tour.demo.nodes["QW"])
    expect(mother.get_by_role("heading", level=1)).to_be_visible()


def choose(door, say, zh, en):
    """Say once what is asked at this door."""
    door.get_by_text(say("地点和用途", "Place and purpose"), exact=True).click()
    door.get_by_role("radio", name=say(zh, en), exact=True).check()
    door.get_by_role("button", name=say("用这些", "Use these")).click()


def test_whoever_is_turned_away_is_told_why(tour):
    say, demo = tour.say, tour.demo
    door = tour.enter("reason", "在幼儿园门口选", "At the kindergarten gate choose")
    choose(door, say, "预防接种证", "School entry")
    text = tour.deed("reason", "拿上林㑇的卡", "Take the card of 林㑇").get_by_role("textbox")
    said = check(door, say, text.input_value())
    expect(said).to_contain_text(say("还差一项。林㑇", "Something is due. 林㑇"))
    next_person(door, say)

    gate = tour.enter("reason", "在论坛入口选", "At the forum entrance choose")
    choose(gate, say, "活动 · 论坛", "Event · forum")
    guest = tour.deed("reason", "拿上论坛来宾的卡", "Take the card of a forum guest")
    check(gate, say, guest.get_by_role("textbox").input_value())
    verdict = gate.locator(".verdict")
    expect(verdict).to_contain_text("柳望舒")
    expect(verdict).to_contain_text(say("还不到日子", "Not yet"))
    expect(verdict).to_contain_text(say("规则 LB-7", "rule LB-7"))
    day = (TEN_O_CLOCK + timedelta(days=2)).date().isoformat()
    expect(verdict).to_contain_text(day)
    assert demo.health("QV") == 200

    rule = tour.enter("reason", "读公开的规则 LB-7", "Read the rule LB-7")
    expect(rule.get_by_text("QV/LB-7")).to_be_visible()
    expect(rule.get_by_role("link", name=say("分享", "Share"))).to_be_visible()


def test_no_rule_makes_one_person_red_and_an_honest_one_is_published(tour):
    say = tour.say
    desk = tour.enter("rule-desk", "打开一条点名", "Open a rule with a name in it")
    for code in ("lint-end", "lint-field", "lint-literal", "lint-empty"):
        expect(desk.get_by_text(code, exact=True)).to_be_visible()
    expect(desk.get_by_role("button", name=say("送审", "Hand in"), exact=True)).to_have_count(0)

    desk = tour.enter("rule-desk", "再打开一条正当的改动", "Then an honest change")
    moved = desk.get_by_text(
        re.compile(say(r"5,\d{3} 个的答案会变", r"5,\d{3} get another answer"))
    )
    expect(moved).to_be_visible(timeout=900_000)  # a hundred thousand people, twice
    hand_in = desk.get_by_role("button", name=say("送审", "Hand in"), exact=True)
    take_back = desk.get_by_role("button", name=say("收回来改", "Take it back"))
    expect(hand_in.or_(take_back)).to_be_visible(timeout=LONG)
    if hand_in.is_visible():  # else the other language was here before
        hand_in.click()
        expect(take_back).to_be_visible()
    other = tour.enter("rule-desk", "另一位规则员看过", "Another rule officer")
    expect(other.get_by_text("LB-7 1.0.0 → 1.1.0")).to_be_visible()
    expect(other.get_by_role("button", name=say("同意并公布", "Agree and publish"))).to_be_visible()


def ask(tour, zh, en, said):
    """Press the button of a delegate's deed, and read what the step says then."""
    tour.deed("together", zh, en).get_by_role("button").click()
    expect(tour.page.locator("#step-together").get_by_role("status")).to_contain_text(said)


def say_of(tour, page, code, sample):
    """What the door of a node says of one of the tour's cards."""
    page.goto(f"{tour.demo.nodes[code]}/check")
    check(page, tour.say, (tour.demo.folder / "samples" / sample).read_text("utf-8"))
    return page.get_by_role("main").inner_text()


def publish(tour, deed, title):
    """Open a proposal as the delegate of 灯湾, and publish it."""
    page = tour.enter("together", *deed)
    page.get_by_role("link", name=title).click()
    expect(page.get_by_text(tour.say("发布这份清单？", "Publish this list?"))).to_be_visible()
    page.get_by_role("button", name=tour.say("发布", "Publish"), exact=True).click()
    expect(
        page.get_by_role("heading", name=tour.say("谁签了什么", "Who signed what"))
    ).to_be_visible()
    return page


def test_nobody_owns_the_list(tour, sound):
    say, page = tour.say, tour.page
    if (tour.demo.folder / "QV" / "repository" / "metadata" / "1.region-QY.json").exists():
        begin_anew(tour)  # the other language was here before
    joins, suspends = (
        say("松岬加入", "Pine Cape joins"),
        say("暂停云渡的一把密钥", "Suspend a key of Cloud Ferry"),
    )

    newcomer = say("真卡。宋听涛", "Genuine. 宋听涛")

    # A card of a region that is no member: its issuer is unknown.
    card = tour.deed("together", "拿上一张松岬的卡", "Take a card of Pine Cape")
    door = tour.enter("together", "到灯湾的门口查验它", "Check it at a gate in Lantern Bay")
    check(door, say, card.get_by_role("textbox").input_value())
    unknown = say("签发方不在本处的信任清单里", "The issuer is not on this place's trust list")
    expect(door.locator(".verdict")).to_contain_text(unknown)

    # One signature of three, and it cannot be published; the second delegate reads the same at home.
    one = tour.enter("together", "灯湾的代表签过了", "The delegate of Lantern Bay has signed")
    other = tour.enter("together", "苇洲的代表在自己的节点", "The delegate of Reed Isles reads")
    for delegate in (one, other):
        expect(
            delegate.get_by_text(
                say("3 个区域签了 1 个，要 2 个", "1 of 3 regions signed, needs 2")
            )
        ).to_be_visible()
        delegate.watch = page.watch
        sound(delegate)
        delegate.get_by_role("link", name=joins).click()
        expect(delegate.get_by_text(say("QY 加入", "QY joins"))).to_be_visible()
    sound(one)
    one.get_by_role("button", name=say("试着发布", "Try to publish")).click()
    expect(one.get_by_role("main").get_by_role("alert")).to_contain_text("root 1/2")

    # It is signed and published: the card is genuine at another node, which follows.
    signed = say("苇洲的代表签了", "The delegate of Reed Isles has signed")
    ask(tour, "看过就签", "Having read it, sign", signed)
    sound(page)
    publish(tour, ("灯湾的代表再打开它", "The delegate of Lantern Bay opens it again"), joins)
    away = tour.enter("together", "过几秒，在云渡再查验", "A few seconds later check")
    assert until(lambda: newcomer in say_of(tour, away, "QX", "pine-cape.txt"))
    expect(away.get_by_role("definition").first).to_contain_text(
        say("由松岬签发", "issued by Pine Cape")
    )
    ask(tour, "看过就签", "Having read it, sign", say("已经在清单里", "is in the list already"))

    # A key is suspended by two, and its card refused with the reason.
    of_older_key = say("真卡。艾撑篙", "Genuine. 艾撑篙")
    assert of_older_key in say_of(tour, away, "QX", "cloud-ferry.txt")
    ask(tour, "云渡报失", "Cloud Ferry reports", say("灯湾的代表提了", "has proposed to suspend"))
    ask(tour, "两家就能暂停", "Two regions can suspend", signed)
    publish(tour, ("灯湾的代表打开“暂停", "opens “Suspend a key"), suspends)
    gone = say("已被停用或撤销", "was suspended or withdrawn")
    assert until(lambda: gone in say_of(tour, away, "QX", "cloud-ferry.txt"))
    assert newcomer in say_of(tour, away, "QX", "pine-cape.txt")

    # Yesterday's list is older than what was seen.
    with page.expect_download() as handed:
        page.get_by_role("link", name="huxin-yesterday.bundle").click()
    taker = tour.enter("together", "把它交给云渡", "Hand it in at Cloud Ferry")
    expect(taker.get_by_role("heading", level=1)).to_have_text(
        say("更新清单", "Take the list anew")
    )
    taker.watch = page.watch
    sound(taker)
    taker.get_by_label(say("清单文件", "File of the list")).set_input_files(handed.value.path())
    taker.get_by_role("button", name=say("交来", "Hand in")).click()
    expect(taker.get_by_role("main")).to_contain_text(say("拿到的比手里的旧", "What came is older"))
    sound(taker)
    taker.set_viewport_size({"width": 320, "height": 800})
    sound(taker)
    taker.get_by_role("button", name=say("现在更新", "Refresh now")).click()
    expect(taker.get_by_text(say("这里的清单已经是这一份", "held here already"))).to_be_visible()


def test_whoever_has_no_phone_is_served_the_same(tour):
    say = tour.say
    paper = tour.enter("grandmother", "邻居替她打印", "The neighbour prints it for her")
    expect(paper.get_by_role("main")).to_contain_text("SHEN YUEQIAO")
    expect(paper.get_by_text("SPECIMEN").first).to_be_visible()
    assert paper.pdf().startswith(b"%PDF")
    desk = tour.enter("grandmother", "或者到窗口打印", "Or at the desk")
    desk.get_by_role("link", name=say("打印", "Print"), exact=True).click()
    expect(desk.get_by_role("main")).to_contain_text("SHEN YUEQIAO")

    door = tour.enter("no-code", "站到查验员的位置", "Stand where the checker stands")
    door.get_by_role("button", name=say("看过，请进", "Seen, come in")).click()
    expect(
        door.get_by_role("status").filter(has_text=say("记下了一次", "Counted once"))
    ).to_be_visible()
    counts = door.get_by_text(say("只记次数，不记姓名。", "Only a count is kept"))
    expect(counts).to_have_text(re.compile(say("无码\\s1", "no code\\s1")))


def test_larger_type_holds_on_every_node_and_is_taken_back(tour):
    say, page = tour.say, tour.page
    switch = tour.deed("grandmother", "长辈模式", "larger type").get_by_role("button")
    switch.click()
    expect(page.locator("html")).to_have_class(re.compile("elder"))
    mother = tour.enter("looked", "看林㑇的记录", "Look at the record of")
    expect(mother.locator("html")).to_have_class(re.compile("elder"))
    expect(switch).to_have_text(say("换回标准模式", "Back to standard size"))
    switch.click()
    expect(page.locator("html")).not_to_have_class(re.compile("elder"))
    mother.reload()
    expect(mother.locator("html")).not_to_have_class(re.compile("elder"))


def test_the_mother_sees_who_looked_at_the_childs_data(tour):
    say = tour.say
    desk = tour.enter("proof", "给孩子林㑇签一张接种卡", "Issue a card for the child")
    expect(desk.get_by_role("heading", level=1)).to_have_text(
        say("记录一次接种", "Record a vaccination")
    )
    # One browser is one person: a preview that is still asked for would be asked for by the mother.
    desk.close()
    log = tour.enter("looked", "看林㑇的记录", "Look at the record of")
    expect(log.get_by_role("heading", level=1)).to_contain_text("林㑇")
    looks = log.get_by_role("row").filter(
        has_text=say("河埠头接种门诊的签发员", "Clerk, Wharf Vaccination Clinic")
    )
    issued = looks.filter(has_text=say("签发了一张卡", "Issued a card"))
    expect(issued.first).to_be_visible()
    opened = looks.filter(has_text=say("打开了登记的内容", "Opened what is registered"))
    expect(opened.first).to_be_visible()


def offline_answer(door, text, kind):
    """Paste a code into the offline verifier; gives what is said at once."""
    expect(door.locator("html")).to_have_attribute("data-screen", "scan")
    if not door.locator("#paste").is_visible():
        door.locator("[data-other-ways] > summary").click()
    door.locator("#paste").fill(text)
    door.locator("#paste-form button").click()
    expect(door.locator("#answer")).to_have_attribute("data-outcome", kind)
    return door.locator("#verdict-said")


def test_with_all_nodes_stopped_the_checker_opens_and_checks(tour):
    say = tour.say
    door = tour.enter("cable", "打开离线查验页", "open the offline verifier")
    expect(door.locator("html")).to_have_attribute("data-kept", "")
    tour.deed("cable", "停下所有节点", "Stop all nodes").get_by_role("button").click()
    expect(tour.page.locator("[data-node][data-state=stopped]")).to_have_count(3, timeout=LONG)
    door.reload()
    door.locator("#begin-go").click()
    shown = (
        ("再验林㑇的卡", "check the card of", "genuine", "林㑇"),
        ("SMART 健康卡", "SMART Health Card", "genuine", "方渡口"),
        ("欧盟数字证书", "EU digital certificate", "genuine", "1990"),
        ("再验改过的", "the changed one", "no", ""),
    )
    for zh, en, kind, name in shown:
        text = tour.deed("cable", zh, en).get_by_role("textbox").input_value()
        said = offline_answer(door, text, kind)
        expect(said).to_contain_text(name)
        # Demo cards are signed with test keys, and the answer says so, but where nothing was signed.
        expect(door.locator("#answer .specimen")).to_be_visible(visible=kind == "genuine")
        expect(said).to_contain_text(
            say("真卡", "Genuine") if kind == "genuine" else say("不符合", "Not accepted")
        )
        next_one = door.locator("#next")
        expect(next_one).to_be_focused()
        next_one.click()
    door.close()
    tour.deed("cable", "再打开所有节点", "Start all nodes again").get_by_role("button").click()
    tour.all_running(LONG)


def cards_of_the_child(page, say):
    return page.get_by_role("main").get_by_role(
        "link", name=say("预防接种证", "Immunisation record")
    )


def test_a_visit_becomes_a_card(tour):
    say = tour.say
    mother = tour.enter("visit", "妈妈看到新卡", "The mother sees the new card")
    expect(cards_of_the_child(mother, say).first).to_be_visible()
    before = cards_of_the_child(mother, say).count()

    mother = tour.enter("visit", "妈妈给孩子约一个时间", "The mother books a time")
    for name in (
        "林㑇 2020",
        say("河埠头接种门诊", "Wharf Vaccination Clinic"),
        say("接种", "Vaccination"),
    ):
        mother.get_by_role("radio", name=name, exact=True).check()
    mother.get_by_role("button", name=say("下一步：选时间", "Next: choose a time")).click()
    # The first is “please choose”.
    box(mother, say("几点", "What time")).select_option(index=1)
    mother.get_by_role("button", name=say("约这个时间", "Book this time")).click()
    expect(mother.get_by_role("main")).to_contain_text("林㑇")

    clinic = tour.enter("visit", "医生请进、接种、记录", "The clinician calls")
    row = clinic.get_by_role("row").filter(has_text="林㑇")
    row.get_by_role("button", name=say("到了", "Arrived"), exact=True).click()
    row.get_by_role("button", name=say("叫号", "Call"), exact=True).click()
    seen = clinic.locator("aside section").filter(has_text="林㑇")
    seen.get_by_role("link", name=say("记录", "Record"), exact=True).click()
    fill_dose(clinic, say, "2")
    clinic.get_by_role("button", name=say("记录并签发卡", "Record and issue the card")).click()
    expect(clinic.get_by_role("main")).to_contain_text(say("看完了", "Done"))

    mother = tour.enter("visit", "妈妈看到新卡", "The mother sees the new card")

    def one_more():
        mother.reload()
        expect(cards_of_the_child(mother, say).first).to_be_visible()
        return cards_of_the_child(mother, say).count() == before + 1

    # The card is the worker's job: it comes by itself, a moment after the record.
    assert until(one_more)
    cards_of_the_child(mother, say).first.click()
    expect(mother.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()


def begin_anew(tour):
    """Have everything made anew, and wait until it is."""
    say, page = tour.say, tour.page
    page.get_by_role("link", name=say("全部重来", "Begin anew")).click()
    page.get_by_role("button", name=say("重来", "Begin anew"), exact=True).click()
    expect(page).to_have_url(re.compile("/tour#nodes$"))
    expect(page.locator("[data-node=QW][data-state=running]")).to_have_count(0, timeout=LONG)
    tour.all_running(LONG)


def test_the_tour_begins_anew(tour):
    say, page = tour.say, tour.page
    things = tour.demo.folder / "QW" / "things.json"
    before = json.loads(things.read_text("utf-8"))
    page.get_by_role("link", name=say("全部重来", "Begin anew")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("全部重来？", "Begin anew?"))
    page.get_by_role("link", name=say("不，回导览", "No, back to the tour")).click()
    tour.all_running()
    begin_anew(tour)
    assert json.loads(things.read_text("utf-8"))["child"] != before["child"]
    # What the buttons lead to was made anew as well; the page holds it after a reload.
    page.reload()
    card = tour.enter("proof", "看妈妈手机里那一张", "See the one on her mother's phone")
    expect(written(card, "林㑇")).to_be_visible()
