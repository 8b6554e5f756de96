"""What Canvas, Moodle and Gradescope name the files that students hand in, and whose each is.

| from | a file of its download |
| --- | --- |
| ``canvas`` | ``lovelaceada_LATE_12345_67890_06-backward-propagation-1.ipynb``: the user's number, that of the file, and its name, to which Canvas adds ``-1`` where the same name was handed in before. Graded anonymously: ``anon_ab1cd_67890_…`` |
| ``moodle`` | ``Ada Lovelace_123456_assignsubmission_file/06-backward-propagation.ipynb``, with ``_`` behind ``file`` before Moodle 4.1, or all in one name; the number is the participant's in this assignment. ``…_onlinetext…`` is what was typed into the page. Marked blindly: ``Participant_123456_…`` |
| ``gradescope`` | ``assignment_1_export/submission_123456789/06-backward-propagation.ipynb``, and ``submission_metadata.yml`` beside the folders, which says whose each is and when it was handed in |
| ``folder`` | ``<student>/06-backward-propagation/06-backward-propagation.ipynb``, ``<student>/….ipynb`` or ``<student>_06-backward-propagation.ipynb`` |
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backprop.checking.wire import printable
from backprop.grading.download import Download, Entry, Unreadable
from backprop.grading.people import NAME, Person, key, parted

METADATA = 200 << 20  # bytes of Gradescope's list: it holds every test's output
CANVAS = re.compile(r"(?P<who>.*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>\d+)_(?P<name>.+)", re.S)
ANONYMOUS = re.compile(r"(?P<who>anon)(?P<late>_LATE)?_(?P<user>\w{5})_(?P<file>\d+)_(?P<name>.+)", re.S)
TYPED = re.compile(r"(?P<who>.*?)(_LATE)?_(?P<user>\d+)_(text|link|media)(_\w+)?\.html")
MOODLE = re.compile(r"(?P<who>.*?)_?(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)(?P<name>[_.].*)?", re.S)
SUBMISSION = re.compile(r"submission_(\d+)")


@dataclass
class HandIn:
    """What one person handed in at one time.

    ``files`` are names as the student had them, with the files of the download; ``late`` what the platform says of it, None where
    it says nothing; ``when`` in UTC where the platform says it, else None, and ``clock`` as in `Entry`. Of two of one person and platform the one with the
    larger ``order`` is the newer; ``shown`` is what the platform calls the person.
    """

    person: Person
    shown: str
    files: list[tuple[str, Entry]] = field(default_factory=list)
    late: bool | None = None
    when: datetime | None = None
    order: float = 0.0
    notes: list[str] = field(default_factory=list)
    clock: str | None = None


def canvas(download: Download, name: str) -> list[HandIn]:
    """The hand-ins in a download of Canvas's."""
    found: dict[str, HandIn] = {}
    numbers: dict[Entry, float] = {}  # they grow with time
    others = []
    for entry in download.entries:
        form = ANONYMOUS.fullmatch(entry.name) or CANVAS.fullmatch(entry.name)
        if not form:
            typed = TYPED.fullmatch(entry.name)
            others.append(entry.path)
            if typed:
                others.pop()
                one = _canvas_person(found, typed["who"], typed["user"])
                one.notes.append(f"typed or linked, not handed in as a file: {printable(entry.name, most=80)}")
            continue
        one = _canvas_person(found, form["who"], form["user"])
        one.late = bool(one.late or form["late"])
        numbers[entry] = float(form["file"][:15])
        one.order = max(one.order, numbers[entry])
        one.files.append((form["name"], entry))
    for one in found.values():
        one.files.sort(key=lambda file: numbers[file[1]])
    _not_understood(download, others, "lastnamefirst_12345_67890_name.ipynb")
    return list(found.values())


def _canvas_person(found, who, user):
    keys = key("canvas", user)
    person = Person("", "", "" if who == "anon" else who[:NAME], "", keys, [f"canvas-{user}"])
    return found.setdefault(user, HandIn(person, who))


def moodle(download: Download, name: str) -> list[HandIn]:
    """The hand-ins in a download of Moodle's."""
    found: dict[str, HandIn] = {}
    others = []
    for entry in download.entries:
        parts = entry.path.split("/")
        at = next((n for n, part in enumerate(parts) if MOODLE.fullmatch(part)), None)
        form = None if at is None else MOODLE.fullmatch(parts[at])
        if at is None or not form:
            others.append(entry.path)
            continue
        who, user = form["who"].strip("_ "), form["user"]
        blind = who.casefold() in ("participant", "teilnehmer", "teilnehmerin", "teilnehmer-in", "participante", "")
        first, last = ("", "") if blind else parted(who)
        one = found.setdefault(user, HandIn(Person("", first, last, "", key("moodle", user), [f"moodle-{user}"]), who))
        if form["kind"] == "file":
            inside = "/".join([(form["name"] or "").lstrip("_"), *parts[at + 1 :]]).strip("/")
            one.files.append((inside or parts[at], entry))
        else:
            one.notes.append(f"typed into the page, not handed in as a file ({form['kind']})")
    _not_understood(download, others, "First Last_123456_assignsubmission_file/name.ipynb")
    return list(found.values())


