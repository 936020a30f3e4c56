"""A moment of a day's work: the short form of `python -m tests.fuzz day`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.fuzz.day import Day, own_objects
from tests.fuzz.hands import in_the_app
from tests.fuzz.timeless import TimelessLoop
from tui.app import BackhandApp

BOUNDED = {
    "engine.expression.node.Node",
    "engine.expression.plan.Plan",
    "engine.marking.misconceptions.Variant",
    "engine.network.model.Loss",
    "engine.network.quantity.Quantity",
    "engine.practice.distinct._Mistakes",
    "engine.practice.distinct._Structure",
}
"""What the steps and the mistakes are made of that are remembered for further numbers, so many at
most."""


def test_nothing_is_left_of_what_was_worked_through(tmp_path: Path) -> None:
    async def play(app: BackhandApp, loop: TimelessLoop) -> tuple[Counter[str], Counter[str]]:
        day = Day(app, loop, 1, ["masha"])
        await day.work(40)  # every kind of work once
        early = own_objects()
        await day.work(90)
        assert {*day.seen} >= {"lesson", "quiz", "exam", "explore", "run", "wrong", "reveal"}
        return early, own_objects()

    early, late = in_the_app(tmp_path, 1, play)
    grown = {kind: (early[kind], number) for kind, number in late.items() if number > early[kind]}
    assert {*grown} <= BOUNDED, grown
    assert "engine.problems.problem.Problem" not in late
