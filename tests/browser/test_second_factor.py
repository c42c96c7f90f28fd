"""A second key: an authenticator with its codes, codes for when the phone is lost, a passkey. Signed in by each."""

import re
import secrets
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from huxin.adapters import clock
from tests.lib.browser_words import Tongue, box, sign_in

PERIOD = 30


@pytest.fixture
def clerk(site):
    return site.ask("staff", role="clerk", shown="沈砚")


def title(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def to_second_keys(page, say):
    page.goto("/accounts/2fa/")
    title(page, say("第二道钥匙", "Second key"))


def sign_out(page, say):
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name=say("退出", "Sign out")).click()
    expect(page.get_by_role("link", name=say("登录", "Sign in"), exact=True)).to_be_visible()


class Phone:
    """An authenticator app: shows a code that it has not shown before, as a person waits for the next."""

    def __init__(self, secret):
        self._secret, self._shown = secret, 0

    def code(self):
        while (step := int(clock.now().timestamp()) // PERIOD) <= self._shown:
            time.sleep(0.2)
        self._shown = step
        return format_hotp_value(hotp_value(self._secret, step))


def confirm(page, say, account):
    """Whoever changes how one signs in shows once more who they are."""
    title(page, say("再确认一次是您", "Confirm that it is you"))
    box(page, say("密码", "Password")).fill(account["password"])
    page.get_by_role("button", name=say("确认", "Confirm"), exact=True).click()


def with_an_authenticator(page, say, account, sound):
    """Set one up on the page, and return the phone that has it."""
    to_second_keys(page, say)
    sound(page)
    page.get_by_role("link", name=say("启用", "Set up"), exact=True).click()
    confirm(page, say, account)
    title(page, say("启用验证器", "Set up an authenticator"))
    sound(page)
    phone = Phone(page.locator("p .num").inner_text())
    box(page, say("验证器显示的 6 位数字", "The 6 digits it shows")).fill("123")
    page.get_by_role("button", name=say("启用", "Set up"), exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    box(page, say("验证器显示的 6 位数字", "The 6 digits it shows")).fill(phone.code())
    page.get_by_role("button", name=say("启用", "Set up"), exact=True).click()
    return phone


def recovery_codes(page, say):
    title(page, say("备用码", "Recovery codes"))
    codes = page.get_by_role("list", name=say("备用码", "Recovery codes")).get_by_role("listitem")
    expect(codes).to_have_count(10)
    return codes.all_inner_texts()


def show(page, say, code):
    """On the page between password and home: type a code."""
    title(page, say("第二道钥匙", "Second key"))
    box(page, say("验证码", "Code")).fill(code)
    page.get_by_role("button", name=say("登录", "Sign in"), exact=True).click()


def at_home(page, say):
    expect(page.get_by_role("link", name=say("登录", "Sign in"), exact=True)).to_have_count(0)
    page.goto("/desk")
    title(page, say("签发台", "Issuing desk"))


@pytest.mark.parametrize(("lang", "width", "scripts"), [("zh", 390, False), ("en", 1280, True)])
def test_a_code_of_an_authenticator_and_one_for_when_it_is_lost(
    enter, sound, clerk, lang, width, scripts
):
    say = Tongue(lang)
    page = enter(lang=lang, width=width, scripts=scripts)
    page.goto("/")
    sign_in(page, say, clerk)
    phone = with_an_authenticator(page, say, clerk, sound)
    expect(page.get_by_text(say("验证器启用了", "authenticator is set up"))).to_be_visible()
    codes = recovery_codes(page, say)
    sound(page)
    sign_out(page, say)

    sign_in(page, say, clerk)
    show(page, say, "000000")
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page)
    # With the password alone nothing is open.
    page.goto("/desk")
    title(page, say("第二道钥匙", "Second key"))
    show(page, say, phone.code())
    at_home(page, say)
    sign_out(page, say)

    # The phone is lost; a code works once.
    sign_in(page, say, clerk)
    show(page, say, codes[0])
    at_home(page, say)
    to_second_keys(page, say)
    left = page.get_by_text(say("还剩 9 个", "9 left"))
    expect(left).to_be_visible()
    sign_out(page, say)
    sign_in(page, say, clerk)
    show(page, say, codes[0])
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.fixture
def device():
    """`device(page)` gives the page's computer a reader of fingerprints; what it returns takes it away again."""

    def plugged(page):
        line = page.context.new_cdp_session(page)
        line.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return lambda: line.send("WebAuthn.clearCredentials", made)

    return plugged


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_passkey_alone_and_where_it_is_not(enter, sound, clerk, device, lang):
    say = Tongue(lang)
    page = enter(lang=lang)
    forget = device(page)
    page.goto("/")
    sign_in(page, say, clerk)
    to_second_keys(page, say)
    page.get_by_role("link", name=say("添加", "Add"), exact=True).click()
    confirm(page, say, clerk)
    title(page, say("添加通行密钥或安全钥匙", "Add a passkey or security key"))
    name = f"key {secrets.token_hex(2)}"
    box(page, say("起个名字", "A name for it")).fill(name)
    page.get_by_role("checkbox", name=say("只用它登录", "Sign in with it alone")).check()
    page.get_by_role("button", name=say("添加", "Add"), exact=True).click()
    expect(page.get_by_text(say("钥匙添加好了", "The key is added"))).to_be_visible()
    recovery_codes(page, say)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text(name)).to_be_visible()
    sign_out(page, say)

    with_it = say("用通行密钥登录", "Sign in with a passkey")
    page.goto("/accounts/login/")
    page.get_by_role("button", name=with_it).click()
    at_home(page, say)

    # Before something that matters, the same key again.
    page.goto("/accounts/reauthenticate/?next=/desk")
    page.get_by_role("link", name=say("用安全钥匙", "A security key")).click()
    page.get_by_role("button", name=say("用安全钥匙", "Use a security key")).click()
    title(page, say("签发台", "Issuing desk"))
    sign_out(page, say)

    # After the password it is the second key; no code was ever set up.
    sign_in(page, say, clerk)
    title(page, say("第二道钥匙", "Second key"))
    page.get_by_role("button", name=say("用安全钥匙", "Use a security key")).click()
    at_home(page, say)
    sign_out(page, say)

    forget()
    page.goto("/accounts/login/")
    page.get_by_role("button", name=with_it).click()
    told = page.get_by_role("alert").filter(has_text=say("没有成功", "did not work"))
    expect(told).to_be_focused()
    sound(page)  # last: whoever looks at a page so closely unplugs the reader
    expect(page).to_have_url(re.compile("/accounts/login/"))
