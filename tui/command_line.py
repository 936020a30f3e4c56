"""The command line: finds the command, reads its options, runs it, and turns errors into words."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType

from engine.language import LANGUAGES, tr, use_language
from tui.accidents import OWN_FAULT, debugging
from tui.commands.common import FINE, USAGE, CommandError
from tui.parsing import PROGRAM, VALUED, Parser, add_global_options, new_parser, parse
from tui.streams import InputError, OutputError, complain, flush, give_up_output, make_safe

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
    "completion",
)
INTERRUPTED, BROKEN_PIPE, OUTPUT_FAILED, INPUT_FAILED = 130, 141, 74, 74
"""Exit codes beside those of the commands: as a shell reports SIGINT and SIGPIPE, and sysexits."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, by default the program's own; returns the exit code."""
    make_safe()
    tokens = list(sys.argv[1:] if argv is None else argv)
    use_language(_language(tokens, os.environ))
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what could come next
        from tui.completion import complete

        complete()
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
    except InputError as error:
        complain(tr("The input can't be read: {cause}.", cause=error))
        return INPUT_FAILED
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
    except SystemExit as done:  # by argparse after the help or the version, or by a signal
        return done.code if isinstance(done.code, int) else FINE


def _run(tokens: list[str]) -> int:
    before, command, after = _split(tokens)
    if command is None:
        return _home(parse(_program_parser(before), before))
    if command not in COMMANDS:
        raise CommandError(USAGE, _unknown(command))
    module = import_module(f"tui.commands.{command}")
    arranged = getattr(module, "arranged", list)
    options = parse(_command_parser(command, module), arranged([*before, *after]))
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
            if asked in LANGUAGES:
                return asked
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


def _program_parser(tokens: Sequence[str]) -> Parser:
    """The parser of a line without a command; its sections are made only when they are read."""
    from tui import manual

    usage = tr("{program} [OPTION…] [COMMAND …]", program=PROGRAM)
    parser = new_parser(PROGRAM, tr(manual.ABOUT), usage)
    add_global_options(parser)
    if {"-h", "--help"} & {*tokens}:
        parser.sections = manual.overview(command_modules())
    return parser


def command_modules() -> dict[str, ModuleType]:
    """Every command's module by its name."""
    return {command: import_module(f"tui.commands.{command}") for command in COMMANDS}


def _command_parser(command: str, module: ModuleType) -> Parser:
    from tui import manual

    parser = new_parser(f"{PROGRAM} {command}", tr(module.DETAILS))
    parser.sections = manual.command_sections(module)
    module.add_arguments(parser)
    add_global_options(parser)
    return parser
