"""The shared list in a browser: a delegate reads a proposal, one of three is refused, enough publish, and all see it.

Keys stay outside: what was signed elsewhere comes as a file.  A node of its own, since it believes the list afterwards.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from huxin.adapters import clock, trust_repository
from huxin.trust.ceremony.dissent import with_dissent
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.ceremony.proposal import parse_proposal, write_proposal
from huxin.trust.ceremony.result import result
from huxin.trust.federation.charter import Suspension
from huxin.trust.federation.notices import Notice
from tests.lib.browser_node import running_node
from tests.lib.browser_words import Tongue
from tests.lib.ceremonies import charter, party, signed, witnessed

REGIONS = ("QV", "QW", "XA")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("federation") / "node") as made:
        yield made


@pytest.fixture(scope="module")
def founded(site):
    """Three regions' keys, and the list that they signed, as this node hands it out."""
    now = clock.now().replace(microsecond=0) - timedelta(hours=2)
    parties = [party(code, environment="test") for code in REGIONS]
    statements = [one.statement for one in parties]
    title = {"zh": "建立联盟", "en": "Found the federation"}
    proposal = found(statements, charter(environment="test"), title=title, now=now)
    whole = witnessed(proposal, None, parties, now=now)
    folder = site.folder / "repository"
    files, before = trust_repository.published(whole), result(whole, None)
    text = {"zh": "一把密钥丢了，当天找到。", "en": "A key was lost, and found the same day."}
    told = Notice(
        "2026-001", "incident", now, {"zh": "密钥丢失", "en": "A key was lost"}, text, ("XA",)
    )
    notice = Draft.of(before, now=now).announce(told, by="federation", title=told.title)
    notice = with_dissent(notice, before, "XA", "It was never lost")
    files |= trust_repository.published(witnessed(notice, before, parties, now=now))
    trust_repository.write_files(folder, files)
    return folder, parties


@pytest.mark.parametrize(
    ("lang", "width", "scripts", "name"), [("zh", 390, True, "QW"), ("en", 1280, False, "XA")]
)
def test_from_a_proposal_to_what_everybody_sees(
    enter, sound, site, founded, tmp_path, lang, width, scripts, name
):
    say = Tongue(lang)
    folder, parties = founded
    before = trust_repository.read_repository(folder)
    assert before is not None
    now = clock.now().replace(microsecond=0)
    reason = {"zh": "一把密钥外泄", "en": "A key leaked"}
    title = {"zh": f"紧急暂停 {name}", "en": f"Suspend {name} in an emergency"}
    suspension = Suspension(f"{name}-1", name, None, now, reason)
    proposal = Draft.of(before, now=now).suspend(suspension, title=title)
    file = tmp_path / "suspend.json"

    def hand_in(page, one):
        file.write_bytes(write_proposal(one))
        page.goto("/federation/proposals")
        page.get_by_label(say("提案文件", "File of the proposal")).set_input_files(file)
        page.get_by_role("button", name=say("交来", "Hand in")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title[lang])

    # A delegate proposes, and reads what it would change.
    first = enter(site.ask("staff", role="delegate"), lang=lang, width=width, scripts=scripts)
    first.goto("/federation/proposals")
    expect(first.get_by_role("heading", level=1)).to_be_visible()
    sound(first)
    hand_in(first, proposal)
    said = say(f"暂停 {name}：一把密钥外泄", f"Suspends {name}: A key leaked")
    expect(first.get_by_text(said)).to_be_visible()
    sound(first)

    # One region of three has signed: refused, with the reason.
    hand_in(first, signed(proposal, before, parties[0].hold("emergency")))
    first.get_by_role("button", name=say("试着发布", "Try to publish")).click()
    refusal = first.get_by_role("main").get_by_role("alert")
    expect(refusal).to_contain_text("emergency 1/2")
    sound(first)

    # A second region's delegate reads the same, signs elsewhere, and brings the file back.
    second = enter(site.ask("staff", role="delegate"), lang=lang, width=width, scripts=scripts)
    second.goto("/federation/proposals")
    second.get_by_role("link", name=title[lang]).click()
    expect(second.get_by_text(said)).to_be_visible()
    hand_in(second, signed(proposal, before, parties[1].hold("emergency")))
    with second.expect_download() as download:
        second.get_by_role("link", name=say("下载，带去签名", "Download, to carry")).click()
    carried = parse_proposal(download.value.path().read_bytes())
    witnesses = [key for one in parties[:2] for key in one.hold("witness")]
    hand_in(second, signed(carried, before, witnesses))
    expect(second.get_by_text(say("发布这份清单？", "Publish this list?"))).to_be_visible()
    sound(second)
    second.get_by_role("button", name=say("发布", "Publish"), exact=True).click()

    # Everybody sees the suspension, and until when it stands.
    expect(second.get_by_role("heading", name=say("谁签了什么", "Who signed what"))).to_be_visible()
    anybody = enter(lang=lang, width=width, scripts=scripts)
    anybody.goto("/federation")
    expect(anybody.get_by_text(reason[lang]).first).to_be_visible()
    expect(anybody.get_by_text(say("自动失效", "lapses on")).first).to_be_visible()
    sound(anybody)
    anybody.get_by_role("link", name=say("联盟通报", "Notices of the federation")).click()
    expect(anybody.get_by_role("heading", name=say("密钥丢失", "A key was lost"))).to_be_visible()
    expect(anybody.get_by_text(say("XA 不同意", "XA dissents"))).to_be_visible()
    sound(anybody)
    if scripts:
        old = enter(lang=lang, elder=True)
        old.goto("/federation")
        expect(old.get_by_role("heading", level=1)).to_be_visible()
        sound(old, elder=True)
