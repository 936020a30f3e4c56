"""The built-in problems as a path: chapters of lessons, in the order that they are best done in."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from engine.language import mark_text, tr

FIRST = "masha"
"""The lesson of someone who names none: the exercise that all this was made for."""

TITLES: dict[str, str] = {
    "first-steps": mark_text("First steps"),
    "masha": mark_text("Masha's exercise"),
    "softmax-to-attention": mark_text("From softmax to attention"),
    "book-steps": mark_text("The problem book: gradient steps"),
    "book-networks": mark_text("The problem book: networks"),
}
"""The chapters by the name that they have in `order.txt`."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A few lessons under one heading."""

    name: str
    lessons: tuple[str, ...]
    """Their ids."""

    @property
    def title(self) -> str:
        """The heading, in the learner's language."""
        return tr(TITLES[self.name])


def chapters() -> tuple[Chapter, ...]:
    """All chapters, as `order.txt` has them: a line ``# name``, and an id a line below it."""
    text = (files("assets") / "problems" / "order.txt").read_text(encoding="utf-8")
    found: list[Chapter] = []
    for block in text.split("#")[1:]:
        name, *lessons = block.split()
        found.append(Chapter(name, tuple(lessons)))
    return tuple(found)


def builtin_ids() -> list[str]:
    """The built-in problems, in the order in which they are best done."""
    return [lesson for chapter in chapters() for lesson in chapter.lessons]
