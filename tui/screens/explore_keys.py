"""The keys of the explore screen, on both keyboard layouts."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from engine.language import mark_text
from engine.practice.running import MOST_STEPS

EXPLORE_KEYS: list[BindingType] = [
    Binding(
        "s,ы",
        "run(1)",
        mark_text("1 step"),
        tooltip=mark_text("Make one step of the optimizer"),
        id="explore.run_1",
    ),
    Binding(
        "t,е",
        "run(10)",
        mark_text("10"),
        tooltip=mark_text("Make ten steps"),
        id="explore.run_10",
    ),
    Binding(
        "v,м,f6",
        "switch",
        mark_text("Curve"),
        tooltip=mark_text("Go from the values to the runs and their curve, and back"),
        id="explore.switch",
    ),
    Binding(
        "l,д",
        "rate",
        mark_text("Rate"),
        tooltip=mark_text("Type another learning rate; the next run begins from the same weights"),
        id="explore.rate",
    ),
    Binding(
        "h,р",
        "run(100)",
        mark_text("100"),
        tooltip=mark_text("Make a hundred steps"),
        id="explore.run_100",
    ),
    Binding(
        "k,л",
        "run(1000)",
        mark_text("1000"),
        tooltip=mark_text("Make a thousand steps"),
        id="explore.run_1000",
    ),
    Binding(
        "u,г",
        f"run({MOST_STEPS})",
        mark_text("Until stopped"),
        tooltip=mark_text("Make steps until Esc stops them"),
        id="explore.run_on",
    ),
    Binding(
        "o,щ",
        "optimizer",
        mark_text("Optimizer"),
        tooltip=mark_text("Choose another optimizer; the next run begins from the same weights"),
        id="explore.optimizer",
    ),
    Binding(
        "n,т",
        "nudge",
        mark_text("Nudge"),
        tooltip=mark_text("Nudge the number under the cursor and see what the loss does"),
        id="explore.nudge",
    ),
    Binding(
        "a,ф",
        "ask",
        mark_text("Ask me this"),
        tooltip=mark_text("Make a lesson of these values; it isn't counted nor kept"),
        id="explore.ask",
    ),
    Binding(
        "pageup",
        "move(-1)",
        mark_text("Step back"),
        tooltip=mark_text("Show the weights a step earlier"),
        id="explore.earlier",
        show=False,
    ),
    Binding(
        "pagedown",
        "move(1)",
        mark_text("Step on"),
        tooltip=mark_text("Show the weights a step later"),
        id="explore.later",
        show=False,
    ),
    Binding(
        "b,и",
        "stay",
        mark_text("Begin here"),
        tooltip=mark_text("Let the next run begin from the weights that are shown"),
        id="explore.stay",
        show=False,
    ),
    Binding(
        "z,я,ctrl+z,ctrl+я",
        "undo",
        mark_text("Undo"),
        tooltip=mark_text("Take back the last change"),
        id="explore.undo",
    ),
    Binding(
        "r,к",
        "reset",
        mark_text("Reset"),
        tooltip=mark_text("Go back to the problem's own values; the runs stay for comparing"),
        id="explore.reset",
    ),
    Binding(
        "q,й,escape",
        "close",
        mark_text("Back"),
        tooltip=mark_text("Stop what runs; then leave"),
        id="explore.close",
    ),
]
