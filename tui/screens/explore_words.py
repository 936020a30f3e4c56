"""What the explore screen says below the matrices: about a cell, a nudge, a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from textual.content import Content

from engine.language import ntr, tr
from engine.practice.reveal import reveal
from engine.practice.running import MOST_STEPS
from tui.shown import shown
from tui.widgets.bars import progress_line
from tui.widgets.number_text import number_text

if TYPE_CHECKING:
    from engine.practice.exploring import Explorer
    from engine.practice.proof import Nudge
    from engine.practice.running import Run

BAR = 24
DIGITS = 6
"""The decimals of losses that are compared with each other."""


def cell_content(explorer: Explorer, key: str, row: int, column: int) -> Content:
    """Where the cursor stands: what follows from what, with this cell's numbers put in."""
    solution = explorer.solution
    symbol, size = solution.symbol(key), explorer.value(key).size
    place = tr("row {row}, column {column}", row=row + 1, column=column + 1) if size > 1 else ""
    if explorer.given(key):
        words = tr("given: type a number over it")
        if f"grad.{key}" in solution:
            gradient = number_text(float(np.atleast_2d(solution[f"grad.{key}"].value)[row, column]))
            name = solution.symbol(f"grad.{key}")
            words += "  ·  " + tr("{name} there is {gradient}", name=name, gradient=gradient)
        return Content.assemble((symbol, "bold"), f"   {place}   " if place else "   ", words)
    found = reveal(explorer.problem, key)
    worked = found.cell(row, column)
    value = number_text(float(np.atleast_2d(found.value)[row, column]))
    text = shown(worked.text)
    working = f"{text} = {value}" if text != value else value
    formula = Content.styled(f"{symbol} = {found.formula}", "bold")
    return Content.assemble(formula, f"\n{place}:  " if place else "\n", working)


def nudge_content(nudge: Nudge) -> Content:
    """The loss before and after, ΔL/Δ beside the gradient; at a kink both slopes."""
    here, there = number_text(nudge.here, DIGITS), number_text(nudge.there, DIGITS)
    before, amount = number_text(nudge.before, DIGITS), number_text(nudge.amount, DIGITS)
    after = number_text(nudge.before + nudge.amount, DIGITS)
    slope = number_text(nudge.slope, DIGITS)
    place = tr("row {row}, column {column}", row=nudge.row + 1, column=nudge.column + 1)
    lines = [
        Content.assemble(
            (nudge.target, "bold"),
            f"   {place}:   {before} → {after}      {nudge.loss}:   {here} → {there}",
        ),
        Content(f"Δ{nudge.loss} / Δ = ({there} - {here}) / {amount} = {slope}"),
    ]
    proof = nudge.proof
    if proof is None:
        lines.append(Content(tr("No gradient is worked out for it that this could be held to.")))
        return Content("\n").join(lines)
    gradient = number_text(proof.gradient, DIGITS)
    if proof.kink:
        upward, downward = number_text(proof.upward), number_text(proof.downward)
        text = tr(
            "There is a kink here: upwards the slope is {upward}, downwards {downward}. "
            "The gradient {gradient} follows the convention for the kink itself.",
            upward=upward,
            downward=downward,
            gradient=gradient,
        )
        lines.append(Content(text))
    elif nudge.agrees:
        words = tr("✓ the gradient is {gradient}: they agree.", gradient=gradient)
        lines.append(Content.styled(words, "$verdict-right"))
    elif abs(nudge.amount) <= proof.nudge:
        words = tr("The gradient is {gradient}: so small a nudge can't tell.", gradient=gradient)
        lines.append(Content(words))
    else:
        words = tr(
            "The gradient is {gradient}: on so long a way the loss bends. Nudge by less.",
            gradient=gradient,
        )
        lines.append(Content(words))
    return Content("\n").join(lines)


def progress_content(run: Run, made: int, asked: int) -> Content:
    """How many of the steps that were asked for are made; without end there is no bar."""
    stop = Content.styled(tr("Esc stops it"), "$muted")
    if asked >= MOST_STEPS:
        steps = ntr("{number} step", "{number} steps", run.steps)
        return Content.assemble((steps, "bold"), "   ", stop)
    count = tr("{done} of {total}", done=made, total=asked)
    return Content.assemble(progress_line(made, asked, BAR), "  ", (count, "bold"), "   ", stop)


def outcome_content(explorer: Explorer, run: Run) -> Content:
    """What a run has come to, in words."""
    steps, losses = run.losses.steps, run.losses.items
    first, last, highest = losses[0], losses[-1], max(losses)
    name = (tr("Run {number}", number=run.number) + ":  ", "bold")
    change = f"L  {number_text(first, DIGITS)} → {number_text(last, DIGITS)}"
    if run.failed_at is not None:
        words = tr(
            "the loss left all bounds at step {step}. Try a smaller learning rate.",
            step=run.failed_at,
        )
        return Content.assemble(name, (words, "$warning"))
    lines = [Content.assemble(name, change)]
    if highest > max(first, last):
        at, top = steps[losses.index(highest)], number_text(highest, DIGITS)
        lines.append(Content(tr("At step {step} it overshot to {loss}.", step=at, loss=top)))
    elif last > first:
        lines.append(Content(tr("The loss rose: a smaller learning rate overshoots less.")))
    if run.still_since is not None:
        still = tr("From step {step} on no weight moves any more.", step=run.still_since)
        lines.append(Content(" ".join([still, *map(_dead, explorer.dead)])))
    return Content("\n").join(lines)


def _dead(symbol: str) -> str:
    return tr(
        "No cell of {symbol} is positive: the ReLU behind it lets no gradient through.",
        symbol=symbol,
    )
