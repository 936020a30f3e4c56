"""What a quiz's closing page says, in the app and line by line: what went well, what didn't."""

from __future__ import annotations

from typing import NamedTuple

from engine.language import ntr, tr
from engine.practice.mistakes import mistake_title
from engine.practice.quiz import Missed, Quiz, Summary, summary
from engine.practice.titles import skill_title


class MissedWords(NamedTuple):
    """One item that was missed."""

    number: int
    """Its place in the quiz, from 1."""
    title: str
    why: str


class Closing(NamedTuple):
    """The parts of the page, each in the learner's language."""

    score: str
    well: tuple[str, ...]
    """The skills known at once, each once."""
    missed: tuple[MissedWords, ...]
    mistakes: tuple[str, ...]
    """The misconceptions by name, the most frequent first."""


def closing(quiz: Quiz) -> Closing:
    """What there is to say at the end of a quiz."""
    result = summary(quiz)
    score = ntr(
        "{right} of {number} question right at the first try.",
        "{right} of {number} questions right at the first try.",
        result.length,
        right=result.score,
    )
    lost = {missed.place for missed in result.missed}
    places = [place for place in range(quiz.length) if place not in lost]
    well = dict.fromkeys(skill_title(quiz.items[place].skill) for place in places)
    missed = tuple(_missed_words(quiz, missed) for missed in result.missed)
    return Closing(score, tuple(well), missed, _named(result))


def _named(result: Summary) -> tuple[str, ...]:
    return tuple(
        mistake_title(tag) if times == 1 else f"{mistake_title(tag)} ×{times}"
        for tag, times in result.tags.items()
    )


def _missed_words(quiz: Quiz, missed: Missed) -> MissedWords:
    positions = quiz.positions(missed.place)
    question = quiz.questions[positions[0]]
    own = [quiz.progress[position] for position in positions]
    marks = [attempt.mark for progress in own for attempt in progress.attempts]
    named = next((mark.misconception for mark in marks if mark.misconception), None)
    if named is not None:
        why = named.message
    elif all(progress.status == "right" for progress in own):
        why = tr("right with more than one try or a hint")
    elif marks:
        why = tr("not right")
    elif quiz.exam or any(progress.status in ("open", "skipped") for progress in own):
        why = tr("left open")
    else:
        why = tr("shown")
    if missed.mended:
        why += "  " + tr("Right when it came back.")
    title = tr("{skill}, {symbol}", skill=skill_title(missed.skill), symbol=question.symbol)
    return MissedWords(missed.place + 1, title, why)
