"""Collect an assignment: from a platform's download to ``submitted/<student>/NAME/``, in nbgrader's layout.

| what is written | where |
| --- | --- |
| the newest hand-in: the notebook under its right name, files beside it, ``timestamp.txt`` | ``submitted/<student>/NAME/`` |
| every hand-in as it came | ``collected/NAME/<student>/01/``, ``02/``, … |
| what is known of them: from where, when, which one counts | ``collected/NAME/<student>/about.json`` |

The newest is the newest that can be read: a file that is cut off, or no notebook, does not take the place of one that is whole.

A student is who the roster says (`backprop.grading.roster`); one whom it does not know keeps the platform's own number. What was
collected before and did not change is left alone, and so is what stands in ``submitted/`` by other ways, until a newer one
comes: then it is put beside the others in ``collected/``.

| what you can do | with |
| --- | --- |
| collect | `collect` |
| say what it did | `lines` |
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from backprop.checking.wire import printable
from backprop.course import Chapter, CourseError
from backprop.grading import deadlines, hunt
from backprop.grading.download import Download
from backprop.grading.examine import limits
from backprop.grading.gradebook import query
from backprop.grading.people import FEW, People, Person, accounts, collected, few, label, safe, several
from backprop.grading.platforms import PLATFORMS, HandIn
from backprop.grading.read import content_digest, small_file, unfit
from backprop.grading.roster import load
from backprop.grading.timestamp import FORM
from backprop.whole import write_whole

STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"  # nbgrader's
AT_ONCE = timedelta(minutes=10)  # times that lie no further apart are those of a download, not of handing in


@dataclass
class Collected:
    """What became of a collection: student ids by what happened, and what is to be said of each and of all.

    Of ``undated`` it is known that they are late, and not since when; of ``retimed`` the time is another one, as it was read in
    another zone; ``instead`` says of whom an earlier hand-in counts, as the newest cannot be read, ``unreadable`` of whom none can be.
    """

    name: str
    platform: str
    hand_ins: int = 0
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    retimed: list[str] = field(default_factory=list)
    instead: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    roster: bool = False


def collect(
    root: Path,
    name: str,
    files: Iterable[Path],
    platform: str,
    zone: tzinfo | None = None,
    own_times: bool = False,
    dry: bool = False,
    db_url: str | None = None,
) -> Collected:
    """Collect what is in a platform's downloads.

    Parameters
    ----------
    root : path
    name : str
        The assignment.
    files : iterable of path
        Zips, folders or single files.
    platform : str
        One of `backprop.grading.platforms.PLATFORMS`.
    zone : datetime.tzinfo, optional
        In which a zip's times are; by default that of ``deadlines.toml``, or else this machine's.
    own_times : bool
        Take the files' own times for those of handing in, though they all lie within ten minutes.
    dry : bool
        Only say what would happen.
    db_url : str, optional
        The gradebook, which knows when the assignment is due.

    Raises
    ------
    CourseError
        If a download cannot be read, or has nothing of the platform's form.
    """
    Chapter(root, name)
    root, done = Path(root), Collected(name, platform)
    roster = load(root)
    done.roster = bool(roster)
    dates = deadlines.load(root)
    too_late = _too_late(dates, root, name, db_url)
    where = "the zone of this machine (timezone in deadlines.toml, or --zone, says another)"
    if zone or dates.named:
        where = f"{zone} (--zone)" if zone else f"{dates.named} (timezone in deadlines.toml; --zone says another)"
    zone = zone or dates.named
    with contextlib.ExitStack() as stack:
        handed: list[tuple[HandIn, str]] = []
        for file in map(Path, files):
            download = stack.enter_context(Download(file, zone))
            found = PLATFORMS[platform](download, name)
            if not any(one.files or one.notes for one in found):
                raise CourseError(_nothing(download, name, platform))
            _times(found, download, own_times, platform, done, where)
            done.notes += [note for note in download.notes if note not in done.notes]
            handed += [(one, file.name) for one in found]
        done.hand_ins = len(handed)
        _identify([one for one, _ in handed], roster, root, name, done)
        store = Store(root, name, platform, dry, zone)
        for one, source in sorted(handed, key=lambda both: (both[0].person.student, both[0].order)):
            store.take(one, source, done, too_late)
    for student in store.known:
        done.names.setdefault(student, "")
    done.names.update({one.student: one.name for one in roster if one.name})
    here = [one for one in roster if platform in one.platforms]  # of a course with two platforms, those of this one
    done.missing = [
        one.student
        for one in here or roster
        if one.student not in store.known and one.student not in done.without and not _stands(root, one.student, name)
    ]
    return done


def _stands(root, student, name):
    return os.path.lexists(root / "submitted" / student / name)


def _nothing(download, name, platform):
    fit = []
    for other, form in PLATFORMS.items():
        with contextlib.suppress(CourseError):
            before = list(download.notes)
            if other not in (platform, "folder") and any(one.files for one in form(download, name)):
                fit.append(other)
            download.notes[:] = before
    hint = f"It looks like {fit[0]}'s: --from {fit[0]}." if fit else "; ".join(download.notes[:3])
    shape = PLATFORM_NAMES.get(platform, platform)
    return f"{printable(str(download.path))} holds nothing that {shape} names so. {hint[:1].upper() + hint[1:] or 'It is empty.'}"


PLATFORM_NAMES = {"canvas": "Canvas", "moodle": "Moodle", "gradescope": "Gradescope", "folder": "a folder for each student"}


def _times(found, download, own_times, platform, done, zone):
    """Give each hand-in a time, where its platform gave it none and the files' own say something."""
    if platform == "gradescope":
        return
    times = [entry.when for one in found for _, entry in one.files if entry.when]
    telling = bool(times) and (own_times or max(times) - min(times) > AT_ONCE)
    newest = max(times).timestamp() if times else 0.0
    for one in found:
        own = [entry for _, entry in one.files if entry.when]
        if telling and own:
            last = max(own, key=lambda entry: entry.when)
            one.when, one.clock = last.when, last.clock
        if platform != "canvas":
            one.order = one.when.timestamp() if one.when else newest
    shown = printable(download.path.name, most=60)
    if telling:
        where = "" if download.path.is_dir() else f", read in {zone}"
        done.notes.append(f"{shown}: times of handing in are the files' own{where}")
    elif times:
        done.notes.append(
            f"{shown}: its files' times lie within {AT_ONCE.seconds // 60} minutes, so they are those of the download: no timestamp.txt is "
            "written (--file-times takes them all the same)"
        )
    else:
        done.notes.append(f"{shown}: says no times: no timestamp.txt is written")


