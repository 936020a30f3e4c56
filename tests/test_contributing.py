"""CONTRIBUTING's worked examples, followed to the letter on a copy of the sources, then used."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SECTION = re.compile(r"^### (?P<title>.+?)\n(?P<body>.*?)(?=^##)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"# (?P<file>[\w/]+\.py)(?:: (?P<table>\w+))?\n")


def example(title: str) -> list[tuple[str, str]]:
    """The kind and the text of each block of the section with that title."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sections = {found["title"]: found["body"] for found in SECTION.finditer(text)}
    return [(block["kind"], block["code"]) for block in BLOCK.finditer(sections[title])]


def into_table(source: str, name: str, rows: str) -> str:
    """The source with rows put before the closing bracket of a table, or below a class."""
    for statement in ast.parse(source).body:
        target = getattr(statement, "target", None) or getattr(statement, "targets", [None])[0]
        if isinstance(statement, ast.ClassDef) and statement.name == name:
            at, rows = _offset(source, statement.end_lineno, None), f"\n\n{rows.rstrip()}"
        elif isinstance(target, ast.Name) and target.id == name:
            value = statement.value  # type: ignore[attr-defined]
            at = _offset(source, value.end_lineno, value.end_col_offset) - 1
            comma = "" if source[:at].rstrip().endswith((",", "(", "{", "[")) else ","
            rows = f"{comma}\n{rows}"
        else:
            continue
        return source[:at] + rows + source[at:]
    raise LookupError(name)


def _offset(source: str, line: int | None, column: int | None) -> int:
    """The character of a place as ast counts it: lines from 1, columns in bytes."""
    assert line is not None
    lines = source.splitlines(keepends=True)
    text = lines[line - 1]
    inside = len(text.rstrip("\n")) if column is None else len(text.encode()[:column].decode())
    return sum(map(len, lines[: line - 1])) + inside


def at_the_end(source: str, code: str) -> str:
    """The source with the code below it, its imports beside those that are there."""
    parts = [each for each in re.split(r"(?m)^(from .+|import .+)\n", code) if each.strip()]
    imports = [each for each in parts if each.startswith(("from ", "import "))]
    rest = "".join(each for each in parts if each not in imports)
    first = source.index("\n\n", source.index("from __future__")) + 1
    source = source[:first] + "".join(f"{line}\n" for line in imports) + source[first:]
    return f"{source.rstrip()}\n\n\n{rest.strip()}\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what is shipped, to be changed."""
    for package in ("engine", "tui", "assets"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignore)
    return tmp_path


def follow(title: str, copy: Path) -> None:
    """Do what the example says."""
    blocks = example(title)
    assert blocks
    for kind, code in blocks:
        if kind == "sh":
            scripts = Path(sys.executable).parent
            path = f"{scripts}{os.pathsep}{os.environ['PATH']}"
            environment = {**os.environ, "PATH": path}
            subprocess.run(["sh", "-e", "-c", code], cwd=copy, env=environment, check=True)
            continue
        place = PLACE.match(code)
        assert place is not None, f"where does this go?\n{code}"
        file, rest = copy / place["file"], code[place.end() :]
        if not file.exists():
            file.write_text(rest, encoding="utf-8")
            continue
        source = file.read_text(encoding="utf-8")
        changed = (
            into_table(source, place["table"], rest) if place["table"] else at_the_end(source, rest)
        )
        file.write_text(changed, encoding="utf-8")


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy; its own packages are found first there."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "LANG": "C.UTF-8", "TERM": "xterm"}
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True
    )


def backhand(copy: Path, *arguments: str) -> str:
    """What the copy's command line prints."""
    done = run(copy, "-m", "tui", "--data-dir", str(copy / "records"), *arguments)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


SOFTPLUS = """
format = 1
id = "soft"
title = "Softplus"
[values]
X = [[1, -2], [0.5, 3]]
W = [[1, 0.5], [-1, 2]]
y = [[1, 0], [0, 1]]
[[forward]]
layer = "linear"
weight = "W"
to = "H"
[[forward]]
layer = "softplus"
to = "O"
[[forward]]
formula = "softplus(O) + O"
to = "yhat"
[loss]
kind = "mse"
target = "y"
[[parts]]
label = "a"
ask = ["formula O", "value O", "value grad.H"]
"""


def test_the_new_function_is_a_layer_that_is_solved_checked_printed_and_marked(copy: Path) -> None:
    follow("A new function and its layer: softplus", copy)
    (copy / "soft.toml").write_text(SOFTPLUS, encoding="utf-8")
    assert "finite differences agree" in backhand(copy, "solve", "soft.toml")
    for notation in ("latex", "python", "json"):
        assert "softplus" in backhand(copy, "solve", "soft.toml", "--format", notation)
    backhand(copy, "check", "soft.toml")
    marked = backhand(copy, "mark", "soft.toml", "O", "softplus(X W)", "--formula", "--json")
    assert '"verdict": "right"' in marked
    marked = backhand(copy, "mark", "soft.toml", "O", "3 -3.5; -2.5 6.25", "--json")
    assert '"tag": "activation_missing"' in marked
    assert (
        "softplus.backward"
        in run(copy, "-c", "from engine.practice.skills import SKILLS; print(*SKILLS)").stdout
    )


def test_the_new_misconception_is_named(copy: Path) -> None:
    answer = ("mark", "masha-logistic", "p", "0.76; 0.76", "--json")
    assert "tanh_for_sigmoid" not in backhand(copy, *answer)
    follow("A new misconception: the wrong activation", copy)
    assert '"tag": "tanh_for_sigmoid"' in backhand(copy, *answer)


PALETTE = """
import asyncio, pathlib, sys
sys.path.insert(0, ".")
from engine.records.places import open_places
from tui.app import BackhandApp

async def play():
    app = BackhandApp(places=open_places(pathlib.Path("records")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"thanks")
        await app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        print(type(app.screen).__name__, app.screen.query_one("#title").content)
        await pilot.press("enter")
        print(type(app.screen).__name__)

asyncio.run(play())
"""


def test_the_new_screen_is_opened_from_the_palette_and_closed(copy: Path) -> None:
    follow("A new screen: a page of thanks", copy)
    done = run(copy, "-c", PALETTE)
    assert done.stdout.split("\n")[:2] == [
        "ThanksScreen Thank you for practising.",
        "HomeScreen",
    ], done.stderr


def test_the_new_language_is_spoken_as_far_as_it_is_translated(copy: Path) -> None:
    blocks = example("A new language: German")
    assert [kind for kind, _ in blocks] == ["python", "python", "sh"]
    follow("A new language: German", copy)
    text = (copy / "assets/translations/de.po").read_text(encoding="utf-8")
    empty, full = (f'msgid "backward pass"\nmsgstr "{word}"' for word in ("", "rückwärts"))
    filled = text.replace(empty, full)
    assert filled != text
    (copy / "assets/translations/de.po").write_text(filled, encoding="utf-8")
    again = "pybabel -q compile -i assets/translations/de.po -o assets/translations/de.mo -l de"
    assert again in blocks[2][1]
    compiled = run(copy, "-m", "babel.messages.frontend", *again.split()[1:])
    assert compiled.returncode == 0, compiled.stderr
    told = backhand(copy, "solve", "masha", "--lang", "de")
    assert "rückwärts:" in told
    assert "forward pass:" in told
