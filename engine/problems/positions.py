"""Where each key of a TOML text stands: a second, simple reading, made only when there is a fault.

The text has been read by `tomllib` before, so it is valid and nothing is checked here again.
"""

from __future__ import annotations

import re
from functools import lru_cache

from engine.problems.texts import clean

Path = tuple[str | int, ...]

_BLANK = re.compile(r"[ \t\r\n]*(?:#[^\n]*[ \t\r\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}\n#]*")
_STRINGS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r'"""(?:\\.|[^\\])*?"{3,5}',
        r"'''.*?'{3,5}",
        r'"(?:\\.|[^"\\\n])*"',
        r"'[^'\n]*'",
    )
)


@lru_cache(maxsize=4)
def positions(text: str) -> dict[Path, int]:
    """For each key and each element of a list how many characters stand before it."""
    return _Reader(text).read()


class _Reader:
    """One reading of a text, from the front to the end."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0
        self.found: dict[Path, int] = {}
        self.last: dict[Path, int] = {}
        """The index of the last table of each array of tables."""

    def read(self) -> dict[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self.place < len(self.text):
            start = self.place
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
            if self.place == start:
                break
        return self.found

    def _next(self) -> str:
        return self.text[self.place : self.place + 1]

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.place)
        if match is None:
            return ""
        self.place = match.end()
        return match[0]

    def _header(self) -> Path:
        start = self.place
        is_array = self.text.startswith("[[", start)
        self.place += 1 + is_array
        *above, own = self._keys()
        self.place += 1 + is_array
        path: Path = ()
        for key in above:
            path = self._inside((*path, key))
        path = (*path, own)
        if is_array:
            self.found.setdefault(path, start)
            self.last[path] = self.last.get(path, -1) + 1
            path = (*path, self.last[path])
        self.found[path] = start
        return path

    def _inside(self, path: Path) -> Path:
        return (*path, self.last[path]) if path in self.last else path

    def _keys(self) -> list[str]:
        """A key, which dots may part into several."""
        keys = []
        while True:
            self._skip(_BLANK)
            string = self._string()
            keys.append(clean(string[1:-1] if string else self._skip(_BARE_KEY)))
            self._skip(_BLANK)
            if self._next() != ".":
                return keys
            self.place += 1

    def _pair(self, table: Path) -> None:
        start = self.place
        path = table
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path, start)
        self.place += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_BLANK)
        opening = self._next()
        if opening == "[":
            self._several(path, "]", is_list=True)
        elif opening == "{":
            self._several(path, "}", is_list=False)
        elif not self._string():
            self._skip(_BARE_VALUE)

    def _several(self, path: Path, end: str, is_list: bool) -> None:
        self.place += 1
        index = 0
        self._skip(_BLANK)
        while self._next() not in (end, ""):
            if is_list:
                self.found[(*path, index)] = self.place
                self._value((*path, index))
            else:
                self._pair(path)
            index += 1
            self._skip(_BLANK)
            if self._next() == ",":
                self.place += 1
                self._skip(_BLANK)
        self.place += 1

    def _string(self) -> str:
        for pattern in _STRINGS:
            found = self._skip(pattern)
            if found:
                return found
        return ""
