"""The learner's language: every text that a person reads goes through `tr`, `ntr` or `local`."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

LANGUAGES: tuple[str, ...] = ("en", "ru")
"""The languages that the tutor speaks; the first is the one that the texts are written in."""

DOMAIN = "backhand"

_language: ContextVar[list[str]] = ContextVar("language", default=[LANGUAGES[0]])  # noqa: B039
"""A list of one, which all tasks share that one task started: `switch_language` changes it."""


def use_language(language: str) -> None:
    """Speak a language from here on, in this task and in those that it starts.

    An unknown language raises `ValueError`.
    """
    _language.set([_known(language)])


def switch_language(language: str) -> None:
    """Speak another language in this task and in all that share its language with it.

    That is whoever descends from the same `use_language`; an unknown language raises `ValueError`.
    """
    _language.get()[0] = _known(language)


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}: expected one of {', '.join(LANGUAGES)}")
    return language


def language() -> str:
    """The language in use, such as ``"en"``."""
    return _language.get()[0]


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    if name == LANGUAGES[0]:
        return gettext.NullTranslations()
    path = files("assets") / "translations" / f"{name}.mo"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def tr(text: str, /, **fields: object) -> str:
    """The text in the learner's language, with its ``{fields}`` put in."""
    translated = _catalogue(language()).gettext(text)
    return translated.format(**fields) if fields else translated


def ntr(one: str, many: str, number: int, /, **fields: object) -> str:
    """The text for ``number`` things, in the plural form that the language wants."""
    translated = _catalogue(language()).ngettext(one, many, number)
    return translated.format(number=number, **fields)


def mark_text(text: str) -> str:
    """Mark a text that is translated where it is shown, not where it is declared."""
    return text


def local(text: str | Mapping[str, str] | None) -> str:
    """A problem's own text: a string, or a table by language with English as the fallback."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(language()) or text.get(LANGUAGES[0]) or next(iter(text.values()), "")
