"""The house keeps its plan: layers, root, size of files, pins without addresses."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("panel", "models", "views", "seed")
ALLOWED_AT_ROOT = {
    ".ci",
    ".gitignore",
    "LICENSE",
    "Makefile",
    "README.md",
    "constraints-dev.txt",
    "constraints.txt",
    "models",
    "panel",
    "pyproject.toml",
    "seed",
    "tests",
    "views",
    "wsgi.py",
}
#: Lines that a source file may have; each longer one is named with its reason.
LONGEST = 300
LONGER = {
    "panel/workflow/records.py": "one class: the verb and the questions around it",
}


def tracked() -> list[str]:
    """The files under version control."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def sources() -> list[Path]:
    """The Python files of the four packages, migrations left out."""
    return [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "versions" not in path.parts
    ]


def test_imports_run_downward_only():
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    )

    assert linted.returncode == 0, linted.stdout


def test_the_plugin_imports_itself_relatively():
    absolute = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "panel").rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.match(r"\s*(from|import) panel\b", line)
    ]

    assert absolute == []


def test_nothing_else_stands_at_the_root():
    assert {name.split("/")[0] for name in tracked()} <= ALLOWED_AT_ROOT


def test_tests_are_no_packages():
    assert [name for name in tracked() if re.fullmatch(r"tests/(.*/)?__init__\.py", name)] == []


def test_pins_name_no_address():
    texts = {name: (ROOT / name).read_text("utf-8") for name in tracked() if name.endswith(".txt")}
    pins = {name: text for name, text in texts.items() if name.startswith("constraints")}

    assert pins
    assert [name for name, text in pins.items() if re.search(r"https?://|file:", text)] == []
    assert [name for name, text in pins.items() if "--hash=sha256:" not in text] == []


def test_no_large_file_is_committed():
    large = [name for name in tracked() if (ROOT / name).stat().st_size > 200_000]

    assert large == []


def test_files_tell_one_story():
    long = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in sources()
        if len(path.read_text("utf-8").splitlines()) > LONGEST
    }

    assert set(long) <= set(LONGER)
    assert all(lines < LONGEST * 1.2 for lines in long.values())


def test_every_module_says_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.read_text("utf-8").strip()
        and not path.read_text("utf-8").lstrip().startswith('"""')
    ]

    assert silent == []
