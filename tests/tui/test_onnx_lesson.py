"""An ONNX model on the command line: played whole, solved, marked and checked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")

import engine
from engine.practice.session import lesson
from engine.records.places import open_places
from tests.engine.problems.models import INPUT, classifier, model, node, write
from tests.tui.test_plain import PROMPT, Play, right
from tui.command_line import main

pytestmark = pytest.mark.usefixtures("english")

X, Y = [[1.0, 2.0], [0.0, -1.0]], [0, 2]


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """A model with its input and its target, as one names them behind a command."""
    np.save(tmp_path / "x.npy", np.array(X, dtype=np.float32))
    np.save(tmp_path / "y.npy", np.array(Y))
    path = write(classifier(), tmp_path / "model.onnx")
    return [path, "--input", str(tmp_path / "x.npy"), "--target", str(tmp_path / "y.npy")]


def test_a_model_is_a_lesson_from_its_first_question_to_its_last(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    session = lesson(engine.load_problem(words[0], input=X, target=Y))
    answers = {question.id: right(question) for question in session.questions}
    play = Play(tmp_path / "data", monkeypatch, capsys)
    stopped = [*answers.values()][:5]
    assert play.lines(["lesson", *words], stopped) == 0

    def reply(shown: str) -> str:
        return answers[PROMPT.findall(shown)[-1]]

    assert play(["lesson", *words], reply) == 0
    assert "You go on where you stopped" in play.shown
    assert "The lesson is done" in play.shown
    assert "✗" not in play.shown
    with open_places(tmp_path / "data") as places:
        name, _ = places.latest() or ("", {})
    assert name == engine.load_problem(words[0], input=X, target=Y).id


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command line."""
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_model_is_solved_marked_and_checked(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "solve", *words, "--format", "json")
    assert (code, err) == (0, "")
    solved = json.loads(out)
    assert solved["gradient_check"]["passed"]
    steps = {step["key"]: step["value"] for step in solved["steps"]}
    assert steps["H1"] == [[-1.4, 1.5, 2.25], [1.1, -0.25, -1.75]]
    assert run(capsys, "mark", *words, "H1", "-1.4 1.5 2.25; 1.1 -0.25 -1.75")[0] == 0
    assert run(capsys, "mark", "H1", "-1.4 1.5 2.25; 1.1 -0.25 -1.7", *words)[0] == 2
    assert run(capsys, "mark", words[0], "H1", "1 2", *words[1:])[0] == 1
    code, out, err = run(capsys, "check", *words)
    assert (code, out) == (0, "")
    assert err.startswith(f"{words[0]}: fine")


def test_a_model_without_an_example_draws_one_from_a_seed(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = run(capsys, "solve", words[0], "--seed", "3")
    assert drawn == run(capsys, "solve", words[0], "--seed", "3")
    assert drawn[1] != run(capsys, "solve", words[0])[1]


@pytest.mark.parametrize("command", ["solve", "check", "lesson", "mark"])
def test_what_cannot_be_taught_ends_with_code_3(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = [node("Erf", INPUT, to="a", name="/act"), node("Sum", "a", INPUT)]
    path = write(model(nodes, ["n", 3]), tmp_path / "model.onnx")
    behind = ["H1", "1"] if command == "mark" else ["--plain"]
    code, out, err = run(capsys, command, path, *behind)
    assert code == 3
    assert (out + err).splitlines() == [
        f"{path}: node 1 “/act” (Erf): this operator isn't taught",
        f"{path}: node 2 (Sum): this operator isn't taught",
    ]


def test_an_example_beside_another_problem_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("solve", "lesson", "check"):
        code, out, err = run(capsys, command, "masha", *words[1:], "--plain")
        assert (code, out) == (2, "")
        assert "go with an .onnx model" in err
    with pytest.raises(ValueError, match="goes with an"):
        engine.load_problem("masha", seed=1)


def test_files_that_are_no_example_end_with_code_3(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "odd.npy"
    odd.write_bytes(b"\x93NUMPY\x01\x00")
    for line in ([words[0], "--input", str(odd)], [*words[:3], "--target", str(odd)]):
        code, out, err = run(capsys, "solve", *line)
        assert (code, out) == (3, "")
        assert err == f"{odd}: This isn't a .npy file of numbers.\n"
        assert run(capsys, "check", *line)[0] == 3


def test_without_the_package_it_is_said_how_to_install_it(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in [name for name in sys.modules if name.startswith("engine.problems.onnx_model")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "onnx", None)
    code, out, err = run(capsys, "solve", *words)
    assert (code, out) == (2, "")
    assert err == "To open an .onnx model the package onnx is needed: pip install onnx\n"
