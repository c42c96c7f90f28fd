"""The access matrix: every address of the node × every role × one's own and others' data.

Made from the list of addresses, so a new page cannot be forgotten.  What a page needs in its
address is looked up by the name of the argument, once for the actor's own, once for others'.
"""

import uuid

import pytest
from django.urls import NoReverseMatch, reverse

from huxin.node.base.access import access_of
from huxin.node.base.permissions import ROLES, Role
from tests.house.test_node import ADDRESSES
from tests.lib.matrix import OTHERS_PAGES, Things, arguments

OURS = [
    (name, view)
    for route, name, view in ADDRESSES
    if not view.__module__.startswith(("allauth", "django"))
]
PLAIN = [(name, view) for name, view in OURS if not arguments(name)]
WITH_THINGS = [(name, view) for name, view in OURS if arguments(name)]
NOBODY = None


def methods(client, url):
    return client.get(url), client.post(url)


def expected(view, role):
    """Whether the page opens for a role: by what it is marked with, nothing else."""
    access = access_of(view)
    assert access is not None
    if access.kind == "public":
        return True
    if role is NOBODY:
        return False
    return access.kind == "signed-in" or bool(access.permissions & ROLES[role])


@pytest.mark.parametrize("role", [NOBODY, *Role], ids=lambda role: str(role or "nobody"))
def test_a_page_opens_for_its_roles_and_nobody_else(world, role):
    things = Things(world)
    client = world.client(things.user(role) if role else None)
    for name, view in OURS:
        url = reverse(name, kwargs=things.own(name, role))
        for response in methods(client, url):
            where = f"{response.request['REQUEST_METHOD']} {url} as {role}"
            if expected(view, role):
                assert response.status_code != 403, where
                assert "/accounts/login/" not in response.headers.get("Location", ""), where
            elif role is NOBODY:
                assert response.status_code == 302, where
                assert "/accounts/login/" in response["Location"], where
            else:
                assert response.status_code == 403, where


@pytest.mark.parametrize("role", [NOBODY, *Role], ids=lambda role: str(role or "nobody"))
def test_what_is_not_theirs_does_not_exist_for_them(world, role):
    things = Things(world)
    client = world.client(things.user(role) if role else None)
    for name, view in WITH_THINGS:
        if name in OTHERS_PAGES or not expected(view, role):
            continue
        url = reverse(name, kwargs=things.others(name))
        for response in methods(client, url):
            where = f"{response.request['REQUEST_METHOD']} {url} as {role}"
            assert response.status_code in (404, 405, 302), where
            if response.status_code == 302:
                assert "/accounts/" in response["Location"], where


@pytest.mark.parametrize("role", [NOBODY, *Role], ids=lambda role: str(role or "nobody"))
def test_what_never_existed_is_answered_the_same(world, role):
    things = Things(world)
    client = world.client(things.user(role) if role else None)
    for name, view in WITH_THINGS:
        if not expected(view, role):
            continue
        kwargs = things.invented(name)
        if kwargs is None:
            continue
        for response in methods(client, reverse(name, kwargs=kwargs)):
            assert response.status_code in (404, 405, 302), f"{name} as {role}"


def test_every_address_can_be_made():
    for name, _ in PLAIN:
        try:
            reverse(name)
        except NoReverseMatch as error:
            pytest.fail(f"{name}: {error}")


def test_a_forged_identifier_is_no_way_in(world):
    client = world.client(world.staff(Role.CLERK))
    for path in (f"/cards/{uuid.uuid4()}x", "/cards/../../etc/passwd", "/cards/%00"):
        assert client.get(path).status_code == 404
