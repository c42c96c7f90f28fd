import json

import pytest

from huxin.adapters import node_folder
from huxin.kernel.errors import RefusalError
from huxin.packs.reader import Words
from tests.lib.node_folders import make_node


@pytest.fixture
def folder(tmp_path):
    make_node(tmp_path)
    return tmp_path


def rewrite(path, **fields):
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split(" =")[0] not in fields]
    kept += [f"{name} = {json.dumps(value)}" for name, value in fields.items() if value is not None]
    path.write_text("\n".join(kept), "utf-8")


def test_a_folder_is_read(folder):
    node = node_folder.read(folder)
    assert (node.region, node.name, node.seal) == ("QW", Words("苇洲", "Reed Isles"), "苇洲")
    assert node.daily == 200
    assert node.database == folder / "node.sqlite3"
    assert node.regions == {}
    assert (node.follows, node.follows_every) == ("", 900)
    assert node.first_root == folder / "root.json"


def test_whom_a_node_follows_is_read(folder):
    with (folder / "node.toml").open("a", encoding="utf-8") as file:
        file.write('follows = "https://node.example.org/trust/v1"\nfollows_every = 60\n')
    node = node_folder.read(folder)
    assert (node.follows, node.follows_every) == ("https://node.example.org/trust/v1", 60)


def test_secrets_are_shown_to_nobody(folder):
    node = node_folder.read(folder)
    assert "passphrase" not in repr(node)
    assert (folder / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_node_is_never_made_twice(folder):
    with pytest.raises(RefusalError, match="exists"):
        make_node(folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("region", "nowhere"),
        ("region", 7),
        ("name", ""),
        ("name_en", None),
        ("environment", "staging"),
        ("time_zone", "Moon/Far"),
        ("origin", "ftp://x"),
        ("daily", 0),
        ("daily", True),
        ("daily", "many"),
        ("operator", "x" * 81),
        ("follows", 1),
        ("follows", "x" * 501),
        ("follows_every", 4),
        ("follows_every", 901),
        ("follows_every", True),
        ("follows_every", "often"),
    ],
)
def test_a_faulty_description_is_refused(folder, field, value):
    rewrite(folder / "node.toml", **{field: value})
    with pytest.raises(RefusalError, match="bad-input"):
        node_folder.read(folder)


@pytest.mark.parametrize("text", ["= x", "\x00", ""])
def test_what_is_no_toml_is_refused(folder, text):
    (folder / "node.toml").write_text(text, "utf-8")
    with pytest.raises(RefusalError, match="bad-input"):
        node_folder.read(folder)


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"huxin": "x"}, {"fields": "AAAA"}, {"tokens": "!"}, {"session": None}],
)
def test_faulty_secrets_are_refused_without_their_words(folder, change):
    path = folder / "secrets.json"
    document = json.loads(path.read_text()) | change
    path.write_text(json.dumps({k: v for k, v in document.items() if v is not None}))
    with pytest.raises(RefusalError) as caught:
        node_folder.read(folder)
    assert str(caught.value) == "bad-input: secrets.json cannot be read"


def test_other_regions_have_the_names_they_gave_themselves(folder):
    path = folder / "regions.json"
    path.write_text(json.dumps({"QV": {"zh": "灯湾", "en": "Lantern Bay"}}), "utf-8")
    assert node_folder.read(folder).regions["QV"] == Words("灯湾", "Lantern Bay")
    for text in ("[]", "{", '{"QV": {}}', '{"nowhere": {"zh": "a", "en": "b"}}'):
        path.write_text(text, "utf-8")
        with pytest.raises(RefusalError, match="bad-input"):
            node_folder.read(folder)
