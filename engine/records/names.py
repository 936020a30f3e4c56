"""What the records' file is called, without opening it."""

from __future__ import annotations

APPLICATION = "backhand"
"""The platform's folder for a user's data has one of this name."""

FILE_NAME = "backhand.sqlite3"
