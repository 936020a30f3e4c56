"""`records`: exporting, importing and examining the learner's records."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.language import mark_text, ntr, tr
from tui.commands.common import FINE, INVALID_FILE, NO_RECORDS, USAGE, CommandError
from tui.exporting import written
from tui.streams import complain, say

if TYPE_CHECKING:
    from engine.records.database import Database

SUMMARY = mark_text("export, import or examine your records")
DETAILS = mark_text(
    "Takes the records along and looks after them. An export has every answer as a line of JSON; "
    "importing adds what isn't there yet, so it can be done twice. The doctor checks the file and "
    "mends it, from its backups if need be."
)
EXAMPLES = (
    "backhand records export my-records.jsonl\n"
    "backhand records import my-records.jsonl\n"
    "backhand records doctor"
)
CODES = (FINE, USAGE, INVALID_FILE, NO_RECORDS)


def add_arguments(parser: ArgumentParser) -> None:
    """``records export FILE``, ``records import FILE``, ``records doctor``"""
    parser.add_argument(
        "action",
        choices=("export", "import", "doctor"),
        metavar="export|import|doctor",
        help=tr("write all records to a file, add a file's records, or check and mend them"),
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help=tr("of export and import: a line of JSON an event")
    )


def run(options: Namespace) -> int:
    """Exit code 3 for a file that is no export, 4 where the records can't be read or written."""
    from engine.records.connection import RecordsError
    from engine.records.database import open_database

    if (options.file is None) != (options.action == "doctor"):
        wanted = (
            "records doctor" if options.action == "doctor" else f"records {options.action} FILE"
        )
        raise CommandError(USAGE, tr("Expected: backhand {wanted}", wanted=wanted))
    database = open_database(options.data_dir)
    try:
        if options.action == "export":
            _export(database, Path(options.file))
        elif options.action == "import":
            _import(database, Path(options.file))
        else:
            _examine(database)
    except RecordsError as error:
        message = tr(
            "The records can't be read or written: {cause} ({path})",
            cause=error,
            path=database.path,
        )
        raise CommandError(NO_RECORDS, message) from error
    finally:
        database.close()
    return FINE


def _export(database: Database, path: Path) -> None:
    from engine.records.transfer import write_export

    try:
        if database.is_empty:
            number = write_export(path, None)
        else:
            number = database.read(lambda connection: write_export(path, connection))
    except OSError as error:
        raise CommandError(NO_RECORDS, _refused(path, error)) from error
    _tell_notice(database)
    say(written(number, path))


def _import(database: Database, path: Path) -> None:
    from engine.records.transfer import ExportFileError, import_events

    try:
        counted, new = database.write(lambda connection: import_events(connection, path))
    except ExportFileError as error:
        raise CommandError(INVALID_FILE, f"{path}: {error}") from error
    except OSError as error:
        raise CommandError(INVALID_FILE, _refused(path, error)) from error
    _tell_notice(database)
    say(
        ntr(
            "{number} event read, {new} of them new",
            "{number} events read, {new} of them new",
            counted,
            new=new,
        )
    )


def _examine(database: Database) -> None:
    from engine.records.doctor import examine

    if database.is_empty:
        say(tr("Nothing is recorded yet."))
        return
    found = examine(database)
    _tell_notice(database)
    say(str(database.path))
    say(tr("The file is whole.") if found.was_whole else tr("The file was damaged and is mended."))
    if found.events:
        span = tr("from {first} to {last}", first=found.first_day, last=found.last_day)
        number = ntr("{number} event", "{number} events", found.events)
        say(f"{number} {span}")
    if found.differed:
        say(tr("What is counted from the log was wrong and has been counted again."))
    else:
        say(tr("What is counted from the log is right."))
    days = ", ".join(day.isoformat() for day in found.backups)
    say(tr("Backups: {days}", days=days or "–"))
    for path in found.aside:
        say(tr("Set aside: {path}", path=path))


def _tell_notice(database: Database) -> None:
    if database.notice:
        complain(database.notice)


def _refused(path: Path, error: OSError) -> str:
    cause = error.strerror or str(error)
    return tr("{path} can't be read or written: {cause}", path=path, cause=cause)
