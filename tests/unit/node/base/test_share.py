"""Share: public pages only, drawn by the node, readable without a script."""

import io

import pytest
from PIL import Image

from huxin.node.base.permissions import Role
from huxin.node.base.views.share import SHARED_PAGES
from huxin.trust import qr


def test_a_public_page_is_shared_with_its_address(world):
    notice = world.notice(by=world.staff(Role.RULE_OFFICER))
    path = f"/notices/{notice.id}"
    client = world.client()
    assert f"/share?page={path.replace('/', '%2F')}" in client.get(path).content.decode()
    page = client.get("/share", {"page": path}).content.decode()
    assert f'value="http://testserver{path}"' in page
    assert 'role="img"' in page
    assert f'href="{path}"' in page


def test_the_code_says_the_address():
    address = "http://testserver/notices"
    picture = qr.png(address)
    assert Image.open(io.BytesIO(picture)).width > 100
    assert qr.read(picture) == (address,)


@pytest.mark.parametrize(
    "page",
    [
        "/wallet", "/desk", "/accounts/login/", "/health", "/metrics", "/nothing", "https://evil.example/",
        "//evil.example/notices", "javascript:alert(1)", "/notices/new", "/share", "/notices?x=1", "",
        "/" + "a" * 400, "/check/reset",
    ],
)  # fmt: skip
def test_nothing_else_is_shared(world, page):
    assert world.client().get("/share", {"page": page}).status_code == 404


def test_without_a_page_it_is_the_first_one(world):
    assert 'value="http://testserver/"' in world.client().get("/share").content.decode()


def test_no_page_with_a_person_in_its_address_is_shared():
    assert not {
        name for name in SHARED_PAGES if name.startswith(("card", "wallet", "desk", "visit"))
    }


def test_personal_pages_offer_no_such_button(root):
    found = [
        str(path.relative_to(root))
        for folder in ("wallet", "desk", "sheets")
        for path in (root / "src/huxin/node/trust/templates/trust" / folder).rglob("*.html")
        if "share_link" in path.read_text("utf-8")
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", ["/rules", "/rules/enter/school", "/journey", "/federation", "/federation/notices"]
)
def test_what_a_region_asks_and_the_shared_list_may_be_shared(world, path):
    page = world.client().get("/share", {"page": path})
    assert page.status_code == 200
    assert f'value="http://testserver{path}"' in page.content.decode()


def test_whatever_offers_the_button_can_be_shared(root):
    """A page that includes the button is a page of the list: the button never leads to nothing."""
    templates = [
        path.name
        for path in (root / "src/huxin/node").rglob("*.html")
        if "ui/share_link.html" in path.read_text("utf-8")
    ]
    names = {path.removesuffix(".html").replace("_", "-") for path in templates}
    assert len(names) >= 5
    assert names <= SHARED_PAGES
