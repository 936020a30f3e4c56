"""The network map: lit at the place asked, filled with what has been found, within its width."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len

from engine.practice.question import Question
from engine.practice.session import Session, lesson
from engine.problems.problem import Problem
from engine.problems.reading import load
from tui.widgets.network_map import map_lines
from tui.widgets.network_marks import LIT, Mark, lit_marks, map_state
from tui.widgets.network_steps import is_chain, steps_of

WIDE, LOW, TALL, SMALL = 116, 24, 36, 12


def ask(problem: Problem, identity: str) -> Session:
    """The lesson at a question, everything before it shown."""
    session = lesson(problem)
    while session.question.id != identity:
        session.reveal()
        session.next()
    return session


def drawn(
    problem: Problem, identity: str, width: int = 76, height: int = LOW, hidden: Sequence[str] = ()
) -> list[str]:
    """The lines of the map at a question of the lesson."""
    session = ask(problem, identity)
    state = map_state(session.question, session.known())
    return [line.plain.rstrip() for line in map_lines(state, width, height, hidden)]


def lit_texts(problem: Problem, key: str, height: int = LOW) -> list[str]:
    """What is lit on the map for the value of a key, everything else being known."""
    question = Question(problem, "value", key)
    lines = map_lines(map_state(question, problem.solution), WIDE, height)
    texts = [
        line.plain[span.start : span.end]
        for line in lines
        for span in line.spans
        if span.style == LIT
    ]
    return [text for text in texts if text.strip()]


# Chains.


def test_a_chain_is_drawn_forward_with_the_gradients_below() -> None:
    assert drawn(load("masha"), "H1") == [
        "X ═══·W₁══▸ H₁ ╌╌╌ReLU╌╌▸ O₁ ╌╌╌·W₂╌╌▸ ŷ ╌╌╌MSE╌╌▸ L",
        "∂X ◂╌∂W₁╌╌╌ ∂H₁ ◂╌╌╌╌╌╌╌╌ ∂O₁ ◂╌∂W₂╌╌╌ ∂ŷ ◂╌╌╌╌╌╌╌",
    ]


def test_results_that_fit_are_written_on_the_map_as_they_become_known() -> None:
    above, below = drawn(load("masha"), "formula grad.W2")
    assert above.endswith("ŷ = (1; 1) ───MSE──▸ L = 0.25")
    assert "∂O₁ ◂──∂W₂" not in below, "the gradient of the weights is still ahead"
    assert "d = (-1; 0) ◂───" in below


def test_what_is_still_ahead_is_dashed_and_what_was_walked_is_not() -> None:
    above, below = drawn(load("masha"), "O1")
    assert "X ───·W₁──▸ H₁ ══ReLU══▸ O₁" in above.replace("═══R", "══R")
    assert "╌·W₂╌╌▸ ŷ" in above
    assert "◂╌╌╌╌╌╌╌╌ ∂O₁" in below


def test_the_gradient_that_arrives_is_called_d() -> None:
    assert "∂H₁ ◂════════ d ◂" in drawn(load("masha"), "grad.H1")[1]
    assert "◂─∂W₁═" not in drawn(load("masha"), "grad.W2")[1]


def test_the_decimal_comma_is_the_learners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.shown._chosen", {"comma": True})
    assert drawn(load("masha"), "formula grad.yhat")[0].endswith("L = 0,25")


@pytest.mark.parametrize("width", [30, 45, 60])
def test_a_wide_chain_is_folded_and_loses_nothing(width: int) -> None:
    problem = load("masha")
    folded = drawn(problem, "L", width)
    assert all(cell_len(line) <= width for line in folded)
    text = " ".join(folded)
    assert all(name in text for name in ("X", "·W₁", "H₁", "ReLU", "O₁", "·W₂", "ŷ", "MSE", "L"))
    assert all(name in text for name in ("∂X", "∂W₁", "∂H₁", "∂O₁", "∂W₂", "∂ŷ"))


def test_a_tall_screen_shows_each_matrix_in_its_place_and_dots_for_what_is_unknown() -> None:
    lines = drawn(load("masha"), "O1", WIDE, TALL)
    assert len(lines) == 6
    assert lines[0].split() == ["X", "H₁", "O₁", "ŷ", "L"]
    assert "⎛  1  2 ⎞" in lines[1]
    assert "⎛ 2  -1 ⎞" in lines[1]
    assert "⎛ 2  0 ⎞" not in lines[1]
    assert lines[1].count("·") == 4 + 2, "two in O₁, one in ŷ and in L, two before the weights"
    assert lines[5].split() == ["∂X", "∂H₁", "∂O₁", "∂ŷ"]


def test_nothing_moves_on_the_map_when_a_matrix_becomes_known() -> None:
    problem = load("masha")
    first, later = (drawn(problem, key, WIDE, TALL) for key in ("O1", "formula grad.W1"))
    assert [line.find("MSE") for line in first] == [line.find("MSE") for line in later]


def test_numbers_are_rounded_only_where_the_matrices_would_not_fit() -> None:
    lines = drawn(load("masha-logistic"), "L", WIDE, TALL)
    assert "0.73" in lines[1]
    assert all(cell_len(line) <= WIDE for line in lines)
    assert len(drawn(load("masha-logistic"), "L", 100, TALL)) == 2, "arrows where nothing else fits"


def test_after_the_step_the_map_shows_the_second_pass() -> None:
    lines = drawn(load("masha"), "yhat@2")
    assert len(lines) == 1, "no gradient goes back any more"
    assert "H₁⁽²⁾" in lines[0]


def test_a_norm_is_one_arrow_and_its_mean_lights_it(tmp_path: Path) -> None:
    path = tmp_path / "norm.toml"
    path.write_text(NORM, encoding="utf-8")
    problem = load(str(path))
    assert is_chain(steps_of(problem.network))
    for key in ("mean.N1", "var.N1", "hat.N1"):
        assert "batch norm" in lit_texts(problem, key)
        assert "N₁" not in lit_texts(problem, key)
    assert "◂═" in drawn(problem, "grad.mean.N1")[1]


def test_where_a_wrong_step_is_to_be_found_nothing_is_lit_and_no_number_is_shown() -> None:
    question = Question(load("masha"), "spot", "H1")
    state = map_state(question, load("masha").solution)
    lines = map_lines(state, WIDE, TALL)
    assert len(lines) == 2
    assert not any(span.style == LIT for line in lines for span in line.spans)
    assert not any("=" in line.plain for line in lines)


def test_a_low_screen_keeps_the_lit_line() -> None:
    (line,) = drawn(load("masha"), "grad.W1", 38, SMALL)
    assert "∂W₁" in line


def test_a_step_back_lights_its_arrow_and_what_it_brings() -> None:
    problem = load("masha")
    assert lit_marks(Question(problem, "value", "grad.H1")) == {
        Mark("back", "O1"),
        Mark("grad", "H1"),
    }
    assert lit_marks(Question(problem, "value", "grad.W1")) == {Mark("weight_grad", "W1")}
    assert lit_marks(Question(problem, "value", "H1@2")) == {Mark("edge", "H1"), Mark("node", "H1")}


# Graphs.


def test_time_steps_are_drawn_one_after_the_other_with_what_comes_out_below() -> None:
    assert drawn(load("book-7-2"), "formula h1", hidden=["h1"]) == [
        "h₀ = 0 ═══▸ h₁ ╌┬╌╌▸ h₂ ╌┬╌╌▸ h₃ ╌╌╌▸ ŷ₃ ╌┬╌╌▸ L",
        "                ╎        └╌╌▸ ŷ₂ ╌╌╌╌╌╌╌╌╌┤",
        "                └╌╌▸ ŷ₁ ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┘",
        "h₁ = f(w, h₀, v, y₀)",
    ]


def test_on_the_way_back_every_path_that_the_gradient_takes_is_lit() -> None:
    assert drawn(load("book-7-2"), "grad.h2", WIDE) == [
        "h₀ = 0 ╌╌╌╌ ∂h₁ ◂┬╌╌╌ ∂h₂ ◂═════┬═══ ∂h₃ = 0 ◂───── ∂ŷ₃ = -4 ◂┬─── L = 6.5625",
        "                 ╎              └═══ ∂ŷ₂ = 2.5 ◂──────────────┤",
        "                 └╌╌╌ ∂ŷ₁ = -2 ◂──────────────────────────────┘",
        "ŷ₂ = max(0, u·h₂)",
        "h₃ = max(0, w·h₂ + v·y₂)",
    ]


def test_layers_side_by_side_stand_below_each_other() -> None:
    assert drawn(load("book-5-1"), "strided")[:5] == [
        "X ═┬─∗K─▸ plain ───┬─max pool──▸ largest = 24",
        "   │               └─mean pool─▸ average = 17.3333",
        "   ├═∗K═▸ strided",
        "   ├╌∗K╌▸ same",
        "   └╌∗K╌▸ dilated",
    ]


HEAD = 'format = 1\nid = "graph"\ntitle = "A graph"\n'
NORM = f"""{HEAD}
values = {{ X = [[1, 2], [-1, 2], [0, 5]], g = [1, 2], b = [0, 1], y = [[2, 1], [0, 1], [1, 1]] }}
forward = [{{ layer = "batch_norm", gamma = "g", beta = "b", to = "N1" }}]
loss = {{ kind = "mse", target = "y" }}
"""
RECURRENT = f"""{HEAD}
values = {{ w = 0.5, v = 0.25, h0 = 1, y0 = 2, y1 = 1, y2 = 3, t = 1 }}
forward = [
  {{ formula = "relu(w*h0 + v*y0)", to = "h1" }},
  {{ formula = "relu(w*h1 + v*y1)", to = "h2" }},
  {{ formula = "relu(w*h2 + v*y2)", to = "h3" }},
]
loss = {{ formula = "(h3 - t)^2" }}
wrt = ["w", "v"]
update = {{ optimizer = "adam", learning_rate = 0.1, parameters = ["w", "v"] }}
"""
RESIDUAL = f"""{HEAD}
values = {{ X = [[1, 2], [-1, 2]], W1 = [[1, -1], [0.5, 0]], y = [[2, 1], [0, 1]] }}
forward = [
  {{ layer = "linear", weight = "W1", to = "H1" }},
  {{ layer = "relu", to = "O1" }},
  {{ formula = "O1 + X", to = "S" }},
  {{ layer = "linear", weight = "W1", to = "yhat" }},
]
loss = {{ kind = "mse", target = "y" }}
"""
ATTENTION = f"""{HEAD}
values = {{ X = [[1, 2], [-1, 2]], WQ = [[1, -1], [0.5, 0]], WK = [[1, 0], [0.5, 1]], WV = [[0, 1],
  [0.5, 2]], y = [[2, 1], [0, 1]] }}
