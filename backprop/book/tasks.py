"""A Sphinx extension: the chapter's tasks stand in its page, each with its stub, to be written and checked there.

``_config.yml`` names it. A section whose title begins with *Try it* gets the tasks whose functions it names, all others
stand in the section *Exercises*: the text, the minutes and the stub are the assignment's own. In the page, ``tasks.js`` makes an editor of
each; without scripts it is the stub, and the way to the notebook. `runtime` says what Python needs there.
"""

import hashlib
import json
import os
import re
import shutil
import zlib
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from backprop.book import runtime

FOLDER = "BACKPROP_PYODIDE"  # the environment's variable by which `build` says where the files of `runtime` lie
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*$")
FENCE = ":" * 9
BROUGHT = "(What you bring along from earlier chapters stands further down:"
HERE = "Where this page comes from a web server and may run scripts, you can write and check this right here. Everywhere else: "
ELSEWHERE = '<a href="{up}exercises/{chapter}.zip">download this chapter\'s exercise</a> and open its notebook in Jupyter.'


class Task(NamedTuple):
    """A task of an assignment: its function and number, what stands beside the heading, its text, and the stub."""

    name: str
    number: int
    minutes: str
    text: str
    stub: str


def tasks(notebook: dict) -> list[Task]:
    """The tasks of an assignment's notebook, in its order. Each has a heading ``### Task 3: `name` ``, and says ``(5 minutes)``."""
    found: list[Task] = []
    text = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text += f"\n\n{source}"
        elif cell["metadata"].get("nbgrader", {}).get("solution"):
            name = cell["metadata"]["nbgrader"]["grade_id"]
            heading = re.search(rf"^#+ Task \d+: `{name}`.*$", text, re.M)
            body = text[heading.end() :] if heading else ""
            minutes = re.search(r"\((\d+ minutes?)\)", body)
            body = body.replace(minutes[0], "", 1) if minutes else body
            found.append(Task(name, len(found) + 1, minutes[1] if minutes else "", body.strip(), source))
            text = ""
    return found


def into_page(source: str, notebook: dict) -> str:
    """A chapter's notebook, as text, with its tasks where they belong: at the ends of the sections that ask for them."""
    page = json.loads(source)
    sections = list(_sections(page["cells"]))
    asked = {number: _asked(lines) for number, (_, lines) in enumerate(sections)}
    where: dict[int, list[Task]] = {}  # the section of each task: the first that asks for it, else the one of all exercises
    rest = next((number for number, (title, _) in enumerate(sections) if title == "Exercises"), len(sections) - 1)
    for task in tasks(notebook):
        named = (number for number, (title, _) in enumerate(sections) if title.startswith("Try it") and task.name in asked[number])
        where.setdefault(next(named, rest), []).append(task)
    first = min((number for number in where if number != rest), default=None)
    made, number = [], -1

    def put(number):
        """The tasks of a section, and before the first ones the way to those that come before them."""
        before = [task for task in where.get(rest, ()) if number == first and task.number < where[number][0].number]
        return [*([_pointer(before)] if before else []), *map(_markdown, where.get(number, ()))]

    for cell in page["cells"]:
        if cell["cell_type"] != "markdown":
            made.append(cell)
            continue
        part: list[str] = []
        for line, heading in _lines(cell):
            if heading:
                made += [_cell(cell, part)] if part else []
                made += put(number)
                part, number = [], number + 1
            part.append(line)
        made += [_cell(cell, part)]
    made += put(number)
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    page["cells"] = made
    return json.dumps(page)


def _lines(cell):
    """The lines of a Markdown cell, each with the title if it is a heading: none is within a fence."""
    fence = None
    for line in "".join(cell["source"]).split("\n"):
        mark = re.match(r"\s*(`{3,}|~{3,}|:{3,})", line)
        if mark and (fence is None or line.strip().startswith(fence)):
            fence = mark[1] if fence is None else None
        heading = None if fence else HEADING.match(line)
        yield line, heading and heading[1]


def _sections(cells):
    """The sections of a page, each with its title and its Markdown lines."""
    lines = None
    for cell in cells:
        for line, heading in _lines(cell) if cell["cell_type"] == "markdown" else ():
            if heading:
                lines = []
                yield heading, lines
            elif lines is not None:
                lines.append(line)


def _asked(lines):
    """The functions that a section's lines name."""
    return set(re.findall(r"`(\w+)", "\n".join(lines)))


def _cell(like, lines):
    return {**like, "source": "\n".join(lines)}


def _pointer(before):
    """Where the tasks stand that come before those of a section: functions to bring along."""
    names = ", ".join(f"`{task.name}`" for task in before)
    return {"cell_type": "markdown", "metadata": {}, "source": f"{BROUGHT} {names} under [Exercises](#exercises).)"}


