"""Whose work Huxin stands on: the page is current, licences are allowed, the bill names every package."""

import json
import re
import tomllib

import pytest

from tools import write_notices, write_sbom

PACKAGES = write_notices.packages()


def test_the_page_of_third_parties_is_current():
    assert write_notices.PAGE.read_text("utf-8") == write_notices.page(), (
        "run: python -m tools.write_notices"
    )


@pytest.mark.parametrize("package", PACKAGES, ids=lambda one: one.name)
def test_a_licence_is_permissive_or_an_exception_with_a_reason(package):
    said = set(re.split(r" (?:AND|OR|WITH) ", package.licence.strip("()")))
    assert said <= write_notices.ALLOWED or package.name in write_notices.EXCEPTIONS


def test_no_exception_outlives_its_package():
    assert set(write_notices.EXCEPTIONS) <= {one.name for one in PACKAGES}


def test_lgpl_comes_with_the_extra_for_postgresql_only(root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    always = [*project["dependencies"], *project["optional-dependencies"]["node"]]
    assert not any("psycopg" in one for one in always)
    assert {one.use for one in PACKAGES if "GPL" in one.licence} == {"postgres"}
    assert "psycopg" not in (root / "requirements.lock").read_text("utf-8")


def test_what_browsers_are_handed_are_three_packages_of_a_permissive_licence():
    names = [one.name for one in write_notices.bundled()]
    assert names == ["@noble/curves", "@noble/hashes", "zxing-wasm"]
    assert {one.licence for one in write_notices.bundled()} <= write_notices.ALLOWED


def test_no_other_file_of_another_project_is_handed_on(root):
    """What the page claims: modules and styles of the node are ours, and say nothing else."""
    foreign = re.compile(r"copyright|@license|MIT License|sourceMappingURL", re.IGNORECASE)
    static = root / "src/huxin/node/base/static"
    files = [path for path in static.rglob("*") if path.suffix in (".js", ".css", ".svg")]
    assert files
    assert [path.name for path in files if foreign.search(path.read_text("utf-8"))] == []


def test_the_bill_of_materials_names_every_locked_package_and_stays_the_same(root):
    bill = json.loads(write_sbom.text())
    locked = write_notices.lock((root / "requirements.lock").read_text("utf-8"))
    assert {one["name"]: one["version"] for one in bill["components"]} == locked
    assert all(one["licenses"] for one in bill["components"])
    files = {one["name"]: one["externalReferences"][0]["hashes"] for one in bill["components"]}
    text = (root / "requirements.lock").read_text("utf-8")
    assert sum(map(len, files.values())) == text.count("--hash=sha256:")
    assert write_sbom.text() == write_sbom.text()
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert any(ref.startswith("django==") for ref in needs["huxin"])
    assert any(ref.startswith("sqlparse==") for ref in needs[f"django=={locked['django']}"])


def test_the_bill_keeps_its_schema():
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(write_sbom.text()) is None
