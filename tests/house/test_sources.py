"""Habits that no linter knows: sizes, exported names, what may not stand in a file."""

import ast
import subprocess
from pathlib import Path

import pytest

from tools.file_sizes import LIMIT, too_long

# What meets the world; every other room below src/huxin is pure thought.
WORLD = {"adapters", "cli", "node"}
# The underscore of these keeps them apart from the fields; they are for everybody.
NAMED_TUPLE = {"_asdict", "_fields", "_make", "_replace"}
# Django's documented way to a model's own description begins with an underscore.
DJANGO = {"_meta"}
# The TUF library reads a clock of its own; there is no public way to tell it the instant. Here alone it is told,
# and tests/unit/adapters/test_trust_updater.py fails should the library rename what is set.
CLOCK_OF_TUF = ("src/huxin/adapters/trust_updater.py", {"_trusted_set"})
# Written in halves, so that this file does not hold what it looks for.
MACHINE_PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt/" + "pypi", "/opt/" + "wheels")
REGISTRY_HOSTS = (
    *("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "npmjs" + ".com"),
    *("npm" + "mirror.com", "deb.debian" + ".org", "snapshot.debian" + ".org"),
)


def pure_modules(root: Path) -> list[Path]:
    package = root / "src/huxin"
    paths = (path.relative_to(package) for path in package.rglob("*.py"))
    return sorted(package / path for path in paths if path.parts[0] not in WORLD)


def exported(tree: ast.Module) -> set[str]:
    """What `__all__` says."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def public(tree: ast.Module) -> set[str]:
    """The names that a module makes itself, without a leading underscore."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {each.id for each in node.targets if isinstance(each, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return {name for name in found if not name.startswith("_")}


def own_names(tree: ast.Module) -> set[str]:
    """The names that a module defines anywhere: functions, methods, variables, fields, slots."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                found.add(name)
    return found


def libraries(tree: ast.Module) -> set[str]:
    """The names by which a module knows other people's modules."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if not alias.name.startswith("huxin")
    }


def borrowed(tree: ast.Module) -> set[str]:
    """Names with a leading underscore that a module takes from another of ours."""
    found, others = set(), libraries(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in others:
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    private = {name for name in found if name.startswith("_") and not name.endswith("__")} - DJANGO
    return private - own_names(tree) - NAMED_TUPLE


def kept_files(root: Path) -> list[Path]:
    """What git keeps, or would keep if asked now."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = (root / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def test_no_file_is_too_long(root):
    assert list(too_long(root)) == []


def test_a_file_that_grew_too_long_is_found(tmp_path):
    grown = tmp_path / "src" / "grown.py"
    grown.parent.mkdir()
    grown.write_text("x = 1\n" * LIMIT)
    assert list(too_long(tmp_path)) == []
    grown.write_text("x = 1\n" * (LIMIT + 1))
    assert list(too_long(tmp_path)) == [(Path("src/grown.py"), LIMIT + 1)]


def test_pure_modules_export_their_public_names(root):
    # That they are sorted is the linter's work (RUF022, see test_bans).
    missing = {}
    for path in pure_modules(root):
        tree = ast.parse(path.read_text("utf-8"))
        missing[path.relative_to(root).as_posix()] = public(tree) - exported(tree)
    assert {path: names for path, names in missing.items() if names} == {}


def test_a_leading_underscore_means_not_for_other_modules(root):
    modules = {path: ast.parse(path.read_text("utf-8")) for path in (root / "src").rglob("*.py")}
    taken = {path.relative_to(root).as_posix(): borrowed(tree) for path, tree in modules.items()}
    module, names = CLOCK_OF_TUF
    assert taken[module] == names
    taken[module] = set()
    assert {path: names for path, names in taken.items() if names} == {}


def test_a_borrowed_underscore_is_found():
    planted = "from a import _b\nimport zlib\nc._d(zlib._x)\nclass E:\n    def f(self):\n        self._g = 1\n"
    assert borrowed(ast.parse(planted)) == {"_b", "_d"}


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "bench"])
def test_no_line_is_kept_from_the_count_and_no_test_may_fail(root, folder):
    excuses = (
        "pragma: no" + " cover",
        "pragma: no" + " branch",
        "mark.x" + "fail",
        "pytest.x" + "fail",
    )
    found = [
        f"{path.relative_to(root)}: {excuse}"
        for path in kept_files(root)
        if path.suffix == ".py" and path.relative_to(root).parts[0] == folder
        for excuse in excuses
        if excuse in path.read_text("utf-8")
    ]
    assert found == []


def test_no_file_names_a_machine_or_a_registry(root):
    words = [word.encode() for word in (*MACHINE_PATHS, *REGISTRY_HOSTS)]
    found = [
        f"{path.relative_to(root)}: {word.decode()}"
        for path in kept_files(root)
        for content in [path.read_bytes()]
        for word in words
        if word in content
    ]
    assert found == []


def test_the_locks_are_hashed_and_name_no_source(root):
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (root / name).read_text("utf-8").splitlines()
        assert any("--hash=sha256:" in line for line in lines)
        # Options would name an index, a folder or a host; a pin is a name, a version and hashes.
        assert [line for line in lines if line.startswith("-") or "://" in line] == []


def test_the_smaller_lock_is_part_of_the_larger(root):
    pins = [
        {line.split()[0] for line in (root / name).read_text("utf-8").splitlines() if "==" in line}
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] <= pins[1]
