"""Why an item is asked, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language import mark_text, tr
from engine.practice.mistakes import mistake_title

REASONS: dict[str, str] = {
    "mistake": mark_text("You met a mistake here lately: {mistake}."),
    "due": mark_text("It is time to repeat this, before it fades."),
    "begin": mark_text("This is new to you and rests on nothing else: a place to begin."),
    "new": mark_text("This is new to you, and you know what it rests on."),
    "early": mark_text("This is new to you."),
    "weak": mark_text("You are still learning this."),
    "keep": mark_text("You know this; here it is once more, to keep it."),
    "again": mark_text("This was not right at the first try; here it is with other numbers."),
    "chosen": mark_text("You chose this skill."),
}
"""The sentences by code. The field ``mistake`` is a misconception's name."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is asked, to be put into words in the learner's language."""

    code: str
    detail: str = ""
    """The tag of the misconception, where one is the reason."""

    @property
    def sentence(self) -> str:
        """In the learner's language; nothing for a reason of a newer version."""
        if self.code not in REASONS:
            return ""
        if not self.detail:
            return tr(REASONS[self.code])
        return tr(REASONS[self.code], mistake=mistake_title(self.detail))
