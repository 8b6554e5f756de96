"""Verdicts, and what cells printed, as the outputs of a notebook's cells."""

import html
import re

import nbformat

from backprop.checking.judge import Verdict
from backprop.checking.mistakes import place
from backprop.checking.wire import printable

ROOM = 200_000  # characters of what a submission's own cells print and raise that its notebook keeps: all of it is shown at once
COLOURS = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")


def write_outputs(nb, record, book=""):
    """Write what a submission's cells printed and what its checks found into the notebook, in place."""
    count, room = 0, ROOM
    if "receipt" in record:
        nb.metadata["backprop"] = nbformat.from_dict(record["receipt"])
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
            cell.outputs = cell_outputs(record["cells"][number], room)
            room -= sum(len(output.get("text", output.get("evalue", ""))) for output in cell.outputs)


def verdict_outputs(name, found, book, count):
    """A verdict as a cell's outputs: the words, and the points as the value that nbgrader reads as the score."""
    shown = {key: found[key] for key in ("points", "max_points", "status", "diagnoses", "lines", "read")}
    text = visible(Verdict(name, **shown).text(book))
    places = [place(read) for read in found["read"]] if book else []
    body = html.escape(text.split("\n  →")[0] if places else text)
    links = "".join(f'\n  → <a href="{html.escape(book.rstrip("/"))}/{link}">{html.escape(words)}</a>' for link, words in places)
    return [
        _made("display_data", data={"text/html": f"<pre>{body}{links}</pre>", "text/plain": text}, metadata={}),
        _made("execute_result", data={"text/plain": repr(float(found["points"]))}, metadata={}, execution_count=count),
    ]


def cell_outputs(output, room=ROOM):
    """What a cell printed and raised, as outputs: text in which everything can be seen, at most ``room`` characters of it."""
    outputs, printed, error = [], _seen(output["stdout"]), output["error"]
    if len(printed) > room:
        printed = f"{len(printed)} characters are left out: this notebook's cells have printed too much before.\n"
    if printed:
        outputs.append(_made("stream", name="stdout", text=printed))
    if error:
        kind, message = _seen(str(error["type"])), _seen(str(error["message"]))
        where = f" (line {error['line']})" if error.get("line") else ""
        if len(message) > room:
            message = "…"
        outputs.append(_made("error", ename=kind, evalue=message, traceback=[f"{kind}{where}: {message}"]))
    return outputs


def _seen(text):
    """A text as a terminal leaves it, without its colours: of what is written over, what stands there last."""
    lines = COLOURS.sub("", text.replace("\r\n", "\n")).split("\n")
    return visible("\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in lines))


def visible(text: str) -> str:
    """A text of several lines in which everything can be seen."""
    return printable(text.replace("\r\n", "\n"), keep="\n\t")


def _made(kind, **fields):
    """One output. nbformat's own function for it validates each, and the notebook is validated as a whole when it is rendered."""
    return nbformat.from_dict({"output_type": kind, **fields})
