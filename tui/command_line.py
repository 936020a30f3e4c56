"""The command line: finds the command, reads its options, runs it, and turns errors into words."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

import engine
from engine.language import LANGUAGES, tr, use_language
from tui.accidents import OWN_FAULT, debugging
from tui.commands.common import FINE, USAGE, CommandError
from tui.streams import OutputError, complain, flush, give_up_output, make_safe

PROGRAM = "backhand"
COMMANDS = (
    "lesson",
    "quiz",
    "problems",
    "solve",
    "mark",
    "check",
    "generate",
    "stats",
    "records",
)
INTERRUPTED, BROKEN_PIPE, OUTPUT_FAILED = 130, 141, 74
"""Exit codes beside those of the commands: as a shell reports SIGINT and SIGPIPE, and sysexits."""

VALUED = ("--lang", "--data-dir")
"""The global options that take a value."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, by default the program's own; returns the exit code."""
    make_safe()
    tokens = list(sys.argv[1:] if argv is None else argv)
    use_language(_language(tokens, os.environ))
    try:
        code = _finished(tokens)
        flush()
    except KeyboardInterrupt:
        complain("")
        return INTERRUPTED
    except BrokenPipeError:
        give_up_output()
        return BROKEN_PIPE
    except OutputError as error:
        give_up_output()
        complain(tr("The output can't be written: {cause}.", cause=error))
        return OUTPUT_FAILED
    except Exception as error:
        if debugging():
            raise
        message = tr("Backhand made a mistake of its own. BACKHAND_DEBUG=1 shows where.")
        complain(f"{message}\n{type(error).__name__}: {error}")
        return OWN_FAULT
    return code


def _finished(tokens: list[str]) -> int:
    try:
        return _run(tokens)
    except CommandError as stop:
        complain(str(stop))
        return stop.code
    except SystemExit as done:  # argparse, after the help or the version
        return done.code if isinstance(done.code, int) else FINE


def _run(tokens: list[str]) -> int:
    before, command, after = _split(tokens)
    if command is None:
        return _home(_parse(_program_parser(before), before))
    if command not in COMMANDS:
        raise CommandError(USAGE, _unknown(command))
    module = import_module(f"tui.commands.{command}")
    arranged = getattr(module, "arranged", list)
    options = _parse(_command_parser(command, module), arranged([*before, *after]))
    return int(module.run(options))


def _unknown(command: str) -> str:
    near = get_close_matches(command, COMMANDS, n=1)
    parts = [tr("There is no command {command!r}.", command=command)]
    if near:
        parts.append(tr("Did you mean {word!r}?", word=near[0]))
    parts.append(tr("The commands are {known}.", known=", ".join(COMMANDS)))
    return " ".join(parts)


def _home(options: Namespace) -> int:
    from tui.commands.starting import need_terminal, run_app

    if options.plain:
        raise CommandError(USAGE, tr("--plain goes with a command: backhand lesson --plain"))
    need_terminal()
    return run_app("home", options)


def _split(tokens: Sequence[str]) -> tuple[list[str], str | None, list[str]]:
    """The options before the command, the command, and what is behind it."""
    place = 0
    while place < len(tokens) and tokens[place].startswith("-"):
        place += 2 if tokens[place] in VALUED else 1
    command = tokens[place] if place < len(tokens) else None
    return list(tokens[:place]), command, list(tokens[place + 1 :])