def _markdown(task):
    return {"cell_type": "markdown", "metadata": {}, "source": f"{FENCE}{{task}} {task.name}\n\n{task.text}\n{FENCE}"}


class task_node(nodes.General, nodes.Element):
    """A task: its text as children, and its stub last."""


class TaskDirective(SphinxDirective):
    """``{task} name``, with the task's text as content. Made by `into_page`, not by authors."""

    required_arguments = 1
    has_content = True

    def run(self):
        chapter, name = Path(self.env.docname).name, self.arguments[0]
        task = next(task for task in tasks(_assignment(self.env.srcdir, chapter)) if task.name == name)
        about = {"name": name, "number": task.number, "minutes": task.minutes, "chapter": chapter}
        made = task_node("", up="../" * self.env.docname.count("/"), **about)
        self.state.nested_parse(self.content, self.content_offset, made)
        made += nodes.container("", nodes.literal_block(task.stub, task.stub, language="python"), classes=["task-stub"])
        return [made]


def _assignment(root, name):
    path = Path(root) / "exercises" / name / f"{name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def insert(app, docname, source):
    """Put a chapter's tasks into its source, before it is read."""
    name = Path(docname).name
    if app.builder.format == "html" and (notebook := _assignment(app.srcdir, name)):
        app.env.note_dependency(str(Path(app.srcdir) / "exercises" / name / f"{name}.ipynb"))
        source[0] = into_page(source[0], notebook)


def open_task(writer, node):
    """The element that ``tasks.js`` makes an editor of, and what it shows without."""
    name, minutes = escape(node["name"]), node["minutes"]
    writer.body.append(
        f'<backprop-task id="task-{name}" name="{name}" chapter="{node["chapter"]}" number="{node["number"]}">'
        f'<p class="task-title"><strong>Task {node["number"]}: <code>{name}</code></strong>'
        + (f' <span class="task-minutes">({escape(minutes)})</span>' if minutes else "")
        + "</p>"
    )


def close_task(writer, node):
    words = ELSEWHERE.format(up=node["up"], chapter=node["chapter"])
    words = HERE + words if os.environ.get(FOLDER) else words[:3] + words[3:].replace(">d", ">D", 1)
    writer.body.append(f'<p class="task-elsewhere">{words}</p></backprop-task>')


def list_tasks(app, doctree, docname):
    """The list of a chapter's tasks, under its heading *Exercises*."""
    if not list(doctree.findall(task_node)):
        return
    for section in doctree.findall(nodes.section):
        if section[0].astext() == "Exercises":
            markup = f'chapter="{Path(docname).name}" wheels="{" ".join(runtime.WHEELS)}" version="{version()}"'
            section.insert(2, nodes.raw("", f"<backprop-tasks {markup}></backprop-tasks>", format="html"))


@cache
def version() -> str:
    """Changes with everything that a page may have in its cache: the worker, the checks, the assignments."""
    root = Path(__file__).parents[2]
    files = [*(root / "backprop" / "checking").glob("*.*"), root / "book" / "_static" / "worker.js", *root.glob("exercises/*/*.*")]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()[:12]


def load_script(app, pagename, templatename, context, doctree):
    """Chapters load the editor where Python is there for it; all pages show what is done."""
    if os.environ.get(FOLDER):
        app.add_js_file("tasks.js", type="module")


def finish(app, exception):
    """Put Python and the assignments beside the pages."""
    if exception or app.builder.format != "html" or not os.environ.get(FOLDER):
        return
    static = Path(app.outdir) / "_static"
    runtime.put(Path(os.environ[FOLDER]), static / "python", Path(app.srcdir))
    for folder in sorted((Path(app.srcdir) / "exercises").iterdir()):
        if folder.is_dir():
            target = static / "tasks" / folder.name
            target.mkdir(parents=True, exist_ok=True)
            for name in (f"{folder.name}.ipynb", "checks.py", "expected.json"):
                shutil.copyfile(folder / name, target / name)


def setup(app):
    """Connect everything; called by Sphinx."""
    app.add_node(task_node, html=(open_task, close_task))
    app.add_directive("task", TaskDirective)
    app.connect("source-read", insert)
    app.connect("doctree-resolved", list_tasks, priority=600)  # behind the links that `pages` puts there
    app.connect("html-page-context", load_script)
    app.connect("build-finished", finish)
    # Pages change with all of this, and with whether Python is there for them.
    made_from = f"{version()} {bool(os.environ.get(FOLDER))}".encode() + Path(__file__).read_bytes()
    return {"env_version": zlib.crc32(made_from), "parallel_read_safe": True, "parallel_write_safe": True}
