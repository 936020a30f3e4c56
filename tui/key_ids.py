"""The ids of everything that has a key, to which the settings may give another one."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from textual.binding import Binding

import tui.screens
import tui.widgets


def bindings() -> dict[str, Binding]:
    """Every binding of the app's screens and widgets by its id; imports them all."""
    from tui.app import BackhandApp

    found: list[Binding] = []
    classes: list[type] = [BackhandApp]
    for package in (tui.screens, tui.widgets):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            members = vars(import_module(module.name)).values()
            classes += [member for member in members if isinstance(member, type)]
    for member in classes:
        if member.__module__.startswith("tui."):
            own = member.__dict__.get("BINDINGS", ())
            found += [binding for binding in own if isinstance(binding, Binding)]
    return {binding.id or binding.action: binding for binding in found}


def unknown_ids(ids: list[str]) -> list[str]:
    """Those that nothing has."""
    known = bindings()
    return [each for each in ids if each not in known]
