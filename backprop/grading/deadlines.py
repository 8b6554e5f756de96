"""Deadlines: when an assignment is due, for whom later, and what being late costs. ``deadlines.toml`` at the course's root.

::

    timezone = "Europe/Berlin"           # of the times below
    late_days = 3                        # days in the whole term that a student may be late at no cost

    [06-backward-propagation]
    due = 2026-03-01T23:59:00            # or 2026-03-01, the whole day; or with an offset: 2026-03-01T23:59:00+01:00
    grace = "15 minutes"                 # so much after it is still in time
    per_day = 10                         # per cent of the points earned, for each day that has begun
    late_days = 2                        # of the term's, how many count here
    extensions.ada = "3 days"            # or a date of their own
    extensions."ben@uni" = 2026-03-08T23:59:00

A day late is the same time of the clock a day later, and the grace follows each. Late days are spent in the order of the
due dates. An assignment that does not stand here keeps nbgrader's own due date and nbgrader's own penalty.

| what you can do | with |
| --- | --- |
| read the file | `load` |
| find how late a submission is | `Deadlines.late`, `Late` |
| say so in words | `Late.words` |
"""

import contextlib
import difflib
import math
import re
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from backprop.checking.wire import printable, writable
from backprop.course import CourseError, assignments
from backprop.grading import roster
from backprop.grading.people import few
from backprop.grading.timestamp import NO_TIME, handed_in

FILE = "deadlines.toml"
UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?")
TERM = {"timezone", "late_days"}
KEYS = {"due", "grace", "per_day", "late_days", "extensions"}


@dataclass(frozen=True)
class Rule:
    """What holds for one assignment: times know their zone; ``per_day`` is a share, ``late_days`` how many of the term's count."""

    due: datetime
    grace: timedelta = timedelta()
    per_day: float = 0.0
    late_days: int | None = None
    extensions: dict[str, datetime | timedelta] = field(default_factory=dict)

    def for_(self, student: str) -> datetime:
        """When it is due for a student."""
        extension = self.extensions.get(student, timedelta())
        return self.due + extension if isinstance(extension, timedelta) else extension

    def days(self, student: str, moment: datetime) -> int:
        """How many days have begun since it was due, the grace after each still being of the day before."""
        due = self.for_(student)
        days = max(0, (moment - due).days - 2)
        while moment > (due + timedelta(days=days)).astimezone(UTC) + self.grace:
            days += 1
        return days


@dataclass(frozen=True)
class Late:
    """When one submission was due and handed in, and what follows.

    ``due`` and ``handed_in`` are times of the course's zone, as ISO writes them, or None where they are not known; ``seconds`` lie
    between them; ``days`` are those that count as late, ``free`` those of them that late days cover, and ``share`` is what the rest
    takes of the points, or None where nbgrader says what it costs.
    """

    due: str | None = None
    handed_in: str | None = None
    seconds: float = 0.0
    days: int = 0
    free: int = 0
    share: float | None = None
    extended: bool = False

    def penalty(self, points: float) -> float:
        """What it costs of so many points, to the hundredth."""
        return min(points, round(points * (self.share or 0.0), 2)) if points > 0 else 0.0

    def words(self, penalty: float) -> str:
        """What there is to say of it: who is in time hears nothing."""
        if self.seconds <= 0 or not (self.days or penalty):
            return ""
        said = f"{_long(self.seconds)} late: {penalty:g} points off" if penalty else f"{_long(self.seconds)} late, at no cost"
        why = [f"{100 * self.share:g} % of the points"] if self.share and penalty else []
        why += [f"{self.days} days have begun"] if why and self.days > 1 else []
        why += [_count(self.free, "late day") + " used"] if self.free else []
        return said + (f" ({'; '.join(why)})" if why else "")

    def line(self, penalty: float) -> dict:
        """As the JSON of ``backprop grade --json`` and of what is kept has it."""
        return {**asdict(self), "penalty": penalty, "says": self.words(penalty)}


def _count(number, what):
    return f"{number} {what}{'' if number == 1 else 's'}"


