"""Read, normalise and execute notebooks, so that one change to a notebook is one readable diff."""

import json
import re
import sys
from pathlib import Path

# jsonschema takes seven tenths of a second to compile grammars of addresses, where rfc3987_syntax is installed; no
# notebook's schema has one. Kept from it while nbformat imports it, and given back.
hidden = sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
import nbformat  # noqa: E402

if hidden is None:
    del sys.modules["rfc3987_syntax"]

KEPT_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_CELL_METADATA = {"nbgrader", "tags", "mystnb", "deletable", "editable"}


class NotebookError(Exception):
    """A notebook that cannot be read; the message says which, why and what to do."""


def read(path):
    """Read a notebook of format 4 from a file.

    Raises
    ------
    NotebookError
        If the file is missing, is not UTF-8 JSON, or is not a notebook of format 4.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise NotebookError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None
    return parse(raw, path)


def parse(raw, path):
    """A notebook from the bytes of a file; the path is only for messages.

    Raises
    ------
    NotebookError
        If they are not UTF-8 JSON, or not a notebook of format 4.
    """
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotebookError(f"{path}: not UTF-8 text (byte {error.start}). Save it again from Jupyter.") from None
    except ValueError as error:
        raise NotebookError(f"{path}: not valid JSON ({error}). Save it again from Jupyter.") from None
    except RecursionError:
        raise NotebookError(f"{path}: not valid JSON for a notebook: nested too deeply.") from None
    if not isinstance(data, dict) or data.get("nbformat") != 4 or not isinstance(data.get("cells"), list):
        raise NotebookError(f"{path}: not a notebook of format 4. Open it in Jupyter and save it again.")
    try:
        notebook = nbformat.from_dict(data)
        for cell in notebook.cells:
            cell.source = "".join(cell.source) if isinstance(cell.source, list) else str(cell.source)
            cell.setdefault("metadata", nbformat.NotebookNode())
            if cell.cell_type == "code":
                cell.setdefault("outputs", [])
    except (AttributeError, TypeError, KeyError) as error:
        raise NotebookError(f"{path}: a cell is malformed ({error}). Open it in Jupyter and save it again.") from None
    except RecursionError:
        raise NotebookError(f"{path}: nested too deeply.") from None
    return notebook


def normalise(notebook):
    """Bring a notebook into the form in which it is committed, in place.

    Format 4.5, cell ids that say what the cell is, no metadata that changes from one run to the next,
    execution counts that count from 1.
    """
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(KEPT_METADATA)
    taken, count = set(), 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in KEPT_CELL_METADATA})
        cell.id = _readable_id(cell, taken)
        cell.source = cell.source.strip("\n")
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            count += 1
            executed = bool(cell.outputs) or cell.get("execution_count") is not None
            cell.execution_count = count if executed else None
            cell.outputs = _merged(cell.outputs)
            for output in cell.outputs:
                output.pop("transient", None)
                if "metadata" in output:
                    output.metadata = nbformat.NotebookNode()
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count
    return notebook


def _merged(outputs):
    """Outputs with neighbouring pieces of one stream joined, as how they are cut up varies from run to run."""
    merged = []
    for output in outputs:
        if output.output_type == "stream" and merged and merged[-1].output_type == "stream" and merged[-1].name == output.name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def _readable_id(cell, taken):
    """An id from the exercise's name, the heading or the first words; letters, digits and hyphens, at most 64."""
    words = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.source.strip().split("\n")[0]
    stem = re.sub(r"[^a-z0-9_]+", "-", words.lower()).strip("-")[:48].strip("-") or cell.cell_type
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def dumps(notebook):
    """The text of a notebook as committed: sorted keys, one space of indentation, a newline at the end."""
    return nbformat.writes(notebook, version=4, indent=1, sort_keys=True, ensure_ascii=False).rstrip("\n") + "\n"


def execute(notebook, folder, timeout=300):
    """Run every cell of a notebook in a fresh kernel that works in a folder, and store the outputs.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises that is not tagged ``raises-exception``.
    """
    from nbclient import NotebookClient  # only here: it is slow to import and grading does not need it

    NotebookClient(notebook, timeout=timeout, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def tidy(path, run=False):
    """Normalise one notebook file, running it first if asked. Returns whether the file changed."""
    path = Path(path)
    notebook = read(path)
    if run:
        execute(notebook, path.parent)
    text = dumps(normalise(notebook))
    changed = path.read_text(encoding="utf-8") != text
    if changed:
        path.write_text(text, encoding="utf-8")
    return changed
