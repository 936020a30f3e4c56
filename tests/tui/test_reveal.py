"""Behind the answer: both matrices side by side, each cell explained, the code to take along."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.marking.hints import answer_text
from tests.bench.problems import square_problem
from tests.tui.playing import (
    answer_rightly,
    answer_wrongly,
    make_app,
    screen_text,
    session_of,
    type_cells,
)
from tests.tui.test_proof import go_to
from tests.tui.test_snapshots import reveal_until
from tui.app import BackhandApp
from tui.screens.session import SessionScreen
from tui.widgets.lit_text import LitText
from tui.widgets.question_view import QuestionView

SIZE = (110, 40)


def view_of(app: BackhandApp) -> QuestionView:
    assert isinstance(app.screen, SessionScreen)
    return app.screen.view


def lit(app: BackhandApp, style: str = "reverse") -> list[str]:
    """The numbers that are lit in the formula, those of a window that lost by an underline."""
    content = view_of(app).query_one("#formula-text", LitText).lit
    spans = sorted(content.spans, key=lambda span: span.start)
    text = content.plain
    return [text[span.start : span.end] for span in spans if style in str(span.style)]


async def test_both_matrices_stand_side_by_side_after_a_reveal(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "H1")
        await answer_wrongly(pilot)
        await pilot.press("f3")
        assert "H₁ = ⎛ 77.25✗ 77.25✗ ⎞   right = ⎛ 2  -1  ⎞" in screen_text(app)


async def test_a_right_answer_in_another_spelling_is_not_shown_twice(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "grad.H1")
        await type_cells(pilot, ["-1/2", "0.0", "0", "0"])
        assert "✓" in screen_text(app)
        assert "right =" not in screen_text(app)


async def test_moving_over_the_cells_lights_what_each_is_made_of(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "H1")
        await answer_rightly(pilot)
        await pilot.press("ctrl+home")
        assert lit(app) == ["1", "2", "1", "0.5"]
        await pilot.press("down", "right")
        assert "row 2, column 2:  (-1)·(-1) + 2·0 = 1" in screen_text(app)
        assert lit(app) == ["-1", "-1", "2", "0"]


async def test_the_verdict_is_painted_before_what_explains_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    painted: list[str] = []
    explain = SessionScreen.explain

    def remember(screen: SessionScreen) -> None:
        painted.append(screen_text(app))
        explain(screen)

    monkeypatch.setattr(SessionScreen, "explain", remember)
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "H1")
        await answer_rightly(pilot)
        assert len(painted) == 1
        assert "✓ Right" in painted[0]
        assert "row 1, column 1:" not in painted[0]
        assert "row 1, column 1:" in screen_text(app)


async def test_who_goes_on_before_the_answer_is_explained_is_at_the_next_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    explain = SessionScreen.explain

    def explain_too_late(screen: SessionScreen) -> None:
        screen.action_go_on()
        explain(screen)

    monkeypatch.setattr(SessionScreen, "explain", explain_too_late)
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "H1")
        await answer_rightly(pilot)
        assert session_of(app).question.key == "local.X"
        assert "✓" not in screen_text(app)
        await answer_rightly(pilot)
        assert session_of(app).progress[2].status == "right"


async def test_a_click_on_a_cell_explains_it(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "H1")
        await answer_rightly(pilot)
        grid = view_of(app).answers.grid
        await pilot.click(grid, offset=(12, 1))
        assert "row 2, column 2:" in screen_text(app)


async def test_both_matrices_are_walked_together(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "H1")
        await answer_wrongly(pilot)
        await pilot.press("f3", "ctrl+home", "down", "right")
        answers = view_of(app).answers
        assert answers.right.cursor == answers.grid.cursor == (1, 1)


@pytest.mark.parametrize(("numpy", "pytorch"), [("c", "t"), ("с", "е")])
async def test_each_library_has_its_key(numpy: str, pytorch: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "O1")
        await answer_rightly(pilot)
        assert "c NumPy    O1 = np.maximum(0, H1)" in screen_text(app)
        assert "t PyTorch  O1 = torch.relu(H1)" in screen_text(app)
        await pilot.press(numpy)
        assert app.clipboard == "O1 = np.maximum(0, H1)"
        await pilot.press(pytorch)
        assert app.clipboard == "O1 = torch.relu(H1)"


async def test_what_the_numbers_stand_in_needs_no_list_beside_it(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "grad.H1")
        assert "Known" in screen_text(app)
        await answer_rightly(pilot)
        assert "Known" not in screen_text(app)
        await pilot.press("f4")
        assert "Known" in screen_text(app)
        await pilot.press("k")
        assert "Known" not in screen_text(app)


async def test_a_typed_formula_is_not_said_twice(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "formula grad.W1")
        await answer_rightly(pilot)
        assert screen_text(app).count("∂L/∂W₁ = Xᵀ·∂L/∂H₁") == 1


LAYERS = """
format = 1
id = "layers"
title = "A picture"
[values]
X = [[1, 2, 0, 1], [0, 1, 3, 1], [2, 0, 1, 0], [1, 1, 0, 2]]
K = [[1, 0], [-1, 2]]
W = [[1, 0], [0, 1], [1, 1], [2, -1]]
y = [[1, 0]]
[[forward]]
layer = "conv2d"
weight = "K"
padding = 1
to = "C"
[[forward]]
layer = "max_pool2d"
size = 2
to = "P"
[[forward]]
layer = "flatten"
to = "f"
[[forward]]
layer = "linear"
weight = "W"
to = "z"
[[forward]]
layer = "softmax"
to = "p"
[loss]
kind = "cross_entropy"
target = "y"
"""


async def test_window_winner_and_row_are_lit(tmp_path: Path) -> None:
    path = tmp_path / "layers.toml"
    path.write_text(LAYERS, encoding="utf-8")
    app = make_app(tmp_path, ("lesson", str(path)))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "C")
        await pilot.press("f3", "f3", "ctrl+home", "down", "right")
        assert lit(app) == ["1", "2", "0", "1", "1", "0", "-1", "2"], "the window, the kernel"
        await reveal_until(pilot, lambda session: session.question.id == "P")
        await pilot.press("f3", "f3", "ctrl+home")
        assert len(lit(app)) == 1, "the winner"
        assert len(lit(app, "underline")) == 3, "the rest of its window"
        await reveal_until(pilot, lambda session: session.question.id == "p")
        await pilot.press("f3", "f3", "ctrl+home")
        assert len(lit(app)) == 2, "the row"


@pytest.mark.parametrize("place", [2, 6, 10, 11, 12])
@pytest.mark.parametrize("size", [(120, 40), (100, 30), (80, 24)], ids=str)
async def test_a_large_answer_comes_to_rest_whether_it_scrolls_or_not(
    size: tuple[int, int], place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = square_problem(8, 8)
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.open_lesson(problem)
        await pilot.pause()
        await pilot.press("enter")
        screen = app.screen
        assert isinstance(screen, SessionScreen)
        for _ in range(place):
            screen.session.answer(answer_text(problem, screen.session.question.key))
            screen.session.next()
        screen.show()
        await pilot.pause()
        screen.session.answer(answer_text(problem, screen.session.question.key))
        screen.show()
        for _ in range(4):
            await pilot.pause()
        settled: list[QuestionView] = []
        settle = QuestionView.settle
        monkeypatch.setattr(QuestionView, "settle", lambda v: (settled.append(v), settle(v)))
        for _ in range(4):
            await pilot.pause()
        assert not settled
