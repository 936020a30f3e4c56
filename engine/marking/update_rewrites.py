"""Rewrites of the update: what goes wrong in a step of an optimizer."""

from __future__ import annotations

from collections.abc import Iterator

from engine.expression.node import Node, name, names, substitute
from engine.marking.rewrites import Change, Place, each, put
from engine.network.passes import UPDATE


def gradient_only(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage == UPDATE:
        for key in names(root):
            if key.startswith("grad."):
                yield Change(name(key))


def ascent(place: Place, root: Node) -> Iterator[Change]:
    if place.step.stage == UPDATE:
        for node in each(root, "sub"):
            left, right = node.operands
            yield put(root, node, left + right)


def learning_rate_missing(place: Place, root: Node) -> Iterator[Change]:
    update = place.solution.network.update
    if update is not None and place.step.stage == UPDATE:
        rate = name(update.learning_rate)
        for node in each(root, "mul"):
            if rate in node.operands:
                other = node.operands[1] if node.operands[0] is rate else node.operands[0]
                yield put(root, node, other)


def bias_correction_missing(place: Place, root: Node) -> Iterator[Change]:
    if place.step.key.startswith(("mhat.", "vhat.")) and root.op == "div":
        yield Change(root.operands[0])
    corrected = {
        name(key): name(key.replace("hat.", ".", 1))
        for key in names(root)
        if key.startswith(("mhat.", "vhat."))
    }
    if corrected:
        yield Change(substitute(root, corrected))
        for old, new in corrected.items():
            yield put(root, old, new)
