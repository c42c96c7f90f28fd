"""Every page there is, by the list of addresses: axe finds nothing, nothing is small, nothing scrolls.

A page is looked at in combinations of width, mode and language that its name draws, so a new page
gets its own and changes nobody else's.
"""

import zlib

import pytest

from huxin.node.base.access import LIBRARY_VIEWS, access_of
from huxin.node.base.permissions import ROLES, Role
from tests.house.test_node import ADDRESSES

COMBINATIONS = [
    (width, elder, lang)
    for lang in ("zh", "en")
    for width, elder in ((320, False), (1280, False), (390, True), (390, False))
]
# What is made for the pages leaves these without anything to show; saying so is a page, too.
NOTHING_THERE = {
    "desk-wish", "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_view_recovery_codes", "notice-picture", "proposal",
    "proposal-file", "status-delta", "status-set", "status-token", "trust-file",
}  # fmt: skip
# Where whoever is signed in already is sent elsewhere.
ENTRANCES = {"account_login", "account_inactive", "mfa_authenticate", "mfa_login_webauthn"}
STEP = 3  # through eight combinations: both languages and three of the widths


def role_for(name, view):
    """Who opens a page: nobody where anybody may, else the first role that may."""
    access = access_of(view)
    assert access is not None
    if view.__module__.startswith(LIBRARY_VIEWS):
        return None if name in ENTRANCES else Role.CLERK
    if access.kind == "public":
        return None
    if access.kind == "signed-in":
        return Role.CLERK
    return next(role for role in Role if access.permissions & ROLES[role])


def cases():
    for name, view in {name: view for route, name, view in ADDRESSES}.items():
        # The verifier chooses its own size of type and language, and is looked at in `test_verifier_page`.
        if view.__module__.startswith("django") or name in ("verifier", "verifier-file"):
            continue
        first = zlib.crc32(name.encode())
        for turn in range(3):
            width, elder, lang = COMBINATIONS[(first + turn * STEP) % len(COMBINATIONS)]
            marks = [] if turn == 0 else [pytest.mark.size("all")]
            mode = "elder" if elder else width
            yield pytest.param(
                name,
                role_for(name, view),
                width,
                elder,
                lang,
                marks=marks,
                id=f"{name}-{mode}-{lang}",
            )


@pytest.fixture(scope="session")
def scene(site):
    """`scene(role)`: an account of the role and the address of each page, made once."""
    made = {}

    def of(role):
        if role not in made:
            made[role] = site.ask("addresses", role=(role or Role.RESIDENT).value)
        return made[role]

    return of


@pytest.mark.parametrize(("name", "role", "width", "elder", "lang"), list(cases()))
def test_a_page_has_no_fault(enter, scene, sound, name, role, width, elder, lang):
    found = scene(role)
    page = enter(found["account"] if role else None, lang=lang, width=width, elder=elder)
    answer = page.context.request.get(found["paths"][name])
    if answer.status == 405 or "text/html" not in answer.headers.get("content-type", ""):
        return  # a deed, or something that is not a page
    assert answer.status == (404 if name in NOTHING_THERE else 200)
    page.goto(found["paths"][name])
    sound(page, elder=elder)
