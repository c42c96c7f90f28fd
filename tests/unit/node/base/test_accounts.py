import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.base import accounts
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import AuditEntry, User
from huxin.node.base.permissions import Role


def create(world, name="clerk-one", roles=(Role.CLERK,), place=None):
    place = place or world.centre
    return accounts.create(name, roles, shown="林远", place=place, by=NOBODY, now=world.now)


def test_an_account_signs_in_with_its_first_password(world):
    _, password = create(world)
    client = world.client()
    response = client.post("/accounts/login/", {"login": "clerk-one", "password": password})
    assert response.status_code == 302
    assert AuditEntry.objects.filter(action="added-account").count() == 1


@pytest.mark.parametrize(
    ("name", "roles", "code"),
    [
        ("X", (Role.CLERK,), "bad-input"),
        ("with space", (Role.CLERK,), "bad-input"),
        ("nobody", (), "missing"),
    ],
)
def test_a_faulty_wish_is_refused(world, name, roles, code):
    with pytest.raises(RefusalError, match=code):
        create(world, name, roles)


def test_staff_have_an_organisation_and_residents_a_person(world):
    with pytest.raises(RefusalError, match="missing"):
        create(world, place=world.person())
    user, _ = create(world, "mother", (Role.RESIDENT,), world.person())
    assert user.person is not None
    assert user.grants.get().organisation is None


def test_a_name_is_given_once(world):
    create(world)
    with pytest.raises(RefusalError, match="exists"):
        create(world)
    assert User.objects.count() == 1


def test_a_new_password_ends_the_old_one_and_its_sessions(world):
    user, password = create(world)
    client = world.client()
    client.post("/accounts/login/", {"login": "clerk-one", "password": password})
    assert client.get("/accounts/sessions/").status_code == 200
    changed = accounts.reset_password(user.id, by=NOBODY, now=world.now)
    assert client.get("/accounts/sessions/").status_code == 302
    assert changed != password
    user.refresh_from_db()
    assert user.check_password(changed)


def test_a_closed_account_is_out_at_once(world):
    user, password = create(world)
    client = world.client()
    client.post("/accounts/login/", {"login": "clerk-one", "password": password})
    accounts.close(user.id, by=NOBODY, now=world.now)
    assert client.get("/accounts/sessions/").status_code == 302
    with pytest.raises(RefusalError, match="bad-input"):
        accounts.close(user.id, by=world.actor(user), now=world.now)


def test_the_list_is_of_staff_only(world):
    create(world)
    create(world, "mother", (Role.RESIDENT,), world.person())
    assert [one.username for one in accounts.listing()] == ["clerk-one"]


def test_an_unknown_account_is_refused(world):
    with pytest.raises(RefusalError, match="missing"):
        accounts.close(world.person().id, by=NOBODY, now=world.now)


def test_an_organisation_has_a_name_of_its_own(world):
    by, now = NOBODY, world.now
    accounts.add_organisation("河埠头", "Wharf", by=by, now=now)
    for zh, code in (("河埠头", "exists"), (" ", "missing")):
        with pytest.raises(RefusalError, match=code):
            accounts.add_organisation(zh, "Wharf", by=by, now=now)
    assert [one.name_zh for one in accounts.organisations()] == ["河埠头"]


def test_a_role_is_given_and_taken_once_and_counts_at_once(world):
    user, _ = create(world)
    for _ in range(2):
        accounts.give_role(user.id, Role.CHECKER, by=NOBODY, now=world.now)
    assert world.actor(user).roles == {Role.CLERK, Role.CHECKER}
    assert {one.organisation for one in user.grants.all()} == {world.centre}
    for _ in range(2):
        accounts.take_role(user.id, Role.CLERK, by=NOBODY, now=world.now)
    assert world.actor(user).roles == {Role.CHECKER}
    written = AuditEntry.objects.filter(action__in=["gave-role", "took-role"]).order_by("at", "id")
    assert [(one.action, one.detail) for one in written] == [
        ("gave-role", {"role": "checker"}), ("took-role", {"role": "clerk"}),
    ]  # fmt: skip


def test_what_no_operator_does_with_roles(world):
    user, _ = create(world)
    mother, _ = create(world, "mother", (Role.RESIDENT,), world.person())
    closed, _ = create(world, "gone")
    accounts.close(closed.id, by=NOBODY, now=world.now)
    for change, whose, role, by, code in (
        (accounts.give_role, user, Role.AUDITOR, world.actor(user), "bad-input"),
        (accounts.give_role, user, Role.RESIDENT, NOBODY, "bad-input"),
        (accounts.give_role, mother, Role.CLERK, NOBODY, "bad-input"),
        (accounts.give_role, closed, Role.CHECKER, NOBODY, "bad-input"),
        (accounts.take_role, user, Role.CLERK, NOBODY, "missing"),
    ):
        with pytest.raises(RefusalError, match=code):
            change(whose.id, role, by=by, now=world.now)
    assert not AuditEntry.objects.filter(action__in=["gave-role", "took-role"]).exists()