def _too_late(dates, root, name, db_url) -> Callable[[str, datetime], bool]:
    """Whether a student is late at a time: by ``deadlines.toml``, with its grace and extensions, or else by nbgrader's gradebook."""
    if rule := dates.rules.get(name):
        return lambda student, when: rule.days(student, when) > 0
    rows = query(root, "SELECT duedate FROM assignment WHERE name = :name", db_url, name=name)
    text = rows[0][0] if rows else None
    if text is None:
        return lambda student, when: False
    due = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    due = due.replace(tzinfo=UTC) if due.tzinfo is None else due
    return lambda student, when: when > due


def _identify(handed: list[HandIn], roster: list[Person], root: Path, name: str, done: Collected) -> None:
    """Give each hand-in's person the student id that the roster has for them, or one made of the platform's own."""
    people, seen = People(roster), People(collected(root))
    before = {key: student for (_, student), about in accounts(root, name).items() for key in about["person"]["keys"]}
    # Moodle's numbers are others in each assignment: without a roster, a name is all that leads from one to the next.
    elsewhere = People(one for one in seen.all if one.student not in before.values())
    named: dict[str, list[HandIn]] = {}
    for one in handed:
        person = one.person
        if found := people.find(person):
            person.student = found.student
            earlier = next((before[key] for key in person.keys if key in before), found.student)
            if earlier != found.student:
                done.said.setdefault(found.student, []).append(
                    f"was collected as {earlier} before: remove submitted/{earlier}/{name} and collected/{name}/{earlier}, and "
                    f"their grades with: nbgrader db student remove {earlier} --force"
                )
        elif found := seen.find(person):
            person.student = found.student
        elif len(same := [p for p in (people if roster else elsewhere).called(person) if not _others(p, person)]) == 1:
            named.setdefault(same[0].student, []).append(one)
        elif same:
            done.said.setdefault(person.spare[0], []).append(
                f"{printable(one.shown, most=60)} is the name of {len(same)} {'in the roster' if roster else 'in other assignments'}: {', '.join(label(p.student) for p in same[:5])}. "
                "Which one, says only a roster with this platform's numbers"
            )
    taken = {one.person.student for one in handed if one.person.student}
    for student, ones in named.items():
        if len({tuple(one.person.keys) for one in ones}) == 1 and student not in taken:
            for one in ones:
                one.person.student = student
            if roster:
                done.said.setdefault(student, []).append(f"matched by the name {printable(ones[0].shown, most=60)} alone")
    if named and not roster:
        done.notes.append(f"{len(named)} known from another assignment by their names alone: a roster would know for certain")
    students = {one.student for one in roster}
    for one in handed:
        person = one.person
        if not person.student:
            person.student = safe(person.spare[0])
            if person.spare[0] != person.student and person.spare[0] in done.said:
                done.said[person.student] = done.said.pop(person.spare[0])
        if person.student not in students and person.student not in done.unknown:
            done.unknown.append(person.student)
        done.names.setdefault(person.student, one.shown)


