"""Matrix answers: the first explanation that fits every filled cell, in the learner's best light.

Right, right for what was entered before, right as far as rounding allows, a misconception, coarse,
a slip, wrong: in that order. Reading comes first; what can't be read costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from engine.expression.evaluate import Array
from engine.language import tr
from engine.marking import slips
from engine.marking.entries import Own, own_numbers
from engine.marking.mark import CellMark, Mark, Misconception, Verdict
from engine.marking.misconceptions import Variant
from engine.marking.precision import Fit, Target, digits_asked, fit, within
from engine.marking.rubric import Candidates, Rubric, rubric
from engine.marking.typed import Matrix, Number, UnreadableAnswer, read_matrix
from engine.problems.problem import Problem

SAFETY = 1.05
"""The rounding bound is first-order made safe; this much more covers what it leaves out."""

Cells = Sequence[Number | None]


def mark_value(
    problem: Problem, key: str, text: str, *, given: Mapping[str, str] | None = None
) -> Mark:
    """Mark a typed matrix (or number) for one step of a problem.

    `given` is what the learner entered for earlier steps, as typed. Any text gives a mark.
    """
    wanted = rubric(problem, key)
    try:
        matrix = read_matrix(text, wanted.step.shape)
    except UnreadableAnswer as error:
        return Mark("invalid", str(error))
    if matrix.shape != wanted.shape:
        return _wrong_shape(wanted, matrix)
    return _Marking(wanted, matrix, given or {}).mark()


def _wrong_shape(wanted: Rubric, matrix: Matrix) -> Mark:
    asked, typed = ("x".join(map(str, shape)) for shape in (wanted.shape, matrix.shape))
    message = tr("The answer is {asked}, this is {typed}.", asked=asked, typed=typed)
    if wanted.step.shape == ():
        message = tr("The answer is one number, this is a {typed} matrix.", typed=typed)
    if matrix.shape == wanted.shape[::-1]:
        turned = [cell for column in zip(*matrix.rows, strict=True) for cell in column]
        if all(
            cell is not None and fit(cell, goal) == "right"
            for cell, goal in zip(turned, wanted.flat, strict=True)
        ):
            message += " " + tr("It is the right answer, transposed.")
    return Mark("invalid", message, reading=matrix.echo())


class _Marking:
    """One answer being marked: the typed cells against everything that they could mean."""

    def __init__(self, wanted: Rubric, matrix: Matrix, given: Mapping[str, str]) -> None:
        self.rubric, self.matrix, self.given = wanted, matrix, given
        self.cells: Cells = [cell for row in matrix.rows for cell in row]
        self.fits = _fits(self.cells, wanted.flat)
        self.blank = any(cell is None for cell in self.cells)

    def mark(self) -> Mark:
        if all(cell is None for cell in self.cells):
            return self._made("incomplete", tr("Nothing is filled in yet."), self.fits)
        if self.blank:
            return self._with_blanks()
        if all(fitting == "right" for fitting in self.fits):
            return self._made("right", tr("Right."), self.fits)
        own = own_numbers(self.rubric.problem, self.rubric.key, self.given)
        return (
            self._on_own(own)
            or self._rounded()
            or self._misconception(own)
            or self._coarse(own)
            or self._slip
            or self._wrong(own)
        )

    # --- the stages, in order ---------------------------------------------------------------------

    def _with_blanks(self) -> Mark:
        filled = [fitting for fitting in self.fits if fitting is not None]
        near = self._near
        if all(fitting != "wrong" or ok for fitting, ok in zip(self.fits, near, strict=True)):
            fits: list[Fit | None] = [fitting and "right" for fitting in self.fits]
            return self._made("incomplete", _so_far(len(filled), len(self.fits)), fits)
        own = own_numbers(self.rubric.problem, self.rubric.key, self.given)
        if own is not None and any(
            "wrong" not in _fits(self.cells, _flat(form)) for form in own.forms
        ):
            fits = [fitting and "right" for fitting in self.fits]
            return self._made("incomplete", _so_far(len(filled), len(self.fits)), fits)
        return self._misconception(own) or self._wrong(own)

    def _on_own(self, own: Own | None) -> Mark | None:
        if own is None:
            return None
        for form in own.forms:
            if all(fitting == "right" for fitting in _fits(self.cells, _flat(form))):
                return self._carried(own)
        return None

    def _carried(self, own: Own) -> Mark:
        right: list[Fit | None] = ["right"] * len(self.cells)
        if not own.faults:
            message = tr("Right, with the rounding of your earlier results.")
            return self._made("rounded", message, right)
        where = ", ".join(map(self.rubric.solution.symbol, own.faults))
        message = tr(
            "This step is right for what you entered before. The mistake lies earlier, in {where}.",
            where=where,
        )
        return self._made("carried", message, right, carried_from=own.faults)

    @cached_property
    def _near(self) -> list[bool]:
        """Which cells are within what rounding of the intermediate results can do."""
        return [
            cell is None or within(cell, goal.value, SAFETY * float(reach) + 1e-9)
            for cell, goal, reach in zip(
                self.cells, self.rubric.flat, self.rubric.bound, strict=True
            )
        ]

    def _rounded(self) -> Mark | None:
        if not all(
            fitting == "right" or (ok and not self._too_few_digits(place))
            for place, (fitting, ok) in enumerate(zip(self.fits, self._near, strict=True))
        ):
            return None
        named = self._named(self.rubric.candidates, strict=True)
        if named is not None:
            return named
        message = tr("Right, as far as rounding in between allows.")
        return self._made("rounded", message, ["right"] * len(self.cells))

    def _too_few_digits(self, place: int) -> bool:
        """Coarse, and not only for being cut off at the last digit."""
        cell, goal = self.cells[place], self.rubric.flat[place]
        few = cell is not None and cell.decimals is not None and cell.decimals < goal.decimals
        return few and self.fits[place] == "coarse"

    def _misconception(self, own: Own | None) -> Mark | None:
        mark = self._named(self.rubric.candidates)
        if mark is not None:
            return mark
        if own is not None:
            truth = np.array([goal.value for goal in _flat(own.forms[0])])
            mark = self._named(self.rubric.candidates_on(own.numbers, truth))
            if mark is not None:
                return mark
        # A sign or a turned matrix is a simpler story than two mistakes at once.
        if self._slip is not None or self._coarse(own) is not None:
            return None
        return self._named(self.rubric.pairs)

    def _named(self, table: Candidates, strict: bool = False) -> Mark | None:
        """The misconception whose values fit every filled cell, at the digits typed."""
        typed, tolerance = self._numbers, self._close if strict else self._as_typed
        fitting = [
            table.meanings[place]
            for place in table.matching(typed, tolerance)
            if self._fits_digits(table.values[place], strict)
        ]
        if not fitting:
            return None
        best = fitting[0]
        others = _other_readings(best, fitting[1:])
        message = " ".join([*(variant.message for variant in best), *others])
        if best[0].tag == "sign" and not self.blank:
            return self._slip or self._misconceived("sign", message)
        return self._misconceived(best[0].tag, message)

    @cached_property
    def _numbers(self) -> Array:
        """The typed cells, nan for a blank."""
        return np.array([np.nan if cell is None else cell.number for cell in self.cells])

    @cached_property
    def _close(self) -> Array:
        """How far a value may be from each cell at the digits asked."""
        return self.rubric.half * (1 + 1e-9) + 1e-12

    @cached_property
    def _as_typed(self) -> Array:
        """How far at the digits typed, where they are fewer."""
        units = [
            0.0 if cell is None or cell.decimals is None else 10.0**-cell.decimals
            for cell in self.cells
        ]
        return np.asarray(np.maximum(self.rubric.half, units) * (1 + 1e-9) + 1e-12)

    def _fits_digits(self, values: Array, strict: bool) -> bool:
        """Whether each typed cell is the value at the digits typed, and they are digits enough."""
        for cell, value, goal in zip(self.cells, values.tolist(), self.rubric.flat, strict=True):
            if cell is None or strict:
                continue
            goal = Target(value, None, goal.half, max(goal.decimals, 4))
            if fit(cell, goal) == "wrong":
                return False
        return True

    def _coarse(self, own: Own | None) -> Mark | None:
        near = self._near
        fine = [fitting != "wrong" or ok for fitting, ok in zip(self.fits, near, strict=True)]
        on_own = own is not None and any(
            "wrong" not in _fits(self.cells, _flat(form)) for form in own.forms
        )
        if not (all(fine) or on_own):
            return None
        message = tr("Right so far: give {digits}.", digits=self._digits_asked())
        return self._made("coarse", message, ["right"] * len(self.cells))

    def _digits_asked(self) -> str:
        if any(goal.exact is not None for goal in self.rubric.flat):
            return tr("the exact numbers")
        return digits_asked(self.rubric.precision)

    @cached_property
    def _slip(self) -> Mark | None:
        numbers = [cell for cell in self.cells if cell is not None]
        found = slips.whole(self.rubric, numbers)
        return self._misconceived(*found) if found else None

    def _wrong(self, own: Own | None) -> Mark:
        fits = self._shown()
        if "wrong" not in fits:
            fits = self.fits
        if own is not None:
            for form in own.forms:
                against = _fits(self.cells, _flat(form))
                if against.count("wrong") < fits.count("wrong"):
                    fits = against
        hint = None if self.blank else slips.in_one_cell(self.rubric, self.cells, fits)
        places = [place for place, fitting in enumerate(fits) if fitting == "wrong"]
        message = hint or self._where(places)
        return self._made("wrong", message, fits)

    def _where(self, places: Sequence[int]) -> str:
        columns = self.rubric.shape[1]
        if self.rubric.step.shape == ():
            return tr("Not yet.")
        if len(places) == 1:
            row, column = divmod(places[0], columns)
            return tr(
                "Not yet: row {row}, column {column} isn't right.", row=row + 1, column=column + 1
            )
        return tr(
            "Not yet: {wrong} of {all} cells aren't right.", wrong=len(places), all=len(self.cells)
        )

    # --- making the mark --------------------------------------------------------------------------

    def _misconceived(self, tag: str, message: str) -> Mark:
        return self._made("misconception", message, self._shown(), Misconception(tag, message))

    def _shown(self) -> list[Fit | None]:
        """The cells against the exact values; one that rounding explains isn't called wrong."""
        return [
            "right" if ok and fitting == "wrong" and reach <= abs(goal.value) / 5 else fitting
            for fitting, ok, goal, reach in zip(
                self.fits, self._near, self.rubric.flat, self.rubric.bound.tolist(), strict=True
            )
        ]

    def _made(
        self,
        verdict: Verdict,
        message: str,
        fits: Sequence[Fit | None],
        misconception: Misconception | None = None,
        carried_from: tuple[str, ...] = (),
    ) -> Mark:
        columns = self.rubric.shape[1]
        flat: list[CellMark] = [_cell_mark(fitting) for fitting in fits]
        cells = tuple(
            tuple(flat[start : start + columns]) for start in range(0, len(flat), columns)
        )
        text = " ".join([message, *self.matrix.notes])
        return Mark(verdict, text, cells, misconception, self.matrix.echo(), carried_from)


def _cell_mark(fitting: Fit | None) -> CellMark:
    if fitting is None:
        return "blank"
    return "wrong" if fitting == "wrong" else "right"


def _fits(cells: Cells, goals: Sequence[Target]) -> list[Fit | None]:
    return [
        None if cell is None else fit(cell, goal) for cell, goal in zip(cells, goals, strict=True)
    ]


def _flat(form: Sequence[Sequence[Target]]) -> list[Target]:
    return [goal for row in form for goal in row]


def _so_far(filled: int, every: int) -> str:
    return tr("Right so far: {filled} of {all} cells are filled in.", filled=filled, all=every)


def _other_readings(best: Sequence[Variant], others: Sequence[tuple[Variant, ...]]) -> list[str]:
    """What else would look the same: told, not chosen."""
    seen = {variant.tag for variant in best}
    told = []
    for reading in others:
        far_fetched = reading[0].tag == "wrong_quantity"
        if len(reading) == 1 and not far_fetched and reading[0].tag not in seen:
            seen.add(reading[0].tag)
            told.append(
                tr(
                    "The same numbers also come from another mistake. {other}",
                    other=reading[0].message,
                )
            )
    return told[:1]
