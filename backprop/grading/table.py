"""A platform's table as a file of text, in which single cells change and every other byte stays as it was.

Python's ``csv`` reads such a file and forgets how each cell was quoted: what a platform exported is to come back as it left, so a
cell is kept here as it was written. The forms that were met: commas (``Student,ID,SIS User ID,SIS Login ID,Section``), semicolons
(Canvas and Moodle in countries that write 7,5), tabs in UTF-16 (Excel's "Unicode text"), with and without a byte-order mark, a first
line ``sep=;``.
"""

import codecs
import re
from pathlib import Path

from backprop.checking.wire import printable
from backprop.course import CourseError

LARGEST = 50 << 20  # bytes of a file
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Headings by what they mean, as letters and digits in small; Moodle translates its own.
MEANINGS = {
    "name": "student name fullname studentname vollständigername nomcomplet nombrecompleto",
    "first": "firstname givenname vorname prénom nombre",
    "last": "lastname surname familyname nachname nom nomdefamille apellidos apellido",
    "canvas": "id canvasid canvasuserid",
    "sis": "sisuserid",
    "login": "sisloginid loginid login username anmeldename nomdutilisateur nombredeusuario",
    "number": "idnumber sid studentid idnummer matrikelnummer numérodidentification númerodeid",
    "email": "emailaddress email mail emailadresse adressedecourriel direccióndecorreo correoelectrónico",
    "moodle": "identifier kennung identifiant identificador",
    "role": "role roles",
}
MEANING = {word: meaning for meaning, words in MEANINGS.items() for word in words.split()}


class Table:
    """One file.

    Parameters
    ----------
    path : path

    Attributes
    ----------
    header : int
        The row with the headings.
    columns : dict of str to int
        Where the columns of a known meaning are, by that meaning (`MEANINGS`).

    Raises
    ------
    CourseError
        If it cannot be read, is no text, or has no heading that is known.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        self.mark, self.encoding, text = _decoded(self.path)
        self.before = ""
        if declared := re.match(r"sep=(.)(\r\n|\n|\r)", text):
            self.before, text = declared[0], text[declared.end() :]
        found: list[tuple[int, int, str, list[list[str]], list[str], dict[str, int]]] = []
        for delimiter in [declared[1]] if declared else [",", ";", "\t"]:
            rows, ends = _split(text, delimiter)
            for number, row in enumerate(rows[:10]):
                columns: dict[str, int] = {}
                for column, cell in enumerate(row):
                    if meaning := MEANING.get(plain(_unquoted(cell))):
                        columns.setdefault(meaning, column)
                found.append((len(columns), -number, delimiter, rows, ends, columns))
        nothing: tuple[int, int, str, list[list[str]], list[str], dict[str, int]] = (0, 0, ",", [], [], {})
        best = max(found, key=lambda one: one[:2], default=nothing)
        count, number, self.delimiter, self.rows, self.ends, self.columns = best
        self.header = -number
        if not count:
            first = printable(text.splitlines()[0] if text.strip() else "", most=80)
            raise CourseError(
                f"{self.path} has no heading that is known, such as Student, SIS Login ID, First name, ID number, SID or Email. "
                + (f"Its first line is: {first}. Export it from the platform again, as CSV." if first else "It is empty.")
            )

    @property
    def platform(self) -> str:
        """Whose form the headings are: ``canvas``, ``gradescope`` or ``moodle``."""
        words = {plain(cell) for cell in self.headings()}
        if {"student", "id"} <= words or {"sisloginid", "sisuserid"} & words:
            return "canvas"
        return "gradescope" if "sid" in words else "moodle"

    def headings(self) -> list[str]:
        """The headings as a reader sees them."""
        return [_unquoted(cell).strip() for cell in self.rows[self.header]]

    def body(self) -> list[int]:
        """Numbers of the rows below the headings that hold anything."""
        return [n for n in range(self.header + 1, len(self.rows)) if any(map(str.strip, self.rows[n]))]

    def value(self, row: int, column: int | str | None) -> str:
        """What a cell says, or "" where there is none.

        Parameters
        ----------
        row : int
        column : int or str, optional
            Its number, or its meaning.
        """
        place = self.columns.get(column) if isinstance(column, str) else column
        cells = self.rows[row]
        return _unquoted(cells[place]).strip() if place is not None and place < len(cells) else ""

    def put(self, row: int, column: int, text: str) -> None:
        """Have a cell say something else, quoted as it was."""
        cells = self.rows[row]
        cells += [""] * (column + 1 - len(cells))
        quoted = cells[column].lstrip().startswith('"') or any(sign in text for sign in (self.delimiter, '"', "\n", "\r"))
        cells[column] = '"' + text.replace('"', '""') + '"' if quoted else text

    def decimal_comma(self) -> bool:
        """Whether its numbers are written as 7,5: some are, and none as 7.5."""
        cells = [_unquoted(cell).strip() for n in self.body() for cell in self.rows[n]]
        written = {sign: any(re.fullmatch(rf"\d+{re.escape(sign)}\d{{1,5}}", cell) for cell in cells) for sign in ",."}
        return written[","] and not written["."]

    def data(self) -> bytes:
        """The file's bytes."""
        text = "".join(self.delimiter.join(row) + end for row, end in zip(self.rows, self.ends))
        return self.mark + (self.before + text).encode(self.encoding)


def plain(heading: str) -> str:
    """A heading's letters and digits in small."""
    return "".join(sign for sign in heading.casefold() if sign.isalnum())


def _decoded(path):
    """The byte-order mark, the encoding and the text of a file."""
    try:
        if path.stat().st_size > LARGEST:
            raise CourseError(f"{path} has more than {LARGEST >> 20} MB: no table of students has.")
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
    if data.startswith(b"PK"):
        raise CourseError(f"{path} is an Excel workbook or a zip, and no CSV file. Save it as CSV, or export it as CSV again.")
    mark, marked = next((one for one in MARKS if data.startswith(one[0])), (b"", ""))
    for encoding in [marked] if marked else ["utf-8", "cp1252", "latin-1"]:
        try:
            text = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.encode(encoding) == data[len(mark) :] and "\0" not in text:
            return mark, encoding, text
    raise CourseError(f"{path} is no text that can be read. Export it from the platform again, as CSV.")


def _split(text, delimiter):
    """Rows of cells as they were written, and what ends each row."""
    if not text:
        return [], []
    sign = re.escape(delimiter)
    cell = re.compile(rf'((?:"(?:[^"]|"")*+")?+[^{sign}\r\n]*+)({sign}|\r\n|\n|\r|\Z)')
    rows: list[list[str]] = [[]]
    ends: list[str] = []
    at = 0
    while True:
        found = cell.match(text, at)
        assert found, "a cell ends at a delimiter or at the end"
        at = found.end()
        rows[-1].append(found[1])
        if found[2] != delimiter:
            ends.append(found[2])
            if at == len(text):
                return rows, ends
            rows.append([])


def _unquoted(cell):
    quoted = re.fullmatch(r'"((?:[^"]|"")*+)"\s*', cell)
    return quoted[1].replace('""', '"') if quoted else cell
