"""The end of a session in the line mode: the score, the closing page, handing in an exam."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.language import ntr, tr
from tui.closing import closing
from tui.streams import say

if TYPE_CHECKING:
    from engine.practice.quiz import Quiz
    from engine.practice.session import Session


def say_score(session: Session) -> None:
    total = len(session.questions)
    first = sum(1 for progress in session.progress if progress.first_try)
    say()
    say(
        ntr(
            "{first} of {number} question right at the first try.",
            "{first} of {number} questions right at the first try.",
            total,
            first=first,
        )
    )
    shown = sum(1 for progress in session.progress if progress.status == "revealed")
    if shown:
        say(ntr("{number} was shown.", "{number} were shown.", shown))


def say_closing(quiz: Quiz) -> None:
    page = closing(quiz)
    say()
    say(page.score)
    if page.well:
        say(tr("Went well: {skills}.", skills="; ".join(page.well)))
    if page.missed:
        say(tr("To look at again:"))
    for missed in page.missed:
        mended = "  " + tr("Right when it came back.") if missed.mended else ""
        say(f"{missed.number}. {missed.title}: {missed.why}.{mended}")
    if page.mistakes:
        say(tr("Mistakes met, by name:"))
    for mistake in page.mistakes:
        times = f" ×{mistake.times}" if mistake.times > 1 else ""
        say(f"{mistake.title}{times}. {mistake.message}".rstrip())


def say_before_handing_in(quiz: Quiz) -> None:
    """Behind an exam's last question: what is left open, and what one can do."""
    say()
    left = ", ".join(str(position + 1) for position in quiz.open_positions)
    say(
        tr("Left open: {questions}.", questions=left) if left else tr("Every question is answered.")
    )
    say(tr("A number goes to that question, :back to the last one; an empty line hands in."))


def take_at_the_end(quiz: Quiz, line: str) -> None:
    """Hand the exam in, or go to a question of it."""
    if not line:
        quiz.hand_in()
    elif line == ":back":
        quiz.back()
    elif line.isascii() and line.isdigit() and 1 <= int(line[:9]) <= len(quiz.questions):
        quiz.go(int(line) - 1)
    else:
        say(tr("A number goes to that question, :back to the last one; an empty line hands in."))