def _long(seconds):
    """A length of time in words: the largest unit of which there is one, and whole ones."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds >= size * (2 if unit == "day" else 1) or unit == "second":
            return _count(math.floor(seconds / size), unit)
    raise AssertionError


class Deadlines:
    """What ``deadlines.toml`` says; nothing where there is none.

    Parameters
    ----------
    root : path
        The course's.
    rules : dict of str to Rule
        By assignment.
    late_days : int
        Of a student, in the whole term.
    named : tzinfo, optional
        The course's time zone, where the file names one; ``zone`` is that, or else UTC.
    """

    def __init__(self, root: Path, rules: dict[str, Rule] | None = None, late_days: int = 0, named: tzinfo | None = None):
        self.root, self.rules, self.late_days, self.named, self.zone = Path(root), rules or {}, late_days, named, named or UTC

    def late(
        self,
        student: str,
        name: str,
        due: datetime | None = None,
        stamped: datetime | None = None,
        extension: timedelta | None = None,
    ) -> tuple[Late, str | None]:
        """How late a submission is, and a note on what could not be read.

        Parameters
        ----------
        student, name : str
        due, stamped, extension : datetime, datetime and timedelta, optional
            What nbgrader's gradebook says, in UTC: it counts for an assignment that does not stand in the file.
        """
        moment, trouble = handed_in(self.root / "submitted" / student / name, self.zone)
        if rule := self.rules.get(name):
            return self._by_rule(rule, student, name, moment), trouble or (None if moment else NO_TIME)
        moment = moment or (stamped and stamped.replace(tzinfo=UTC))
        if due is None:
            return Late(handed_in=self._iso(moment)), trouble
        until = due.replace(tzinfo=UTC) + (extension or timedelta())
        seconds = max(0.0, (moment - until).total_seconds()) if moment else 0.0
        return Late(self._iso(until), self._iso(moment), seconds, math.ceil(seconds / 86400), extended=bool(extension)), trouble

    def _by_rule(self, rule, student, name, moment):
        until = rule.for_(student)
        days = rule.days(student, moment) if moment else 0
        free = self._free(student, name) if days else 0
        return Late(
            self._iso(until),
            self._iso(moment),
            max(0.0, (moment - until).total_seconds()) if moment else 0.0,
            days,
            free,
            min(1.0, rule.per_day * (days - free)),
            student in rule.extensions,
        )

    def _free(self, student, name):
        """Of the days that a submission is late, how many the student's late days cover, after those of what was due before."""
        left, free = self.late_days, 0
        for other, rule in sorted(self.rules.items(), key=lambda item: (item[1].due, item[0])):
            moment, _ = handed_in(self.root / "submitted" / student / other, self.zone)
            days = rule.days(student, moment) if moment else 0
            free = min(days, left, left if rule.late_days is None else rule.late_days)
            left -= free
            if other == name:
                break
        return free

    def _iso(self, moment):
        return moment and moment.astimezone(self.zone).isoformat()

    def unknown(self, name: str, students: list[str]) -> str | None:
        """A sentence on whoever has an extension and is no student of the course: a slip in a name would cost them."""
        rule = self.rules.get(name)
        known = {writable(student) for student in students}
        if others := set(rule.extensions) - known if rule else set():
            known = {path.name for path in (self.root / "submitted").glob("*/")}
            with contextlib.suppress(CourseError):  # which stops what needs the roster, and not what grades
                known |= {one.student for one in roster.load(self.root)}
            others -= known
        named = few([printable(other, most=60) for other in sorted(others)])
        ids = "Ids are the names of the folders in submitted/, as backprop roster prints them."
        return f"{FILE}: extensions for {named}: no student of that id. {ids}" if others else None


def load(root: Path) -> Deadlines:
    """Read ``deadlines.toml``.

    Raises
    ------
    CourseError
        If something in it cannot be; it says where, and what can stand there.
    """
    path = Path(root) / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Deadlines(root)
    except UnicodeError:
        raise CourseError(f"{path} is not UTF-8 text: save it as that.") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} cannot be read: {error}. {_hint(text, str(error))}".rstrip()) from None
    return _File(path, text, root).deadlines(data)


def _hint(text, error):
    """What a line that TOML refuses most often lacks."""
    number = re.search(r"line (\d+)", error)
    line = text.splitlines()[int(number[1]) - 1] if number and int(number[1]) <= len(text.splitlines()) else ""
    if re.search(r"=\s*[A-Za-z]|=\s*\d+\s*[a-z]", line):
        return 'A text stands in quotes: grace = "15 minutes".'
    if re.match(r"[^=\"']*[^\s\w.\[=\"'-]", line):
        return 'A name with other signs than letters, digits, - and _ stands in quotes: extensions."ada@uni" = "3 days".'
    return ""


