"""When a submission was handed in: its ``timestamp.txt``, as nbgrader's exchange, its collectors and people write it.

| what stands there | is read as |
| --- | --- |
| ``2026-03-01 13:00:00.123456 UTC`` (the exchange's), ``… +0100``, ``2026-03-01T13:00:00+01:00``, ``…Z`` | that |
| ``2026-03-01 13:00:00 CET`` | that, by the names of the course's own time zone first |
| ``2026-03-01 13:00:00`` | UTC, as nbgrader documents it |
| ``2026-03-01-13-00-00`` (a collector's) | 13:00:00 UTC; dateutil alone would read 05:00 |
| ``March 1, 2026 1:00 pm`` | that, UTC, if a date and a time stand there |
| ``01.12.2026 10:00``, ``1/12/26 10:00`` | nothing: dateutil would silently have it in January; ``13.12.2026 10:00`` is one day only |
| anything else, or a time zone that nobody knows | nothing: it is said, and nobody is late by it |
"""

import itertools
import os
import re
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from backprop.checking.wire import printable
from backprop.grading.read import linked, small_file

UNKNOWN = "timestamp.txt {}: when this was handed in is not known, and it counts as in time"
FORM = "2026-03-01 13:00:00 UTC"  # as people are asked to write it
NO_TIME = UNKNOWN.format("is missing")
DASHED = re.compile(r"(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)")
ZONED = re.compile(r"(.+\d)\s+([A-Za-z][A-Za-z0-9/_+-]*)")


def handed_in(folder: Path, zone: tzinfo = UTC) -> tuple[datetime | None, str | None]:
    """When a submission was handed in, in UTC, and why that is not known: a note for its line, or None.

    Parameters
    ----------
    folder : path
        The submission's.
    zone : tzinfo
        The course's, whose names are understood.
    """
    if linked(folder) or not os.path.lexists(folder / "timestamp.txt"):
        return None, None
    raw = small_file(folder, "timestamp.txt")
    if raw is None:
        return None, UNKNOWN.format("is no small regular file that can be read")
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeError:
        return None, UNKNOWN.format("is no text")
    if not text:
        return None, UNKNOWN.format("is empty")
    found = parse(text, zone)
    which = "" if found or len(_readings(text)) < 2 else ", where the day could be the month"
    return found, None if found else UNKNOWN.format(f"cannot be understood ({printable(text, most=40)}{which}; {FORM} can)")


def parse(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A moment in UTC, or None where the text does not say one."""
    text = text.strip()
    if dashed := DASHED.fullmatch(text):
        text = "{} {}:{}:{}".format(*dashed.groups())
    try:
        found = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d)", "", text)) if re.search(r"\d:\d|T\d", text) else None
    except ValueError:
        found = None
    if (
        found is None
        and (zoned := ZONED.fullmatch(text))
        and re.search(r"\d:\d", zoned[1])
        and zoned[2].lower() not in ("am", "pm")
    ):
        try:
            local = datetime.fromisoformat(zoned[1])
        except ValueError:
            local = None
        if local is not None and local.tzinfo is None:
            return _named(local, zoned[2], zone)
    try:
        found = found or _loosely(text)
        return found if found is None else (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # the first or the last day that there is
        return None


def _named(local, name, zone):
    """A local time in the zone of this name: what the course's own calls itself then, or one that everybody knows."""
    for fold in (0, 1):
        there = local.replace(tzinfo=zone, fold=fold)
        if there.tzname() == name:
            return there.astimezone(UTC)
    try:
        return local.replace(tzinfo=UTC if name.upper() in ("UTC", "GMT", "Z") else ZoneInfo(name)).astimezone(UTC)
    except (KeyError, ValueError, OSError, OverflowError):
        return None


def _loosely(text):
    """As dateutil reads it, where there is one way to: nothing made up, no day that could be the month."""
    found = _readings(text)
    return next(iter(found)) if len(found) == 1 else None


def _readings(text):
    """The moments that dateutil can find in a text, where it does not have to make up a part of the date or of the time, and knows the
    time zone: several where day, month and year may stand in more than one order."""
    import warnings

    from dateutil import parser  # nbgrader's own

    if not re.search(r"\d:\d", text):
        return set()
    found = {}
    # A whole year is followed by the month; dateutil would turn that round as well, if it were told to.
    year_first = re.search(r"(?<![\d./-])\d{4}[-/.]\d", text)
    orders = [(False, False)] if year_first else itertools.product((False, True), repeat=2)
    for day, year in orders:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                ways = {"dayfirst": day, "yearfirst": year}
                first, second = (parser.parse(text, default=datetime(2000 + n, 1 + n, 1 + n, n, n), **ways) for n in (1, 2))
                if first == second:
                    found[str(first)] = first
        except (ValueError, OverflowError, TypeError, Warning):
            continue
    return set(found.values())
