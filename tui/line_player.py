"""Plays a session line by line: asks on stdout, takes answers and commands from stdin."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from engine.expression.node import names
from engine.language import ntr, tr
from engine.network.losses import N
from engine.practice.quiz import Quiz
from engine.practice.reveal import reveal
from tui.exporting import exported
from tui.line_reader import LineReader
from tui.plain_end import say_before_handing_in, take_at_the_end
from tui.shown import shown
from tui.spoken import (
    array_text,
    asked_text,
    cell_line,
    cell_lines,
    code_lines,
    formula_line,
    layer_lines,
    mark_lines,
    one_line,
    option_lines,
    printed_lines,
    proof_lines,
    reading_text,
    right_text,
    shape_lines,
    value_text,
)
from tui.streams import complain, is_terminal, say
from tui.wording import STALE, pass_words

if TYPE_CHECKING:
    from engine.practice.session import Question, Session
    from engine.problems.problem import Part
    from engine.records.places import Places
    from engine.records.recorder import Recorder


def say_numbers(text: str) -> None:
    """Say a line with numbers in it, with the learner's decimal sign."""
    say(shown(text))


class LinePlayer:
    """Asks a session's questions on stdout and sends it what comes from stdin."""

    def __init__(self, session: Session, places: Places, recorder: Recorder) -> None:
        self.session = session
        self.places = places
        self.recorder = recorder
        recorder.attach(session)
        self.told: set[str] = set()
        """What was said about the records: each trouble is told once."""
        self.part: Part | None = None
        """The part that was announced last."""
        self.left = False
        self.lines = LineReader()
        self.explained: Question | None = None
        """The question that was answered or shown last."""
        self.commands: dict[str, Callable[[], None]] = {
            ":hint": self.hint,
            ":reveal": self.reveal,
            ":back": self.back,
            ":skip": self.skip,
            ":where": self.where,
            ":help": self.help,
            ":why": self.why,
            ":quit": self.quit,
        }

    def play(self) -> bool:
        """Ask until the last question is done, or the learner leaves; whether it was the last."""
        if is_terminal():
            with suppress(ImportError):
                import_module("readline")  # lets a line be edited before it is sent
        self.tell()
        try:
            with self.lines.keeping_signals():
                self.ask_all()
        finally:
            self.save()
            lost = self.recorder.finish()
            if lost:
                complain(lost)
        return self.session.finished and not self.exam

    def ask_all(self) -> None:
        """Ask one question after the other."""
        asked = -1
        while not self.left:
            if self.session.finished:
                if not self.before_handing_in():
                    break
                asked = -1
                continue
            if asked != self.session.position:
                asked = self.session.position
                self.ask()
            line = self.lines.read(f"{self.session.question.id}> ")
            if line is None:
                break
            asked = self.take(line.strip(), asked)
            self.save()

    def before_handing_in(self) -> bool:
        """Behind an exam's last question: whether there is anything left to ask."""
        quiz = self.session
        if not (isinstance(quiz, Quiz) and quiz.secret):
            return False
        say_before_handing_in(quiz)
        line = self.lines.read("exam> ")
        if line is None:
            return False
        if line.strip() == ":quit":
            self.left = True
        else:
            take_at_the_end(quiz, line.strip())
        self.save()
        return True

    def take(self, line: str, asked: int) -> int:
        """Do what the line says; -1 where the question is to be asked in full again."""
        if line.casefold().startswith(":export "):
            say(exported(self.recorder, Path(line.partition(" ")[2].strip())))
            return asked
        if line.casefold().startswith(":why "):
            self.why(line[len(":why ") :].strip())
            return asked
        if line.startswith(":"):
            command = self.commands.get(line.casefold())
            if command is None:
                say(tr("There is no command {command}. :help lists them.", command=line[:40]))
            else:
                command()
            return -1 if line.casefold() == ":where" else asked
        if line:
            self.answer(line)
        elif self.session.here.status in ("right", "revealed", "noted"):
            self.session.next()
        else:
            say(tr("Type your answer, or :help."))
        return asked

    def save(self) -> None:
        """Keep the place; trouble with the file is told once, and practice goes on."""
        self.places.save(self.session.name, self.session.snapshot())
        self.tell()

    def tell(self) -> None:
        """Say what is new about the records."""
        for text in (self.places.database.notice, self.places.trouble, self.recorder.trouble):
            if text and text not in self.told:
                self.told.add(text)
                complain(text)

    # --- what is said -----------------------------------------------------------------------------

    def ask(self) -> None:
        """The question with what one needs for it."""
        session, question = self.session, self.session.question
        say()
        if question.part is not None and question.part is not self.part:
            self.part = question.part
            # The word is part of the line mode's protocol, the same in every language.
            say(f"part {question.part.label}")
            if question.text:
                say(one_line(question.text))
        elif question.part is None:
            number, total = session.counted
            say(tr("Question {number} of {total}", number=number, total=total))
            if question.whole and isinstance(session, Quiz):
                step, steps = session.step
                say(tr("Step {step} of {steps} of a whole pass", step=step, steps=steps))
        if question.why is not None and question.why.sentence and not question.mends:
            say(question.why.sentence)
        shapes_only = question.kind == "shape"
        for line in shape_lines(question) if shapes_only else self.known(self.needed()):
            say_numbers(line)
        for line in layer_lines(question):
            say(line)
        say_numbers(asked_text(question))
        for line in option_lines(question):
            say_numbers(line)
        if session.is_stale:
            say(tr(STALE))
        here = session.here
        if here.status in ("right", "revealed"):
            say_numbers(
                tr(
                    "This one is done: {answer}. An empty line goes on.",
                    answer=right_text(question),
                )
            )
        elif here.status == "noted":
            say_numbers(tr("Noted: {answer}. Another answer takes its place.", answer=here.draft))
        elif here.draft and not here.attempts:
            say(tr("You had begun to type: {draft}", draft=here.draft))

    def needed(self) -> list[str]:
        """The known keys to have before one: the layer's, or all where those aren't enough."""
        near = self.session.nearby()
        question = self.session.question
        solution = question.problem.solution
        used = {*names(solution[question.key].node)} - {N}
        return near if used <= {*near} else self.session.at_hand()

    def known(self, keys: list[str]) -> list[str]:
        """Known values, one a line, by the names that formulas use; noted ones as entered."""
        problem, noted = self.session.question.problem, self.session.noted()
        arriving = problem.solution[self.session.question.key].quantity.d
        lines = []
        for key in keys:
            name = f"{'d = ' if key == arriving else ''}{key}"
            if key in noted:
                value = array_text(noted[key])
                lines.append(tr("{name} = {value} (your answer)", name=name, value=value))
            else:
                lines.append(f"{name} = {value_text(problem, key)}")
        return lines

    def show_note(self) -> None:
        """What the source prints for this quantity, and what there is to say about it."""
        question = self.session.question
        published = question.problem.published.get(question.key)
        if published is None:
            return
        for line in printed_lines(question, published):
            say_numbers(line)
        if published.note and self.session.note_is_due:
            say_numbers(one_line(published.note))

    # --- what one can do --------------------------------------------------------------------------

    def answer(self, text: str) -> None:
        """Mark an answer; a right one goes on, any other is explained and asked again."""
        mark = self.session.answer(text)
        if self.exam and self.session.said is None:
            say(tr("Noted."))
            self.session.next()
            return
        for line in mark_lines(mark):
            say_numbers(line)
        if self.session.question.kind == "formula" and mark.reading:
            say_numbers(tr("Read as: {reading}", reading=reading_text(mark)))
        if mark.accepted:
            self.explained = self.session.question
            if self.session.question.afterword:
                say(self.session.question.afterword)
            self.show_note()
            self.session.next()

    @property
    def exam(self) -> bool:
        """Whether nothing is said before the end."""
        return isinstance(self.session, Quiz) and self.session.secret

    def hint(self) -> None:
        """The next hint, once it is open."""
        if self.exam:
            say(tr("In an exam there is no help before the end."))
            return
        text = self.session.hint()
        if text is None:
            seconds = max(1, round(self.session.hint_waits()))
            say(
                ntr(
                    "Try first: the next hint opens after a try, or in {number} second.",
                    "Try first: the next hint opens after a try, or in {number} seconds.",
                    seconds,
                )
            )
        else:
            say_numbers(tr("Hint: {text}", text=text))

    def reveal(self) -> None:
        """The right answer, and on to the next question."""
        if self.exam:
            say(tr("In an exam there is no help before the end."))
            return
        revealed = self.session.reveal()
        question = self.session.question
        self.explained = question
        say_numbers(f"{question.id} = {right_text(question)}")
        if question.kind == "value":
            say_numbers(formula_line(revealed))
            for line in cell_lines(revealed):
                say_numbers(line)
        self.show_note()
        self.session.next()

    def why(self, place: str = "") -> None:
        """How the last answer comes about: each cell or one, the code, the proof of a gradient."""
        if self.exam:
            say(tr("In an exam there is no help before the end."))
            return
        here = self.session.here
        question = self.session.question
        if here.status not in ("right", "revealed"):
            if self.explained is None:
                say(tr("Nothing is answered yet."))
                return
            question = self.explained
        revealed = reveal(question.problem, question.key)
        if question.kind not in ("value", "choice"):
            say_numbers(formula_line(revealed))
            for line in code_lines(revealed):
                say(line)
            return
        rows, columns = (*revealed.value.shape, 1, 1)[:2]
        cell = _place(place, rows, columns)
        if place and cell is None:
            say(
                tr(
                    "A cell is asked for by its row and column, up to :why {rows} {columns}.",
                    rows=rows,
                    columns=columns,
                )
            )
            return
        say_numbers(formula_line(revealed))
        for line in [cell_line(revealed, *cell)] if cell else cell_lines(revealed):
            say_numbers(line)
        for line in code_lines(revealed):
            say(line)
        if revealed.provable:
            for line in proof_lines(revealed, *(cell or (0, 0))):
                say_numbers(line)

    def back(self) -> None:
        """To the question before."""
        self.session.back()

    def skip(self) -> None:
        """On without an answer."""
        self.session.skip()

    def where(self) -> None:
        """How far one is, and everything that is known."""
        session, question = self.session, self.session.question
        say(
            tr(
                "Question {number} of {total}, {done} done. {stage}.",
                number=session.position + 1,
                total=len(session.questions),
                done=session.answered,
                stage=pass_words(question).capitalize(),
            )
        )
        for line in self.known(session.at_hand()):
            say_numbers(line)
        self.part = None

    def help(self) -> None:
        """What can be typed."""
        for line in (
            tr("A matrix: rows separated by ; and cells by blanks, such as 2 -1; 0 1."),
            tr("A cell: -0.5, .5, 1/3, or a short sum such as 1*2+3; exp, ln, sqrt, sigmoid too."),
            tr(
                "A formula: · or @ is the matrix product, * cell by cell, .T the transpose, "
                "[H1 > 0] the mask, d the gradient that arrives."
            ),
            tr(":hint gives the next hint."),
            tr(":reveal shows the right answer and goes on."),
            tr(":why works out the cells of the last answer; :why 1 2 the one in row 1, column 2."),
            tr(":back goes to the question before, :skip to the next one."),
            tr(":where says how far you are and lists everything that is known."),
            tr(":export FILE writes all your records to a file."),
            tr(":quit leaves; your place is kept."),
        ):
            say(line)

    def quit(self) -> None:
        """Leave, keeping the place."""
        self.left = True


def _place(text: str, rows: int, columns: int) -> tuple[int, int] | None:
    """A cell, from 0, that is asked for as ``2 1``; None where there is no such cell."""
    words = text.replace(",", " ").split()
    if len(words) != 2 or not all(word.isascii() and word.isdigit() for word in words):
        return None
    row, column = (int(word[:4]) for word in words)
    return (row - 1, column - 1) if 1 <= row <= rows and 1 <= column <= columns else None
