"""The network map: a chain drawn as arrows, folded where it is wide, lit at the place asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.practice.session import Question, lesson
from engine.problems.problem import Problem
from engine.problems.reading import load
from tui.widgets.network_list import graph_lines, graph_rows
from tui.widgets.network_map import chain_rows, is_chain
from tui.widgets.network_marks import Mark, lit_marks


def lines(width: int, lit: frozenset[Mark] = frozenset()) -> list[str]:
    network = load("masha").network
    rows = chain_rows(network, lit, width)
    return ["".join(piece.text for piece in line) for row in rows for line in row]


def test_a_chain_is_drawn_forward_with_the_gradients_below() -> None:
    above, below = lines(100)
    assert above == "X ──·W₁──▸ H₁ ──ReLU──▸ O₁ ──·W₂──▸ ŷ ──MSE──▸ L"
    assert [i for i, character in enumerate(below) if character == "d"] == [
        above.index(name) for name in ("X", "H₁", "O₁", "ŷ")
    ]


def test_a_wide_chain_is_folded_and_loses_nothing() -> None:
    folded = lines(30)
    assert len(folded) == 4
    assert all(len(line) <= 30 for line in folded)
    assert folded[0] + folded[2] == lines(100)[0]


def test_a_step_back_lights_its_arrow_and_what_it_brings() -> None:
    problem = load("masha")
    assert lit_marks(Question(problem, "value", "grad.H1")) == {
        Mark("back", "O1"),
        Mark("grad", "H1"),
    }
    assert lit_marks(Question(problem, "value", "grad.W1")) == {Mark("weight_grad", "W1")}
    assert lit_marks(Question(problem, "value", "H1@2")) == {Mark("edge", "H1"), Mark("node", "H1")}


def test_every_question_of_the_lessons_lights_something_on_the_map() -> None:
    for name in ("masha", "masha-logistic", "masha-pass-order"):
        session = lesson(load(name))
        for question in session.questions:
            lit = lit_marks(question)
            rows = chain_rows(question.problem.network, lit, 100)
            drawn = {piece.mark for row in rows for line in row for piece in line}
            assert lit & drawn, question.id


def test_layers_one_after_the_other_are_a_chain() -> None:
    assert is_chain(load("masha").network)


RECURRENT = """
format = 1
id = "recurrent"
title = "Three steps of time"
values = { w = 0.5, v = 0.25, h0 = 1, y0 = 2, y1 = 1, y2 = 3, t = 1 }
forward = [
  { formula = "relu(w*h0 + v*y0)", to = "h1" },
  { formula = "relu(w*h1 + v*y1)", to = "h2" },
  { formula = "relu(w*h2 + v*y2)", to = "h3" },
]
loss = { formula = "(h3 - t)^2" }
wrt = ["w", "v"]
update = { optimizer = "adam", learning_rate = 0.1, parameters = ["w", "v"] }
"""
RESIDUAL = """
format = 1
id = "residual"
title = "A branch"
values = { X = [[1, 2], [-1, 2]], W1 = [[1, -1], [0.5, 0]], y = [[2, 1], [0, 1]] }
forward = [
  { layer = "linear", weight = "W1", to = "H1" },
  { layer = "relu", to = "O1" },
  { formula = "O1 + X", to = "S" },
  { layer = "linear", weight = "W1", to = "yhat" },
]
loss = { kind = "mse", target = "y" }
"""


@pytest.fixture(params=[RECURRENT, RESIDUAL], ids=["recurrent", "residual"])
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Problem:
    path = tmp_path / "graph.toml"
    path.write_text(request.param, encoding="utf-8")
    return load(str(path))


def drawn(problem: Problem, key: str, width: int = 80, hidden: Sequence[str] = ()) -> list[str]:
    rows = graph_rows(problem.solution, hidden)
    lit = lit_marks(Question(problem, "value", key))
    return [line.plain for line in graph_lines(rows, lit, set(), width)]


def test_a_graph_is_a_line_a_step_with_its_formula(graph: Problem) -> None:
    assert not is_chain(graph.network)
    rows = graph_rows(graph.solution)
    assert [row.to for row in rows] == [*(entry.to for entry in graph.network.entries), "L"]
    assert all(row.text == graph.solution.formula(row.to) for row in rows[:-1])


def test_every_question_about_a_graph_lights_its_steps_the_right_way(graph: Problem) -> None:
    for key in graph.solution:
        lines = drawn(graph, key)
        back, forth = [x for x in lines if "══▸" in x], [x for x in lines if "◂══" in x]
        prefix = key.rpartition(".")[0]
        if prefix in ("grad", "local"):
            assert back, key
            assert not forth, key
        elif prefix in ("", "each"):
            assert len(forth) == 1, key
            assert not back, key


def test_a_weight_shared_over_time_lights_every_step_that_uses_it(tmp_path: Path) -> None:
    path = tmp_path / "graph.toml"
    path.write_text(RECURRENT, encoding="utf-8")
    problem = load(str(path))
    rows = graph_rows(problem.solution)
    lit = lit_marks(Question(problem, "value", "grad.w"))
    lines = graph_lines(rows, lit, set(), 80)
    back = [line for line in lines if "══▸" in line.plain]
    assert [line.plain.split()[1] for line in back] == ["h₁", "h₂", "h₃"]
    for line in back:
        at = line.plain.index("w·")
        assert any(
            (span.start, span.end) == (at, at + 1) and span.style == "bold $accent"
            for span in line.spans
        )


def test_a_formula_that_is_still_to_be_asked_is_not_drawn(graph: Problem) -> None:
    keys = [entry.to for entry in graph.network.entries]
    text = "\n".join(drawn(graph, keys[0], hidden=keys))
    assert not any(graph.solution.formula(key) in text for key in keys)
    first = graph_rows(graph.solution, keys)[0]
    assert first.text in ("f(w, h₀, v, y₀)", "linear(X, W₁)")


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_graph_is_folded_to_the_width_and_loses_no_formula(graph: Problem, width: int) -> None:
    for entry in graph.network.entries:
        lines = drawn(graph, entry.to, width)
        assert all(len(line) <= width for line in lines)
        folded = "".join("".join(lines).split())
        assert "".join(graph.solution.formula(entry.to).split()) in folded


def test_a_long_graph_shows_what_is_around_the_place(tmp_path: Path) -> None:
    steps = "\n".join(
        f'[[forward]]\nformula = "w*h{i} + {i + 1}"\nto = "h{i + 1}"' for i in range(40)
    )
    source = 'format = 1\nid = "long"\ntitle = "Long"\n[values]\nw = 0.5\nh0 = 1\n'
    path = tmp_path / "long.toml"
    path.write_text(f'{source}{steps}\n[loss]\nformula = "h40^2"\n', encoding="utf-8")
    problem = load(str(path))
    lines = drawn(problem, "h20")
    assert len(lines) <= 7
    assert [line.strip() for line in (lines[0], lines[-1])] == ["⋮", "⋮"]
    assert any(line.startswith("▸ h₂₀ ◂══") for line in lines)


def test_an_update_lights_its_weight_whatever_is_asked_of_it(tmp_path: Path) -> None:
    path = tmp_path / "graph.toml"
    path.write_text(RECURRENT, encoding="utf-8")
    problem = load(str(path))
    for key in ("m.w", "v.w", "mhat.w", "new.w"):
        assert lit_marks(Question(problem, "value", key)) == {Mark("weight", "w")}