def _others(one, other):
    """Whether two are not the same person, whatever their names: the same kind of number or address, and another."""
    kinds = [{key.partition(":")[0] for key in person.keys} & {"canvas", "mail"} for person in (one, other)]
    return bool(kinds[0] & kinds[1])


class Store:
    """What was collected of one assignment.

    Parameters
    ----------
    root : path
    name, platform : str
    dry : bool
        Whether nothing is to be written.
    zone : datetime.tzinfo, optional
        In which a zip's times are, where anybody says so.
    """

    def __init__(self, root: Path, name: str, platform: str, dry: bool, zone: tzinfo | None = None):
        self.root, self.name, self.platform, self.dry, self.zone = root, name, platform, dry, zone
        self.folder, self.limits = root / "collected" / name, limits(root)
        self.known = {student: about for (_, student), about in accounts(root, name).items()}
        if not dry:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in self.folder.glob(".fresh-*"):  # of a collection that was ended
                shutil.rmtree(left, ignore_errors=True)

    def take(self, one: HandIn, source: str, done: Collected, too_late: Callable[[str, datetime], bool]) -> None:
        """Keep one hand-in, and have the newest of its student's stand in ``submitted/``."""
        student = one.person.student
        said = done.said.setdefault(student, [])
        said += [note for note in one.notes if note not in said]
        if why := unfit(student):
            said.append(why)
            done.without.append(student)
            return
        if not one.files:
            done.without.append(student)
            return
        with tempfile.TemporaryDirectory() as scratch:
            found = hunt.look(one.files, Path(scratch), self.root, self.name, self.limits)
            if not found.notebook:
                said += found.notes
                done.without.append(student)
                return
            about = self._about(one)
            stamped = self._stamped(about)
            self._read_clocks(about)
            version, fresh = self._version(about, one, found, source)
            current = self._current(about)
            when = version["when"] and datetime.fromisoformat(version["when"])
            late = version["late"] or bool(when and too_late(student, when))
            if late and not when and not os.path.lexists(self._place(student) / "timestamp.txt"):
                said.append("called late, and nobody says since when")
                done.undated.append(student)
            if fresh:
                said += [note for note in found.notes if note not in said]
            placed = hunt.beside(found, self.name, self.limits, self.platform == "canvas")
            if fresh and not self.dry:
                self._keep(student, version, found)
            self._restamp(student, stamped, about, done)
            stands = self._standing(student)
            if version is not current:
                if found.trouble and (version["platform"] != current["platform"] or _rank(version) > _rank(current)):
                    done.instead[student] = found.trouble
                    self._back(student, about, current, stands, done)
                else:
                    done.older.append(student)
                self._write(student, about)
                return
            before = about["put"]
            better = bool(found.trouble) and self._better(student, about, stands)
            if found.trouble and better and before != version["digest"]:
                done.instead[student] = found.trouble
                self._write(student, about)
                return
            done.instead.pop(student, None)
            done.unreadable.pop(student, None)
            if found.trouble and not better:
                done.unreadable[student] = found.trouble
            what = done.new if before is None else done.changed if before != version["digest"] else done.unchanged
            for other in (done.new, done.changed, done.unchanged):
                if student in other:  # an older one of the same download came first
                    other.remove(student)
                    what = other if other is done.new else what
            what.append(student)
            if student in done.late:
                done.late.remove(student)
            if late:
                done.late.append(student)
            if before == version["digest"] and stands is not None:
                if not self.dry and version["when"] and not os.path.lexists(self._place(student) / "timestamp.txt"):
                    (self._place(student) / "timestamp.txt").write_text(_stamp(version["when"]))
                self._write(student, about)
                return
            if before == version["digest"]:
                said.append("was gone from submitted/, and is put back")
            elif stands is not None and stands != about["notebook"]:
                said.append(
                    "what stood in submitted/ was changed by hand, or came another way: it is kept in collected/"
                    if before
                    else "stood in submitted/ already, by another way: that is kept in collected/"
                )
            self._put(student, about, version, placed, stands)

    def _about(self, one):
        about = self.known.setdefault(
            one.person.student,
            {
                "person": one.person.kept(),
                "platform": self.platform,
                "versions": [],
                "current": 0,
                "put": None,
                "notebook": None,
                "since": 0.0,
            },
        )
        person = about["person"]
        for name in ("first", "last", "email"):
            person[name] = getattr(one.person, name) or person[name]
        person["keys"] = list(dict.fromkeys(person["keys"] + one.person.keys))
        about["platform"] = self.platform
        return about

    def _version(self, about, one, found, source):
        """The version that a hand-in is, and whether it is a new one. Which one counts is set."""
        when = one.when.isoformat() if one.when else None
        for version in about["versions"]:
            if version["digest"] == found.digest and version["platform"] == self.platform:
                if not version["when"]:  # handed in again, it is as old as the first
                    version["when"], version["clock"] = when, one.clock
                version["trouble"] = found.trouble
                version["late"] = version["late"] and one.late
                read_again = self.platform != "canvas" and one.clock and one.clock == version.get("clock")  # in whatever zone
                if read_again or one.order >= version["order"]:
                    version["order"], version["path"] = version["order"] if read_again else one.order, found.entry.path
                self._count(about)
                return version, False
        version = {
            "number": len(about["versions"]) + 1,
            "digest": found.digest,
            "platform": self.platform,
            "order": one.order,
            "when": when,
            "clock": one.clock,
            "late": one.late,
            "trouble": found.trouble,
            "from": source,
            "path": found.entry.path,
            "notebook": found.notebook,
            "collected": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        about["versions"].append(version)
        self._count(about)
        return version, True

    def _count(self, about):
        """Have the newest that can be read count: of one platform the last in its order, of several that of the one now collected from."""
        here = [version for version in about["versions"] if version["platform"] == self.platform]
        whole = [version for version in about["versions"] if not version.get("trouble")]
        best = max([version for version in here if version in whole] or whole or here, key=_rank)
        about["current"], about["platform"] = best["number"], best["platform"]

    @staticmethod
    def _current(about):
        return about["versions"][about["current"] - 1]

    def _read_clocks(self, about):
        """Have the times of what was kept be those of the zone that is said now: of one platform, all are of one zone."""
        for version in about["versions"]:
            if self.zone and version.get("clock") and version["platform"] == self.platform:
                before = datetime.fromisoformat(version["when"])
                when = datetime.fromisoformat(version["clock"]).replace(tzinfo=self.zone).astimezone(UTC)
                version["when"] = when.isoformat()
                if self.platform != "canvas":
                    version["order"] += (when - before).total_seconds()

    def _stamped(self, about):
        """What stands in the ``timestamp.txt`` that was written for a student, as far as that is known."""
        here = [self._current(about), *about["versions"]] if about["versions"] else []
        return next((_stamp(one["when"]) for one in here if one["digest"] == about["put"] and one["when"]), None)

    def _restamp(self, student, stamped, about, done):
        """Have a time that was read in another zone be corrected; one that was written by hand stays."""
        path, right = self._place(student) / "timestamp.txt", self._stamped(about)
        if stamped and right and stamped != right and small_file(path.parent, path.name) == stamped.encode():
            done.retimed.append(student)
            if not self.dry:
                write_whole(path, right.encode())

    def _better(self, student, about, stands):
        """Whether what stands in ``submitted/`` came by another way, or was mended there, and can be read."""
        path = self._place(student) / f"{self.name}.ipynb"
        return bool(stands) and stands != about["notebook"] and hunt.trouble(path, path.name, self.limits) is None

    def _back(self, student, about, current, stands, done):
        """Put back what counts, where one that cannot be read had taken its place."""
        put = [version for version in about["versions"] if version["digest"] == about["put"]]
        if not any(version.get("trouble") for version in put) or stands != about["notebook"]:
            return
        kept = self.folder / student / f"{current['number']:02d}"
        files = {path.relative_to(kept).as_posix(): path for path in sorted(kept.rglob("*")) if path.is_file()}
        if current["notebook"] in files:
            placed = hunt.beside(hunt.Found(files, current["notebook"]), self.name, self.limits, current["platform"] == "canvas")
            self._put(student, about, current, placed, stands)
            done.changed.append(student)

    def _place(self, student):
        return self.root / "submitted" / student / self.name

    def _standing(self, student):
        """The digest of the notebook that stands in ``submitted/``, "" where what stands there has none, or None."""
        place = self._place(student)
        return (content_digest(place / f"{self.name}.ipynb") or "") if os.path.lexists(place) else None

    def _fresh(self):
        return Path(tempfile.mkdtemp(prefix=".fresh-", dir=self.folder))

    def _write(self, student, about):
        if not self.dry:
            path = self.folder / student / "about.json"
            path.parent.mkdir(exist_ok=True, mode=0o700)
            data = json.dumps(about, ensure_ascii=False, indent=1).encode("utf-8", "replace")
            if not path.exists() or path.read_bytes() != data:
                write_whole(path, data)

    def _keep(self, student, version, found):
        """Keep a hand-in as it came."""
        fresh = self._fresh()
        for relative, path in found.files.items():
            _copy(path, fresh / relative)
        folder = self.folder / student
        folder.mkdir(exist_ok=True, mode=0o700)
        target = folder / f"{version['number']:02d}"
        if target.exists():  # of a collection that was ended before it was written down
            shutil.rmtree(target)
        fresh.rename(target)

    def _put(self, student, about, version, placed, stands):
        """Have a hand-in stand in ``submitted/``: whole, or not at all."""
        if self.dry:
            about["put"] = version["digest"]
            return
        place = self._place(student)
        if place.parent.is_symlink():
            raise CourseError(f"{place.parent} is a link to somewhere else: collecting writes into no link. Remove it first.")
        self._write(student, about)
        fresh = self._fresh()
        for relative, path in placed.items():
            _copy(path, fresh / relative)
        if version["when"]:
            (fresh / "timestamp.txt").write_text(_stamp(version["when"]))
        place.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(place):
            by_hand = stands != about["notebook"]
            number = sum(1 for _ in (self.folder / student).glob("by-hand-*")) + 1
            away = self.folder / student / f"by-hand-{number:02d}" if by_hand else self._fresh() / "old"
            shutil.move(place, away)
        shutil.move(fresh, place)
        place.chmod(0o755)
        about["put"], about["since"] = version["digest"], time.time()
        about["notebook"] = content_digest(place / f"{self.name}.ipynb")
        self._write(student, about)
        for left in self.folder.glob(".fresh-*"):
            shutil.rmtree(left, ignore_errors=True)


def _rank(version):
    """What is larger of the newer of two of a platform's."""
    return version["order"], version["number"]


def _copy(path, target):
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):  # a file and a folder of one name, from two zips
        digest = hashlib.sha256(str(target).encode()).hexdigest()[:6]
        shutil.copyfile(path, next(p for p in target.parents if p.is_dir()) / f"{digest}-{target.name}")


