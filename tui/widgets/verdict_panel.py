"""The verdict in symbol, word and colour, with what there is to say about the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from engine.language import tr
from tui.shown import shown
from tui.wording import REVEALED, VERDICTS, VerdictWords

if TYPE_CHECKING:
    from engine.marking.mark import Mark


def verdict_content(mark: Mark) -> Content:
    """``✗ not yet``, then the message and the named mistake, each once."""
    said = [mark.message]
    if mark.misconception and mark.misconception.message not in mark.message:
        said.append(mark.misconception.message)
    return _assembled(VERDICTS[mark.verdict], " ".join(filter(None, said)))


def revealed_content() -> Content:
    """What stands where the verdict would, after a reveal."""
    return _assembled(REVEALED, "")


def note_content(text: str) -> Content:
    """A word to the learner that judges nothing."""
    return Content.styled(text, "$muted")


def hint_content(text: str, more: str = "") -> Content:
    """A hint, and beneath it when there will be another; not how many are left.

    Whoever sees how many are left clicks through them.
    """
    below = Content.assemble("\n", (more, "$muted")) if more else ""
    return Content.assemble((f"{tr('Hint')}  ", "$accent"), shown(text), below)


def _assembled(words: VerdictWords, message: str) -> Content:
    style = f"bold ${words.style}"
    message = shown(message)
    word = tr(words.word)
    # A message that says the word itself, or its first half, needs it only once.
    for said in (word, word.partition(",")[0]):
        if message.casefold().startswith(said.casefold()):
            there, rest = message[: len(said)], message[len(said) :]
            return Content.assemble((f"{words.symbol} {there}", style), rest)
    at = message.casefold().find(word.casefold()) if " " in word else -1
    if at > 0:
        rest = message[at + len(word) :]
        there = message[at : at + len(word)]
        return Content.assemble((f"{words.symbol} ", style), message[:at], (there, style), rest)
    return Content.assemble((f"{words.symbol} {word}", style), f"  {message}" if message else "")
