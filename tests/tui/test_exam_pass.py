"""A whole pass in an exam: what one has entered stands beside the next step, unjudged."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from engine.practice.quiz import Quiz, new_quiz
from tests.engine.answers import right
from tests.tui.playing import make_app, right_cells, screen_text, session_of, type_cells
from tui.command_line import main
from tui.widgets.known_panel import KnownPanel

OPTIONS = {"skill": "pass.mse", "length": 1, "seed": 4, "exam": True}


def exam() -> Quiz:
    """An exam of one whole pass."""
    return new_quiz("pass.mse", length=1, seed=4, exam=True)


def test_an_earlier_answer_of_an_exam_is_noted_with_the_numbers_that_were_typed() -> None:
    quiz = exam()
    quiz.answer("1;1/2;3;4")
    assert quiz.noted() == {}, "not beside its own question"
    quiz.next()
    assert quiz.noted()["yhat"].tolist() == [[1], [0.5], [3], [4]]
    assert "yhat" in quiz.nearby()
    assert "yhat" not in quiz.known()


def test_what_was_not_answered_is_not_noted() -> None:
    quiz = exam()
    quiz.answer("1 2")
    quiz.skip()
    assert quiz.noted() == {}


def test_nothing_is_noted_where_every_answer_is_judged_at_once() -> None:
    quiz = new_quiz("pass.mse", length=1, seed=4)
    quiz.answer(right(quiz.question))
    quiz.next()
    assert quiz.noted() == {}
    assert "yhat" in quiz.known()


async def test_a_wrong_entry_stands_beside_the_next_step_as_it_was_typed(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", OPTIONS))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        session = session_of(app)
        wrong = ["17.5", *right_cells(session.question)[1:]]
        truth = right_cells(session.question)[0]
        await type_cells(pilot, wrong)
        await pilot.pause()
        assert session.position == 1
        text = screen_text(app)
        assert "✎ ŷ = " in text
        assert "17.5" in text
        assert "yhat" in app.screen.query_one(KnownPanel).shown_keys
        assert not any(f" {truth} ⎞" in line for line in text.split("\n") if "✎" in line)
        await pilot.press("pageup")
        await pilot.pause()
        assert "✎" not in screen_text(app)


@pytest.mark.usefixtures("english")
def test_the_line_mode_says_whose_number_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1;2;3;4\n"))
    words = [
        "quiz",
        "--plain",
        "--exam",
        "--skill",
        "pass.mse",
        "--length",
        "1",
        "--seed",
        "4",
        "--data-dir",
    ]
    assert main([*words, str(tmp_path)]) == 0
    assert "yhat = 1; 2; 3; 4 (your answer)" in capsys.readouterr().out
