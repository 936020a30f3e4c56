"""The proof by nudging in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from engine.language import tr
from tui.shown import shown
from tui.widgets.brackets import format_number

if TYPE_CHECKING:
    from engine.practice.proof import Proof

COARSE, FINE = 6, 8
"""The loss's decimals: enough that a nudge is seen in it, and more where the slope is small."""

SLOPE_DECIMALS = 4


def proof_content(proof: Proof) -> Content:
    """The loss at both sides of the cell, the slope, the gradient; at a kink both slopes."""
    nudge = shown(format_number(proof.nudge, 9))
    plain = proof.nudge >= 1e-3 and max(abs(proof.upward), abs(proof.downward)) >= 0.01
    decimals = COARSE if plain else FINE
    here, up, down = (
        shown(format_number(value, decimals)) for value in (proof.here, proof.up, proof.down)
    )
    slope, upward, downward, gradient = (
        shown(format_number(value, SLOPE_DECIMALS))
        for value in (proof.slope, proof.upward, proof.downward, proof.gradient)
    )
    lines = [
        Content.styled(
            tr("This cell of {symbol} nudged by {nudge}:", symbol=proof.target, nudge=nudge),
            "$muted",
        ),
        Content(f"{proof.loss} = {here}   + → {up}   − → {down}"),
    ]
    if proof.kink:
        lines.append(
            Content(
                tr(
                    "There is a kink here: upwards the slope is {upward}, downwards {downward}. "
                    "The gradient {gradient} follows the convention for the kink itself.",
                    upward=upward,
                    downward=downward,
                    gradient=gradient,
                )
            )
        )
        return Content("\n").join(lines)
    width = shown(format_number(2 * proof.nudge, 9))
    difference = shown(format_number(proof.up - proof.down, decimals))
    lines.append(Content(f"{difference} / {width} ≈ {slope}"))
    if proof.agrees:
        words = tr("✓ the gradient is {gradient}: they agree.", gradient=gradient)
        lines.append(Content.styled(words, "$verdict-right"))
    else:
        words = tr("The gradient is {gradient}: so small a nudge can't tell.", gradient=gradient)
        lines.append(Content(words))
    return Content("\n").join(lines)