class _File:
    """What stands in the file, with the place of what is wrong there."""

    def __init__(self, path, text, root):
        self.path, self.lines, self.root = path, text.splitlines(), root

    def wrong(self, says, section=None, key=None):
        """An error of a key's value, with the number of its line where that can be found."""
        inside, number = section is None, None
        for count, line in enumerate(self.lines, start=1):
            if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
                named = header[1].replace('"', "").replace("'", "").replace(" ", "")
                inside = section is not None and (named == section or named.startswith(f"{section}."))
                if inside and (key is None or named == f"{section}.{key}"):
                    number = number or count
                    if key is None:
                        break
            elif (
                inside and key is not None and re.match(rf"[\s\"'{{]*(?:[\w\"']+\.)*[\"']?{re.escape(key)}[\"']?\s*[=.]", line)
            ) or (
                section is not None and key is not None and inside and re.search(rf"[{{,]\s*[\"']?{re.escape(key)}[\"']?\s*=", line)
            ):
                number = count
                break
        where = f"{self.path}" + (f", line {number}" if number else "")
        return CourseError(f"{where}: {f'[{section}] ' if section else ''}{says}")

    def deadlines(self, data):
        known = assignments(self.root)
        for key, value in data.items():
            if key not in TERM and key not in known:
                if isinstance(value, dict):
                    raise self.wrong(f"there is no assignment {key!r}{_meant(key, known)}. There are: {', '.join(known)}.", key)
                allowed = ", ".join(sorted(TERM))
                raise self.wrong(
                    f"{key} is no word of this file{_meant(key, TERM | KEYS)}. Above all tables: {allowed}.", None, key
                )
        zone = self._zone(data.get("timezone"))
        late_days = self._whole(data.get("late_days", 0), None, "late_days")
        rules = {}
        for name in known:
            if name in data:
                if not isinstance(data[name], dict):
                    raise self.wrong(f"{name} is a table: a line [{name}], and below it due = …", None, name)
                rules[name] = self._rule(name, data[name], zone)
        return Deadlines(self.root, rules, late_days, zone)

    def _zone(self, value):
        if value is None:
            return None
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, TypeError, OSError):
            raise self.wrong(
                f'timezone = {value!r} is no time zone that is known. It is written as "Europe/Berlin" or "UTC".', None, "timezone"
            ) from None

    def _rule(self, name, data, zone):
        for key in data:
            if key not in KEYS:
                raise self.wrong(f"{key} is no word of this file{_meant(key, KEYS)}. Here: {', '.join(sorted(KEYS))}.", name, key)
        if "due" not in data:
            raise self.wrong("has no due. It is written: due = 2026-03-01T23:59:00", name)
        due = self._moment(data["due"], zone, name, "due")
        grace = self._length(data["grace"], name, "grace") if "grace" in data else timedelta()
        per_day = data.get("per_day", 0)
        if isinstance(per_day, bool) or not isinstance(per_day, (int, float)) or not 0 <= per_day <= 100:
            raise self.wrong(f"per_day = {per_day!r}: a number of per cent from 0 to 100 is wanted, such as 10.", name, "per_day")
        late_days = self._whole(data["late_days"], name, "late_days") if "late_days" in data else None
        extensions = data.get("extensions", {})
        if not isinstance(extensions, dict):
            raise self.wrong('extensions are written one a student: extensions.ada = "3 days"', name, "extensions")
        longer = {}
        for student, value in extensions.items():
            longer[student] = self._extension(value, due, zone, name, student)
        return Rule(due, grace, per_day / 100, late_days, longer)

    def _extension(self, value, due, zone, name, student):
        if isinstance(value, dict):
            raise self.wrong(
                f'{student} has a dot in the name, and stands in quotes: extensions."{student}.{next(iter(value), "")}" = "3 days"',
                name,
                student,
            )
        if isinstance(value, str) and (LENGTH.fullmatch(value.strip()) or not re.match(r"\d{4}-", value.strip())):
            return self._length(value, name, student)
        moment = self._moment(value, zone, name, student)
        if moment < due:
            raise self.wrong(f"the extension of {student} ends before the assignment is due.", name, student)
        return moment

    def _moment(self, value, zone, name, key):
        """A time with its zone: TOML's own, or a text of that form; a date is its whole day."""
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.fromisoformat(value.strip()) if len(value.strip()) > 10 else date.fromisoformat(value.strip())
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time(23, 59, 59))
        if not isinstance(value, datetime):
            raise self.wrong(
                f"{key} = {value!r} is no date. It is written 2026-03-01T23:59:00, or 2026-03-01 for the whole day.", name, key
            )
        if value.tzinfo is None:
            if zone is None:
                raise self.wrong(
                    f'{key} = {value.isoformat()} has no time zone. Write above all tables, for example: timezone = "Europe/Berlin"',
                    name,
                    key,
                )
            value = value.replace(tzinfo=zone)
        return value

    def _length(self, value, name, key):
        found = LENGTH.fullmatch(value.strip().lower()) if isinstance(value, str) else None
        if not found or (seconds := float(found[1]) * UNITS[found[2]]) > 3650 * 86400:
            raise self.wrong(
                f'{key} = {value!r} is no length of time. It is a number of minutes, hours, days or weeks: "15 minutes".', name, key
            )
        return timedelta(seconds=seconds)

    def _whole(self, value, name, key):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.wrong(f"{key} = {value!r}: a whole number of days is wanted, such as 3.", name, key)
        return value


def _meant(word, known):
    close = difflib.get_close_matches(word, sorted(known), 1, 0.6)
    return f" (do you mean {close[0]}?)" if close else ""
