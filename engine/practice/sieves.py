"""Sieves for numbers that would hide a mistake: for what most often does, and in a moment.

The full check (`engine.practice.distinct`) is the judge, but it takes far longer, and the whole
network has to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from engine.expression.evaluate import Array
from engine.network.model import Loss

Rows = Sequence[Sequence[Fraction]]

LEAST_GAP = 5e-4
"""Losses nearer than this look alike at the digits that are asked."""
LEAST_STEP = 0.05
"""Where the largest cell of a parameter's gradient is smaller, what is made of it looks alike."""


# --- a matrix, a layer ----------------------------------------------------------------------------


def tells_itself_apart(rows: Rows) -> bool:
    """Whether a matrix isn't all one number, and isn't the same when transposed."""
    if len(rows) == len(rows[0]):
        return len(rows) == 1 or [*zip(*rows, strict=True)] != [*map(tuple, rows)]
    first = rows[0][0]
    return any(cell != first for row in rows for cell in row)


def is_mixed(before: Array) -> bool:
    """No cell is 0, a third of them are on either side of it, and not all on the upper are 1."""
    positive = before > 0
    fewest, above = max(1, before.size // 3), int(positive.sum())
    mixed = bool(before.all()) and fewest <= above <= before.size - fewest
    return mixed and not bool((before[positive] == 1).all())


def resembles_mask(gradient: Array, passes: Array) -> bool:
    """Whether a gradient's signs, or its cells that pass, could be taken for the mask itself."""
    up = gradient > 0
    if not (up & ~passes).any() or not (~up & passes).any():
        return True
    return len({*gradient[passes].tolist()}) == 1


def tells_rows_apart(gradient: Array, *others: Array) -> bool:
    """Whether no observation's own gradient is the sum, its negative, the mean or one of `others`,
    and none of these another.
    """
    if len(gradient) == 1:
        return True
    total = gradient.sum(axis=0)
    sums = [total, -total, total / len(gradient), *(other.ravel() for other in others)]
    distinct = {*_roughly(np.array(sums))}
    return len(distinct) == len(sums) and distinct.isdisjoint(_roughly(gradient))


def _roughly(rows: Array) -> list[bytes]:
    """What each row has in common with those that look like it at the digits asked."""
    return [*map(bytes, rows.round(3) + 0.0)]


# --- a loss ---------------------------------------------------------------------------------------


def tells_sums_apart(predicted: Array, errors: Array, loss: Loss) -> Array:
    """Whether the sums that a squared error is taken for differ, for several targets at once.

    `errors`, shape (targets, n, columns), are the predictions less each target; so many booleans.
    """
    target, factor, n = predicted - errors, 0.5 if loss.half else 1.0, errors.shape[1]
    each = factor * (errors**2).sum(axis=2, keepdims=True)
    gradient = 2 * factor * errors / (n if loss.reduction == "mean" else 1)
    others = [gradient, each] if each.shape == errors.shape else [gradient]
    swapped = [(a - b) ** 2 for o in others for a, b in ((predicted, o), (o, target))]
    squared = [errors, np.abs(errors), (predicted + target) ** 2, *swapped]
    sums = [_sums(cells) for cells in (target, gradient, each)]
    sums += [factor * _sums(cells) for cells in squared]
    whole = sums[2]
    sums += [-whole, n * whole, whole / n]
    sums += [np.full_like(whole, each) for each in (0, predicted.sum())]
    if loss.half:
        sums.append(2 * whole)
    table = np.sort(np.array(sums), axis=0)
    single = each[:, :, 0].T[:, None] == table
    confused = (table[1:] == table[:-1]).any(axis=0) | single.any(axis=(0, 1))
    return np.asarray(~confused)


def _sums(matrices: Array) -> Array:
    """The sum of each matrix's cells."""
    return np.asarray(matrices.sum(axis=(1, 2)))


# --- a whole pass ---------------------------------------------------------------------------------


def lonely(hidden: Array) -> Array:
    """Which hidden columns come from one observation alone, or from none."""
    return np.asarray(np.count_nonzero(hidden, axis=0) < 2)


def silent(hidden: Array) -> Array:
    """The same, and all where an observation comes through nowhere: its z would be 0."""
    return lonely(hidden) | (not hidden.any(axis=1).all())


def confuses_layers(numbers: Mapping[str, Array], weight: Array) -> Array:
    """With which columns of the last weight what comes out is what comes out without the ReLU, or
    of its mask; or a bias is a weight.
    """
    hidden, out = numbers["O1"], numbers["O1"] @ weight
    bad = (numbers["H1"] @ weight == out).all(axis=0)
    bad |= (np.abs((hidden > 0) @ weight) == np.abs(out)).all(axis=0)
    bias = numbers.get("b1")
    confused = bias is not None and (np.abs(bias) == np.abs(weight.T)).all(axis=1)
    return np.asarray(bad | confused)


def tells_losses_apart(
    numbers: Mapping[str, Array], errors: Array, rates: Iterable[Fraction]
) -> bool:
    """Whether the mean of the loglosses differs from other means, a single loss from all of them.

    Learning `rates` may be taken for it, too.
    """
    p, z, n = numbers["p"], numbers["z"], len(errors)
    each = -np.log(1 - np.abs(errors))
    slopes = p * (1 - p)
    quantities = (each, each / n, z, p, p - errors, slopes, errors / n, errors / n / slopes)
    sums = [cells.sum() for cells in quantities]
    known = np.array([*sums, *(float(n * rate) for rate in rates)])
    gaps = np.abs(known[:, None] - known) + np.eye(len(known))
    return bool(min(gaps.min(), np.abs(each - known).min()) > n * LEAST_GAP)


def is_way_back(numbers: Mapping[str, Array], weight: str, begun: Array, largest: int) -> bool:
    """Whether gradients stay small and show the ReLU that was left out, forward or on the way back.

    `begun` is the gradient that reaches the last layer, whose parameter is called `weight`.
    """
    into = numbers.get("O1", numbers["X"])
    found, others = [into.T @ begun], []
    if "H1" in numbers:
        arriving, passes = begun @ numbers[weight].T, into > 0
        if not _shows_mask(numbers, weight, arriving, passes):
            return False
        others = [numbers["H1"].T @ begun, passes.T @ begun]
        found.append(numbers["X"].T @ (arriving * passes))
        if "b1" in numbers:
            found.append((arriving * passes).sum(axis=0))
    if not tells_rows_apart(into * begun, *others):
        return False
    return all(LEAST_STEP <= np.abs(cells).max() <= largest for cells in found)


def _shows_mask(numbers: Mapping[str, Array], weight: str, arriving: Array, passes: Array) -> bool:
    """Whether it shows in each gradient of the first layer when the mask, or a sum, was left out.

    `arriving` is what comes back to the ReLU, which lets through what `passes`.
    """
    X, through = numbers["X"], arriving * passes
    stopped = arriving - through
    shown = stopped.sum(axis=0), X.T @ stopped, through @ numbers["W1"].T
    if resembles_mask(arriving, passes) or not all(cells.any() for cells in shown):
        return False
    mistaken = [arriving.sum(axis=0), numbers[weight]] if "b1" in numbers else []
    by_observation = (X[:, :, None] * through[:, None]).reshape(len(X), -1)
    return tells_rows_apart(through, *mistaken) and tells_rows_apart(by_observation, X.T @ arriving)