forward = [
  {{ layer = "linear", weight = "WQ", to = "Q" }},
  {{ layer = "linear", from = "X", weight = "WK", to = "K" }},
  {{ layer = "linear", from = "X", weight = "WV", to = "V" }},
  {{ formula = "Q @ K.T / sqrt(2)", to = "S" }},
  {{ layer = "softmax", to = "A" }},
  {{ formula = "A @ V", to = "O" }},
]
loss = {{ kind = "mse", target = "y" }}
"""
NUMBERS = f"""{HEAD}
wrt = ["x", "y", "z"]
values = {{ x = -2, y = 5, z = -4 }}
forward = [{{ formula = "x + y", to = "q" }}, {{ formula = "q * z", to = "f" }}]
loss = {{ formula = "f^2" }}
"""
GRAPHS = {
    "recurrent": RECURRENT,
    "residual": RESIDUAL,
    "attention": ATTENTION,
    "numbers": NUMBERS,
}


def written(folder: Path, text: str) -> Problem:
    path = folder / "graph.toml"
    path.write_text(text, encoding="utf-8")
    return load(str(path))


@pytest.fixture(params=GRAPHS)
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Problem:
    return written(tmp_path, GRAPHS[request.param])


def test_a_value_that_goes_round_a_layer_is_drawn_round_it(tmp_path: Path) -> None:
    assert drawn(written(tmp_path, RESIDUAL), "formula H1")[:2] == [
        "X ═┬═·W₁═▸ H₁ ╌╌ReLU╌▸ O₁ ╌┬╌╌▸ S ╌╌·W₁╌▸ ŷ ╌╌MSE╌▸ L",
        "   └╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┘",
    ]


def test_branches_nest_instead_of_crossing(tmp_path: Path) -> None:
    assert drawn(written(tmp_path, ATTENTION), "formula Q")[:3] == [
        "X ═┬═·WQ═▸ Q ╌┬╌╌▸ S ╌╌softmax╌▸ A ╌┬╌╌▸ O ╌╌MSE╌▸ L",
        "   ├╌·WK╌▸ K ╌┘                     ╎",
        "   └╌·WV╌▸ V ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┘",
    ]


def test_a_given_number_stands_right_before_its_first_use(tmp_path: Path) -> None:
    assert drawn(written(tmp_path, NUMBERS), "formula q")[:3] == [
        "x = -2 ═┬══▸ q ╌╌╌╌╌╌┬╌╌▸ f ╌╌╌▸ L",
        "y = 5 ══┘            ╎",
        "             z = -4 ╌┘",
    ]


def test_every_question_of_every_problem_lights_something(graph: Problem) -> None:
    for key in graph.solution:
        assert lit_texts(graph, key), key


def test_every_question_of_the_built_in_lessons_lights_something() -> None:
    for name in ("masha", "masha-logistic", "masha-pass-order", "book-3-6", "book-7-2", "book-5-1"):
        problem = load(name)
        for question in lesson(problem).questions:
            for height in (LOW, TALL, SMALL):
                assert lit_texts(problem, question.key, height), question.id


def test_a_weight_shared_over_time_is_lit_in_every_formula(tmp_path: Path) -> None:
    problem = written(tmp_path, RECURRENT)
    for key in ("grad.w", "new.w", "m.w", "mhat.w"):
        state = map_state(Question(problem, "value", key), problem.solution)
        lines = map_lines(state, WIDE, LOW)
        lit = [
            line
            for line in lines
            if any(line.plain[s.start : s.end] == "w" and s.style == LIT for s in line.spans)
        ]
        assert [line.plain.split()[0] for line in lit] == ["h₁", "h₂", "h₃"], key


def test_a_formula_that_is_still_to_be_asked_is_not_drawn(graph: Problem) -> None:
    keys = [entry.to for entry in graph.network.entries]
    for height in (LOW, SMALL):
        text = "\n".join(drawn(graph, f"formula {keys[0]}", height=height, hidden=keys))
        assert not any(graph.solution.formula(key) in text for key in keys)


@pytest.mark.parametrize("width", [20, 40, 76])
@pytest.mark.parametrize("height", [SMALL, LOW, TALL])
def test_no_graph_is_wider_than_its_room_nor_loses_the_formula(
    graph: Problem, width: int, height: int
) -> None:
    session = lesson(graph)
    while not session.finished:
        question = session.question
        lines = drawn(graph, question.id, width, height)
        assert all(cell_len(line) <= width for line in lines), question.id
        if question.kind == "value" and question.key in {e.to for e in graph.network.entries}:
            text = "".join("".join(lines).split())
            assert "".join(graph.solution.formula(question.key).split()) in text
        session.reveal()
        session.next()


def test_a_long_graph_is_listed_around_the_place(tmp_path: Path) -> None:
    steps = "\n".join(
        f'[[forward]]\nformula = "w*h{i} + h{max(i - 1, 0)}"\nto = "h{i + 1}"' for i in range(40)
    )
    values = "[values]\nw = 0.5\nh0 = 1\n"
    problem = written(tmp_path, f'{HEAD}{values}{steps}\n[loss]\nformula = "h40^2"\n')
    lines = drawn(problem, "h20")
    assert len(lines) <= 7
    assert [line.strip() for line in (lines[0], lines[-1])] == ["┊", "┊"]
    assert any(line.startswith("▸ h₂₀") and "◂══ w·h₁₉" in line for line in lines)
