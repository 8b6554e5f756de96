"""Verdicts, and what cells printed, as the outputs of a notebook's cells."""

import html

import nbformat

from backprop.checking.judge import Verdict
from backprop.checking.mistakes import place


def write_outputs(nb, record, book=""):
    """Write what a submission's cells printed and what its checks found into the notebook, in place."""
    count = 0
    for number, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        about = cell.metadata.get("nbgrader", {})
        name = str(about.get("grade_id", "")).removeprefix("check_")
        cell.outputs, count = [], count + 1
        cell.execution_count = count
        if about.get("grade") and name in record["exercises"]:
            cell.outputs = verdict_outputs(name, record["exercises"][name], book, count)
        elif number in record["cells"]:
            cell.outputs = cell_outputs(record["cells"][number])


def verdict_outputs(name, found, book, count):
    """A verdict as a cell's outputs: the words, and the points as the value that nbgrader reads as the score."""
    shown = {key: found[key] for key in ("points", "max_points", "status", "diagnoses", "lines", "read")}
    text = Verdict(name, **shown).text(book)
    places = [place(read) for read in found["read"]] if book else []
    body = html.escape(text.split("\n  →")[0] if places else text)
    links = "".join(f'\n  → <a href="{html.escape(book.rstrip("/"))}/{link}">{html.escape(words)}</a>' for link, words in places)
    return [
        _made("display_data", data={"text/html": f"<pre>{body}{links}</pre>", "text/plain": text}, metadata={}),
        _made("execute_result", data={"text/plain": repr(float(found["points"]))}, metadata={}, execution_count=count),
    ]


def cell_outputs(output):
    """What a cell printed and raised, as outputs."""
    outputs = []
    if output["stdout"]:
        outputs.append(_made("stream", name="stdout", text=output["stdout"]))
    error = output["error"]
    if error:
        where = f" (line {error['line']})" if error.get("line") else ""
        outputs.append(
            _made(
                "error",
                ename=str(error["type"]),
                evalue=str(error["message"]),
                traceback=[f"{error['type']}{where}: {error['message']}"],
            )
        )
    return outputs


def _made(kind, **fields):
    """One output. nbformat's own function for it validates each, and the notebook is validated as a whole when it is rendered."""
    return nbformat.from_dict({"output_type": kind, **fields})