def gradescope(download: Download, name: str) -> list[HandIn]:
    """The hand-ins in a download of Gradescope's: of a group's, one each."""
    about = _metadata(download)
    files: dict[str, list[tuple[str, Entry]]] = {}
    others = []
    for entry in download.entries:
        parts = entry.path.split("/")
        at = next((n for n, part in enumerate(parts[:-1]) if part in about or SUBMISSION.fullmatch(part)), None)
        if at is not None:
            files.setdefault(parts[at], []).append(("/".join(parts[at + 1 :]), entry))
        elif entry.name != "submission_metadata.yml":
            others.append(entry.path)
    _not_understood(download, others, "submission_123456789/name.ipynb")
    found = []
    for folder in sorted({*files, *about}):
        one = about.get(folder) or {}
        when = one.get(":created_at", one.get("created_at"))
        moment, notes = _moment(when), []
        if when is not None and moment is None:
            notes.append(f"its time cannot be read: {printable(str(when), most=40)}")
        number = SUBMISSION.search(folder)
        submitters = one.get(":submitters", one.get("submitters"))
        persons = [
            person for each in (submitters if isinstance(submitters, list) else []) if (person := _submitter(each, folder)).keys
        ]
        if not persons:
            persons = [Person("", "", "", "", [], [f"gradescope-{number[1] if number else folder}"])]
            notes.append(f"{printable(folder, most=40)} is nobody's, says submission_metadata.yml")
        for person in persons:
            hand_in = HandIn(person, person.name or person.spare[0], files.get(folder, []), None, moment, 0.0, list(notes))
            hand_in.order = moment.timestamp() if moment else float(number[1][:15]) if number else 0.0
            found.append(hand_in)
    return found


def _submitter(each, folder):
    value = {}
    for word in ("name", "sid", "email"):
        text = each.get(f":{word}", each.get(word)) if isinstance(each, dict) else None
        value[word] = " ".join(str(text).split())[:NAME] if isinstance(text, (str, int)) else ""
    first, last = parted(value["name"])
    keys = key("id", value["sid"]) + key("mail", value["email"])
    spare = [text for text in (value["sid"], value["email"], f"gradescope-{folder}") if text]
    return Person("", first, last, value["email"], keys, spare)


def _metadata(download):
    """What ``submission_metadata.yml`` says of each folder."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        """Reads Ruby's objects as what they hold."""

    def held(loader, _, node):
        if isinstance(node, yaml.ScalarNode):
            return loader.construct_scalar(node)
        return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node)

    Loader.add_multi_constructor("!", held)
    entry = next((entry for entry in download.entries if entry.name == "submission_metadata.yml"), None)
    if entry is None:
        download.notes.append(
            "submission_metadata.yml is missing, which says whose the folders are: each is taken for a student of its own"
        )
        return {}
    try:
        data = yaml.load(entry.read(METADATA), Loader)
    except Unreadable as error:
        download.notes.append(f"submission_metadata.yml {error}")
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        download.notes.append(f"submission_metadata.yml cannot be read: {printable(str(error).splitlines()[0], most=100)}")
    else:
        if isinstance(data, dict):
            return {str(folder): one for folder, one in data.items() if isinstance(one, dict)}
        download.notes.append("submission_metadata.yml holds no list of submissions")
    return {}


def _moment(value):
    """A time in UTC from what YAML or Gradescope makes of one; None where it is none."""
    if isinstance(value, str):
        text = re.sub(r"(\.\d{6})\d+", r"\1", value.strip()).replace(" UTC", "Z").replace(" Z", "Z")
        text = re.sub(r" ([+-]\d\d):?(\d\d)$", r"\1:\2", text)
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def folder(download: Download, name: str) -> list[HandIn]:
    """The hand-ins in a folder that has one for each student, or a file for each."""
    split = [(entry, entry.path.split("/")) for entry in download.entries]
    first = {parts[0] for _, parts in split}
    # All in one folder, as a zip of a folder is: but for that of a single student.
    top = int(len(first) == 1 and all(len(parts) > 2 and parts[1] != name for _, parts in split))
    found: dict[str, HandIn] = {}
    for entry, parts in split:
        parts = parts[top:]
        if name in parts[1:-1]:  # <student>/NAME/…, wherever it stands
            at = parts.index(name, 1)
            student, inside = parts[at - 1], "/".join(parts[at + 1 :])
        elif len(parts) > 1:
            student, inside = parts[0], "/".join(parts[1:])
        else:
            stem, _, suffix = parts[0].rpartition(".")
            student = re.sub(rf"[\s_.-]*{re.escape(name)}.*$", "", stem).strip("_ ") or stem
            inside = f"{name}.{suffix}" if suffix == "ipynb" else parts[0]
            if student == name:
                download.notes.append(f"not understood, as it does not say whose it is: {printable(parts[0], most=100)}")
                continue
        if inside.rpartition("/")[2] in ("timestamp.txt", "submission_secret.txt"):
            continue
        keys = key("mail" if "@" in student else "id", student)
        hand_in = found.setdefault(student, HandIn(Person("", "", "", "", keys, [student]), student))
        hand_in.files.append((inside, entry))
    return list(found.values())


PLATFORMS: dict[str, Callable[[Download, str], list[HandIn]]] = {
    "canvas": canvas,
    "moodle": moodle,
    "gradescope": gradescope,
    "folder": folder,
}


def _not_understood(download, paths, form):
    if paths:
        shown = ", ".join(printable(path, most=80) for path in paths[:3]) + (
            f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        )
        download.notes.append(f"not understood, as no name of the form {form}: {shown}")
