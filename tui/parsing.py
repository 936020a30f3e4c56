"""Parsers of the command line: argparse with a manual's sections, in the learner's language."""

from __future__ import annotations

import argparse
import textwrap
from argparse import Action, ArgumentParser, HelpFormatter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, NoReturn

import engine
from engine.language import LANGUAGES, mark_text, tr
from tui.commands.common import USAGE, CommandError
from tui.streams import say

PROGRAM = "backhand"
VALUED = ("--lang", "--data-dir")
"""The global options that take a value."""
WIDEST, NARROWEST = 100, 32
"""How long lines may be; between these the terminal decides."""

# argparse asks gettext for its texts, which would look for a catalogue of the system's.
vars(argparse)["_"] = tr
ERRORS = (
    mark_text("argument %(argument_name)s: %(message)s"),
    mark_text("expected one argument"),
    mark_text("ignored explicit argument %r"),
    mark_text("invalid choice: %(value)r (choose from %(choices)s)"),
    mark_text("the following arguments are required: %s"),
    mark_text("unrecognized arguments: %s"),
)
"""argparse's own texts, as far as a learner can meet them."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a help: terms with what they mean, and lines that stay as they are."""

    title: str
    terms: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()


class _Term(Action):
    """A term of a section, as the formatter wants it."""

    def __init__(self, term: str, help: str) -> None:
        super().__init__([], dest="", metavar=term, help=help.replace("%", "%%"))

    def __call__(self, *arguments: Any, **more: Any) -> None:
        """Never called: it is only shown."""


class Formatter(HelpFormatter):
    """argparse's help as wide as the terminal; paragraphs stay apart."""

    def __init__(self, prog: str, width: int | None = None) -> None:
        found = width or get_terminal_size().columns - 2
        super().__init__(prog, width=max(NARROWEST, min(found, WIDEST)))

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[Any],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """``usage: …``"""
        super().add_usage(usage, actions, groups, prefix or tr("usage: "))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = (" ".join(each.split()) for each in text.split("\n\n"))
        fill = textwrap.TextWrapper(width, initial_indent=indent, subsequent_indent=indent)
        return "\n\n".join(fill.fill(each) for each in paragraphs)


class Parser(ArgumentParser):
    """A parser with sections behind its options, whose errors are one line and a pointer."""

    sections: Sequence[Section] = ()

    def error(self, message: str) -> NoReturn:
        """Exit code 2."""
        from difflib import get_close_matches

        advice = [tr("More with {command} --help.", command=self.prog)]
        unknown = tr("unrecognized arguments: %s") % ""
        if message.startswith(unknown):
            typed = message.removeprefix(unknown).split(" ")[0].partition("=")[0]
            for near in get_close_matches(typed, self._option_string_actions, n=1):
                advice.insert(0, tr("Did you mean {word!r}?", word=near))
        raise CommandError(USAGE, f"{self.prog}: {message}. {' '.join(advice)}")

    def _print_message(self, message: str, file: Any = None) -> None:
        """The help or the version; argparse would pass over what can't be written."""
        say(message, end="")

    def format_help(self) -> str:
        """The usage, what it does, the options, then the sections."""
        texts = [super().format_help()]
        for section in self.sections:
            formatter = Formatter(self.prog)
            formatter.start_section(section.title)
            formatter.add_arguments(_Term(*term) for term in section.terms)
            formatter.end_section()
            text = formatter.format_help() if section.terms else f"{section.title}:\n"
            texts.append(text + "".join(f"  {line}\n" for line in section.lines))
        return "\n".join(texts)


def new_parser(program: str, description: str = "", usage: str | None = None) -> Parser:
    """A parser without any arguments yet."""
    parser = Parser(
        prog=program,
        usage=usage,
        description=description,
        formatter_class=Formatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser._positionals.title = tr("what it is about")
    parser._optionals.title = tr("options")
    return parser


def folder(text: str) -> str:
    """The reader of a folder's path, for argparse; ``~`` is the home wherever it stands first."""
    if not text:
        raise argparse.ArgumentTypeError(tr("a folder is expected, this is empty"))
    try:
        return str(Path(text).expanduser())
    except RuntimeError:  # there is no home
        return text


def add_global_options(parser: ArgumentParser) -> None:
    """``[--plain] [--lang L] [--data-dir DIR] [--version] [--help]``"""
    group = parser.add_argument_group(tr("options of every command"))
    group.add_argument(
        "--plain",
        action="store_true",
        help=tr("lesson and quiz line by line: for screen readers, plain terminals, scripts"),
    )
    group.add_argument("--lang", choices=LANGUAGES, help=tr("the language (default: the system's)"))
    group.add_argument(
        "--data-dir",
        metavar="DIR",
        type=folder,
        help=tr("where your records are kept, if not as usual"),
    )
    version = f"{PROGRAM} {engine.__version__}"
    group.add_argument("--version", action="version", version=version, help=tr("print the version"))
    group.add_argument("-h", "--help", action="help", help=tr("print this help"))


def parse(parser: ArgumentParser, tokens: list[str]) -> argparse.Namespace:
    """The options of a line, wherever they stand in it."""
    if "--" in tokens:
        return parser.parse_args(tokens)
    # Left to itself argparse cuts its own English "usage: " off, whatever stands there.
    if parser.usage is None:
        parser.usage = parser.format_usage().removeprefix(tr("usage: ")).rstrip()
    return parser.parse_intermixed_args(tokens)
