"""The learner's settings: language, theme, decimal sign, animation, keys; kept in a small file."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.files import open_to_read
from engine.language import LANGUAGES, tr

FILE = "settings.toml"

THEME_NAMES = ("dark", "light", "contrast", "colour-blind")
"""The names of the themes, without the ``backhand-`` that Textual knows them by."""

LARGEST = 64 * 1024
"""The most bytes that are read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the learner chose; an empty language is the system's."""

    language: str = ""
    theme: str = "dark"
    decimal_comma: bool = False
    """Whether numbers are shown with a comma; both are always understood."""
    animation: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by the id of what they do, such as ``{"session.hint": "f4"}``."""


def load_settings(folder: Path) -> tuple[Settings, str]:
    """The settings of a folder, and what is wrong with their file, in a sentence, or nothing.

    What is wrong is left out; what is right counts.
    """
    path = folder / FILE
    try:
        with open_to_read(path) as stream:
            table = tomllib.loads(stream.read(LARGEST).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return Settings(), ""
    except (OSError, ValueError, RecursionError):
        return Settings(), tr("The settings in {path} can't be read.", path=path)
    return _read(table, path)


def _read(table: Mapping[str, Any], path: Path) -> tuple[Settings, str]:
    fine: dict[str, Any] = {}
    wrong = []
    checks = {
        "language": lambda value: value in ("", *LANGUAGES),
        "theme": lambda value: value in THEME_NAMES,
        "decimal_comma": lambda value: isinstance(value, bool),
        "animation": lambda value: isinstance(value, bool),
        "keys": _are_keys,
    }
    for name, value in table.items():
        if name in checks and checks[name](value):
            fine[name] = value
        else:
            wrong.append(name)
    if not wrong:
        return Settings(**fine), ""
    names = ", ".join(name if name.isprintable() else ascii(name) for name in wrong)
    trouble = tr("In {path} these aren't understood: {names}.", path=path, names=names)
    return Settings(**fine), trouble


def _are_keys(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(keys, str) and keys.strip(", ") and keys.isprintable() for keys in value.values()
    )


def save_settings(folder: Path, settings: Settings) -> str:
    """Keep the settings; what went wrong, in a sentence, or nothing."""
    path = folder / FILE
    lines = [
        f"language = {_written(settings.language)}",
        f"theme = {_written(settings.theme)}",
        f"decimal_comma = {_written(settings.decimal_comma)}",
        f"animation = {_written(settings.animation)}",
    ]
    if settings.keys:
        lines += ["", "[keys]"]
        lines += [f"{_written(name)} = {_written(keys)}" for name, keys in settings.keys.items()]
    fresh = path.with_name(f"{FILE}.new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(fresh, path)
    except OSError as error:
        cause = error.strerror or str(error)
        return tr("The settings can't be kept: {cause} ({path})", cause=cause, path=path)
    return ""


def _written(value: str | bool) -> str:
    """As TOML writes it; JSON writes strings and truth values alike."""
    return json.dumps(value, ensure_ascii=False)
