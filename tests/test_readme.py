"""What the README shows is true: its problem, its commands, its Python, its tables, its links."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest

from engine.network.layers import LAYERS
from engine.network.losses import LOSSES
from engine.network.optimizers import OPTIMIZERS
from engine.practice.author_check import check_problem
from engine.practice.session import lesson
from engine.problems.reading import load
from tests.engine.answers import right
from tui.command_line import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The text of each code block of a kind."""
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for name, text in fences if name == kind]


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    """The README's problem, saved as the README says."""
    (text,) = blocks("toml")
    path = tmp_path / "three-layers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_problem_is_fine_in_every_respect(problem_file: Path) -> None:
    assert check_problem(str(problem_file)).findings == []


def test_the_problem_has_three_layers_and_is_played_to_its_end(problem_file: Path) -> None:
    problem = load(str(problem_file))
    assert len(problem.solution.network.entries) == 3
    session = lesson(problem)
    while not session.finished:
        assert session.answer(right(session.question)).verdict == "right"
        session.next()
    assert {question.key for question in session.questions} >= {"H1", "grad.W1", "new.W2"}


def commands() -> list[str]:
    """The command lines that need no terminal."""
    lines = [line.partition("  #")[0] for block in blocks("") for line in block.splitlines()]
    shown = ("backhand mark", "backhand solve", "backhand check", "backhand stats")
    return [line for line in lines if line.startswith(shown)]


@pytest.mark.parametrize("line", commands())
def test_the_commands_do_something(
    line: str,
    problem_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(problem_file.parent)
    Path("class.csv").write_text("learner,key,answer\nAda,H1,2 -1; 0 1\n", encoding="utf-8")
    assert main([*shlex.split(line)[1:], "--data-dir", "records"]) in (0, 1)
    printed = capsys.readouterr()
    assert printed.out + printed.err


def test_the_python_gives_what_stands_beside_it() -> None:
    (code,) = blocks("python")
    names: dict[str, object] = {}
    shown = 0
    for line in code.splitlines():
        statement, _, comment = line.partition("  # ")
        if not comment:
            exec(statement, names)
            continue
        expected = re.match(r"\[.*\]|'.*'", comment)
        assert expected is not None, line
        assert eval(statement, names) == ast.literal_eval(expected[0])
        shown += 1
    assert shown >= 4


@pytest.mark.parametrize("name", [*LAYERS, *LOSSES, *OPTIMIZERS])
def test_every_layer_loss_and_optimizer_is_named(name: str) -> None:
    assert f"`{name}`" in README


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
