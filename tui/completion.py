"""Completing a command line: a shell that was told to asks the program what could come next.

`argcomplete` reads the commands' own parsers, so that nothing is written twice; it is loaded only
when a shell asks.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from engine.language import tr
from tui.parsing import PROGRAM, Formatter, Parser, add_global_options, new_parser

Completer = Callable[..., Iterable[str]]


def complete() -> None:
    """Answer the shell, and end the process."""
    import argcomplete

    argcomplete.autocomplete(whole_parser(), always_complete_options=False)


def shell_code(shell: str) -> str:
    """What the shell has to read once."""
    from argcomplete.shell_integration import shellcode

    return shellcode([PROGRAM], shell=shell).strip()


def whole_parser() -> ArgumentParser:
    """One parser for all commands, made of theirs, with what knows the words that may follow."""
    from tui.command_line import command_modules

    root = new_parser(PROGRAM)
    add_global_options(root)
    commands = root.add_subparsers(parser_class=Parser, metavar="COMMAND")
    for command, module in command_modules().items():
        parser = commands.add_parser(
            command, help=tr(module.SUMMARY), add_help=False, formatter_class=Formatter
        )
        module.add_arguments(parser)
        add_global_options(parser)
        _tell(parser)
    return root


def _tell(parser: ArgumentParser) -> None:
    from argcomplete.completers import DirectoriesCompleter, FilesCompleter

    numbers = FilesCompleter(("npy", "csv", "txt"))
    completers: Mapping[str, Completer] = {
        "problem": _problems,
        "files": _problems,
        "key": _keys,
        "skill": _skills,
        "input": numbers,
        "target": numbers,
        "answers": FilesCompleter(("csv",)),
        "file": FilesCompleter(),
        "data_dir": DirectoriesCompleter(),
    }
    for action in parser._actions:
        if not action.choices:
            vars(action)["completer"] = completers.get(action.dest, _nothing)


def _nothing(**known: Any) -> list[str]:
    return []


def _problems(prefix: str, **known: Any) -> list[str]:
    """The built-in problems, and the files that could be one."""
    from argcomplete.completers import FilesCompleter

    from engine.problems.course import builtin_ids

    return [*builtin_ids(), *FilesCompleter(("toml", "onnx"))(prefix)]


def _keys(prefix: str, action: Action, parser: ArgumentParser, parsed_args: Namespace) -> list[str]:
    """The quantities of the problem that the line names."""
    with suppress(Exception):  # whatever is wrong with it is said when the line is run
        from engine.api import load_problem

        return [*load_problem(parsed_args.problem).solution]
    return []


def _skills(**known: Any) -> Mapping[str, str]:
    """Every skill, with its title."""
    from engine.practice.skills import SKILLS
    from engine.practice.titles import skill_title

    return {skill: skill_title(skill) for skill in SKILLS}
