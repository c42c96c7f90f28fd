"""The demo's folder: what is not its own is left alone, and one demo runs in it at a time."""

import json
from datetime import timedelta

import pytest

from huxin.adapters import clock, key_file, node_folder
from huxin.kernel.errors import RefusalError
from huxin.node.project import demo_folder
from huxin.node.project.demo_folder import NODES, PASSPHRASE
from huxin.trust import reading


@pytest.fixture
def taken(tmp_path):
    folder = demo_folder.take(tmp_path / "demo")
    yield folder
    folder.give_back()


@pytest.mark.parametrize("name", ["node.toml", "node.sqlite3", "letters.txt"])
def test_a_folder_with_somebodys_files_is_refused_and_left_alone(tmp_path, name):
    (tmp_path / name).write_text("mine", "utf-8")
    with pytest.raises(RefusalError, match="left alone"):
        demo_folder.take(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text("utf-8") == "mine"


@pytest.mark.parametrize("text", ["", "[]", '{"huxin": "node"}'])
def test_a_marker_that_is_not_ours_is_refused(tmp_path, text):
    (tmp_path / "huxin-demo.json").write_text(text, "utf-8")
    with pytest.raises(RefusalError):
        demo_folder.take(tmp_path)


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "demo").write_text("mine", "utf-8")
    with pytest.raises(RefusalError):
        demo_folder.take(tmp_path / "demo")


def test_a_second_demo_in_the_same_folder_is_refused(taken):
    with pytest.raises(RefusalError, match="running"):
        demo_folder.take(taken.path)
    taken.give_back()
    demo_folder.take(taken.path).give_back()


def test_three_nodes_have_test_keys_that_are_older_than_the_demo(taken):
    now = clock.now()
    signers = taken.make(now=now)
    assert set(signers) == {*NODES, "QY"}
    for code in NODES:
        node = node_folder.read(taken.node(code))
        assert (node.region, node.environment) == (code, "demo")
        keys = sorted(node.keys.glob("*.key"))
        assert [one.name for one in keys] == [f"{code}-{n + 1}.key" for n in range(len(keys))]
        described = key_file.read(keys[-1]).unlock(PASSPHRASE).description
        assert described == signers[code][-1].description
        assert described.environment == "test"
        assert described.valid_from < now - timedelta(days=400)
    secrets = {node_folder.read(taken.node(code)).secrets.fields for code in NODES}
    assert len(secrets) == len(NODES)


def test_cards_from_afar_lie_ready(taken):
    taken.make(now=clock.now())
    for name, region in (("pine-cape", "QY"), ("cloud-ferry", "QX")):
        [found] = reading.open((taken.path / "samples" / f"{name}.txt").read_text("utf-8"))
        assert found.credential is not None
        assert found.credential.issuer == region


def test_whom_a_node_follows_is_written_anew(taken):
    taken.make(now=clock.now())
    assert node_folder.read(taken.node("QX")).follows == ""
    taken.set_followed("QX", "http://localhost:8801")
    found = node_folder.read(taken.node("QX"))
    assert (found.follows, found.follows_every) == ("http://localhost:8801/trust/v1", 5)


def test_an_address_is_written_anew(taken):
    taken.make(now=clock.now())
    taken.set_origin("QW", "https://192.0.2.7:8802")
    assert node_folder.read(taken.node("QW")).origin == "https://192.0.2.7:8802"


def test_emptying_removes_the_nodes_and_keeps_the_marker(taken):
    taken.make(now=clock.now())
    taken.empty()
    assert sorted(path.name for path in taken.path.iterdir()) == ["huxin-demo.json", "tour"]
    taken.make(now=clock.now())


def test_a_node_is_whole_when_its_people_are_made(taken):
    taken.make(now=clock.now())
    assert not taken.is_whole("QW")
    (taken.node("QW") / "things.json").write_text("{}")
    assert taken.is_whole("QW")


def test_tables_of_another_program_are_noticed(taken, monkeypatch):
    taken.make(now=clock.now())
    assert not taken.made_with_other_tables()
    assert taken.made_at() == json.loads((taken.path / "huxin-demo.json").read_text())["made"]
    monkeypatch.setattr(demo_folder, "_tables", lambda: "others")
    assert taken.made_with_other_tables()


def test_a_path_too_deep_for_a_socket_has_its_line_elsewhere(tmp_path):
    folder = demo_folder.take(tmp_path / ("d" * 90))
    try:
        assert len(str(folder.line)) < 100
    finally:
        folder.give_back()