def _stamp(when):
    return datetime.fromisoformat(when).astimezone(UTC).strftime(STAMP)


def lines(done: Collected, dry: bool) -> list[str]:
    """What a person reads of a collection."""

    def named(students: list[str], most: int = FEW) -> str:
        return few([label(one, done.names.get(one)) for one in students], most)

    def why(troubles: dict[str, str]) -> Callable[[list[str]], str]:
        """With a reason for each, without the advice to save it again, which is a student's."""
        short = {one: re.sub(r"\. (?:Save|Open) [^.]*\.$|\.$", "", text) for one, text in troubles.items()}
        return lambda students: few([f"{label(one, done.names.get(one))} ({short[one]})" for one in students])

    students = {*done.new, *done.changed, *done.unchanged, *done.older, *done.without, *done.instead}
    found = [f"{done.name} from {done.platform}: {several(done.hand_ins, 'hand-in')} of {several(len(students), 'student')}."]
    rows: list[tuple[str, list[str], Callable[[list[str]], str]]] = [
        ("new", done.new, named),
        ("changed", done.changed, named),
        ("time corrected, as it is read in another zone", done.retimed, named),
        ("unchanged", [one for one in done.unchanged if one not in done.retimed], lambda ones: named(ones, 5)),
        (
            "older than what was collected before, and kept",
            list(dict.fromkeys(set(done.older) - {*done.new, *done.changed})),
            named,
        ),
        ("late", done.late, named),
        ("cannot be read, so the one before counts", list(done.instead), why(done.instead)),
        ("cannot be read", list(done.unreadable), why(done.unreadable)),
        ("nothing to grade", list(dict.fromkeys(done.without)), named),
        ("missing", done.missing, named),
        ("unknown to the roster", done.unknown if done.roster else [], named),
    ]
    found += [f"  {word} ({len(ones)}): {shown(ones)}" for word, ones, shown in rows if ones]
    if not done.roster:
        found.append("  There is no roster, so nobody is missing or unknown: backprop roster FILE.csv")
    for student, notes in sorted(done.said.items()):
        if notes:
            found.append(f"  {label(student, done.names.get(student))}: {'; '.join(dict.fromkeys(notes))}")
    if done.undated:
        place = f"submitted/<student>/{done.name}/timestamp.txt"
        found.append(f"  Who is called late loses nothing before a time stands in {place}, as {FORM}")
    found += [f"  {note}" for note in done.notes]
    return found + (["Nothing was written: --dry-run."] if dry else [])
