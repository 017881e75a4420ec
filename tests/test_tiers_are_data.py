"""Nothing in code knows a tier: no code or name of a seeded one stands in what is executed."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("panel", "models", "views")
#: What is read as it stands, beside Python.
PLAIN = (".html", ".js", ".toml")


def names() -> set[str]:
    """Codes and names of the tiers that come with the panel."""
    with (ROOT / "seed/data/tiers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row[key] for row in rows for key in ("code", "label_id", "label_en")}


def said_in(source: str) -> Iterator[str]:
    """The texts and names that a module executes: everything but docstrings and comments."""
    tree = ast.parse(source)
    quiet = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def found_in(text: str, words: set[str]) -> set[str]:
    """The names that stand in a text as words of their own."""
    return {word for word in words if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)}


def test_no_code_and_no_template_names_a_tier():
    words, found = names(), {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.suffix == ".py":
                text = "\n".join(said_in(path.read_text()))
            elif path.suffix in PLAIN:
                text = path.read_text()
            else:
                continue
            if named := found_in(text, words):
                found[str(path.relative_to(ROOT))] = sorted(named)

    assert len(words) == 27
    assert found == {}


def test_a_tier_in_code_would_be_found():
    source = (
        '"""Lurah."""\ndef f(tier):\n    """Camat."""\n    return tier.code == "mayor"  # Lurah\n'
    )

    assert found_in("\n".join(said_in(source)), names()) == {"mayor"}