def _language(tokens: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for, even by a command line that turns out to be wrong; else English."""
    for place, token in enumerate(tokens):
        name, _, value = token.partition("=")
        if name == "--lang":
            asked = value or (tokens[place + 1] if place + 1 < len(tokens) else "")
            return asked if asked in LANGUAGES else LANGUAGES[0]
    locale = next(
        (environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), ""
    )
    if locale.partition(".")[0] in ("C", "POSIX"):
        return LANGUAGES[0]
    for wish in (*environment.get("LANGUAGE", "").split(":"), locale):
        if wish[:2].lower() in LANGUAGES:
            return wish[:2].lower()
    return LANGUAGES[0]


# --- parsers ------------------------------------------------------------------------------------


class _Formatter(RawDescriptionHelpFormatter):
    """argparse's help, with its own word before the usage translated."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[Any],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """``usage: …``"""
        super().add_usage(usage, actions, groups, prefix or tr("usage: "))


class _Parser(ArgumentParser):
    """A parser whose errors are one line and a pointer to the help."""

    def error(self, message: str) -> NoReturn:
        """Exit code 2."""
        advice = tr("More with {command} --help.", command=self.prog)
        raise CommandError(USAGE, f"{self.prog}: {message}. {advice}")


def _parse(parser: ArgumentParser, tokens: list[str]) -> Namespace:
    if "--" in tokens:
        return parser.parse_args(tokens)
    # Left to itself argparse cuts its own English "usage: " off, whatever stands there.
    if parser.usage is None:
        parser.usage = parser.format_usage().removeprefix(tr("usage: ")).rstrip()
    return parser.parse_intermixed_args(tokens)


def _program_parser(tokens: Sequence[str]) -> ArgumentParser:
    """The parser of a line without a command; the list of commands is made only when it's read."""
    epilog = _overview() if {"-h", "--help"} & {*tokens} else ""
    description = tr("A tutor for doing the passes of a neural network by hand.")
    usage = tr("{program} [OPTION…] [COMMAND …]", program=PROGRAM)
    return _new_parser(PROGRAM, description, epilog, usage)


def _overview() -> str:
    modules = {command: import_module(f"tui.commands.{command}") for command in COMMANDS}
    width = max(map(len, COMMANDS))
    lines = [f"  {command:<{width}}  {tr(module.SUMMARY)}" for command, module in modules.items()]
    start = f"  {'':<{width}}  " + tr("without a command: the app's home screen")
    more = tr("More about a command: {program} COMMAND --help", program=PROGRAM)
    return "\n".join([tr("commands:"), start, *lines, "", _exit_codes(), "", more])


def _exit_codes() -> str:
    codes = [
        tr("0 fine, everything is right"),
        tr("1 marked or checked, and something is wrong"),
        tr("2 the command line isn't right, or a name in it is unknown"),
        tr("3 a file is invalid"),
        tr("4 the records can't be read or written"),
    ]
    return "\n".join([tr("exit codes:"), *(f"  {code}" for code in codes)])


def _command_parser(command: str, module: ModuleType) -> ArgumentParser:
    examples = "\n".join([tr("examples:"), *(f"  {line}" for line in module.EXAMPLES.splitlines())])
    summary = tr(module.SUMMARY)
    description = f"{summary[0].upper()}{summary[1:]}."
    parser = _new_parser(f"{PROGRAM} {command}", description, examples)
    module.add_arguments(parser)
    return parser


def _new_parser(
    program: str, description: str, epilog: str, usage: str | None = None
) -> ArgumentParser:
    parser = _Parser(
        prog=program,
        usage=usage,
        description=description,
        epilog=epilog,
        formatter_class=_Formatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser._positionals.title = tr("what it is about")
    parser._optionals.title = tr("options")
    group = parser.add_argument_group(tr("options of every command"))
    group.add_argument(
        "--plain",
        action="store_true",
        help=tr("lesson and quiz line by line: for screen readers, plain terminals, scripts"),
    )
    group.add_argument("--lang", choices=LANGUAGES, help=tr("the language (default: the system's)"))
    group.add_argument(
        "--data-dir", metavar="DIR", help=tr("where your records are kept, if not as usual")
    )
    version = f"{PROGRAM} {engine.__version__}"
    group.add_argument("--version", action="version", version=version, help=tr("print the version"))
    group.add_argument("-h", "--help", action="help", help=tr("print this help"))
    return parser
