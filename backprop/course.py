"""Where a course keeps its things, and how its references and mistakes become functions."""

import ast
import importlib.util
import linecache
import re
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from backprop import notebook

# A solution that ends with a return, and what stands below it: a broken body that goes out with the stub, and is never reached here.
HANDED_OUT = re.compile(r"^(    return\b[^\n]*\n(?:     [^\n]*\n)*    ### END SOLUTION)\n.*", re.M | re.S)


class CourseError(Exception):
    """Something a maintainer or instructor has to put right; the message says what, where and how."""


def find_root(start: Path | str = ".") -> Path:
    """The course's root: the nearest folder upwards that has ``_toc.yml`` and ``solutions``.

    Raises
    ------
    CourseError
        If there is none.
    """
    start = Path(start).resolve()
    for folder in [start, *start.parents]:
        if (folder / "_toc.yml").is_file() and (folder / "solutions").is_dir():
            return folder
    raise CourseError(
        f"{start} is not inside a course: no folder upwards holds _toc.yml and solutions/. "
        "Change into your checkout of the course and run this again."
    )


def assignments(root: Path | str) -> list[str]:
    """Names of all assignments of a course, in order."""
    return sorted(p.parent.name for p in (Path(root) / "solutions").glob("*/checks.py"))


def texts(root: Path | str) -> dict[str, str]:
    """The course's own texts, from ``_config.yml``; each is "" where none is given.

    ``address`` of the published book (``html: baseurl``), without a slash at its end; ``name`` (else the book's title), ``term`` and
    ``contact`` from the section ``course``.

    Raises
    ------
    CourseError
        If the file cannot be read as YAML.
    """
    import yaml  # a student's installation has none

    path = Path(root) / "_config.yml"
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        own, html = config.get("course") or {}, config.get("html") or {}
        given = {"address": html.get("baseurl"), "name": own.get("name") or config.get("title")}
        given |= {key: own.get(key) for key in ("term", "contact")}
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise CourseError(f"{path} cannot be read: {' '.join(str(error).split())}. Mend it; texts stand in quotes.") from None
    found = {key: "" if text is None else " ".join(str(text).split()) for key, text in given.items()}
    return {**found, "address": found["address"].rstrip("/")}


def book_address(root: Path) -> str:
    """Where the book is published, or ""."""
    return texts(root)["address"]


def load(path, name):
    """Import a Python file by its path under a name of its own, without touching ``sys.modules``."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache(maxsize=1024)
def _compiled(source, filename):
    """A solution's code: of a chapter's solutions one is replaced by each of its mistakes, and the others stay."""
    return compile(source, filename, "exec")


class Chapter:
    """One assignment's source: the notebook with the references, its checks and the catalogue of mistakes.

    Parameters
    ----------
    root : path
        The course's root.
    name : str
        ``NN-name``, as in ``solutions/NN-name/NN-name.ipynb``.

    Raises
    ------
    CourseError
        If there is no such assignment.
    """

    def __init__(self, root: Path | str, name: str):
        self.root, self.name = Path(root).resolve(), name
        self.folder = self.root / "solutions" / name
        if not (self.folder / "checks.py").is_file():
            raise CourseError(f"There is no assignment {name!r}. There are: {', '.join(assignments(root))}.")

    @cached_property
    def notebook(self):
        return notebook.read(self.folder / f"{self.name}.ipynb")

    @cached_property
    def checks(self):
        return load(self.folder / "checks.py", f"checks_{self.name}")

    @property
    def exercises(self):
        return self.checks.EXERCISES

    @cached_property
    def cells(self):
        """Source of each solution cell by the function's name."""
        return {
            c.metadata.nbgrader.grade_id: c.source for c in self.notebook.cells if c.metadata.get("nbgrader", {}).get("solution")
        }

    @cached_property
    def sources(self):
        """The answer in each solution cell by the function's name: without the broken body that a stub hands out to be mended."""
        return {name: HANDED_OUT.sub(r"\1", source) for name, source in self.cells.items()}

    @cached_property
    def reference(self):
        """The reference solutions by name, as functions that call one another."""
        return self.functions()

    def functions(self, **replaced):
        """Run the solution cells in one namespace, with some of them replaced.

        Parameters
        ----------
        **replaced : str
            Source by the function's name.

        Returns
        -------
        dict
            The namespace: each function by its name, and what else the cells define.
        """
        namespace = {"np": np, "__name__": f"solutions.{self.name}"}
        for name, source in {**self.sources, **replaced}.items():
            filename = f"<{self.name} {name} {abs(hash(source))}>"
            linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
            exec(_compiled(source, filename), namespace)
        return namespace

    @cached_property
    def catalogue(self):
        """Every chapter's known mistakes, each with the chapter that lists it."""
        paths = sorted((self.root / "solutions").glob("*/mistakes.py"))
        return [(path.parent.name, m) for path in paths for m in load(path, f"mistakes_{path.parent.name}").MISTAKES]

    def mistakes(self, exercise):
        """The catalogue's entries for an exercise, whichever chapter lists them: a function is brought along with its mistakes."""
        theirs = [(where, m) for where, m in self.catalogue if m.exercise == exercise and m.only in ("", self.name)]
        return [m for where, m in theirs if self._is_same(exercise, where)]

    @cached_property
    def _others(self):
        """The answers of other chapters by their names, as far as they were asked for."""
        return {}

    def _is_same(self, function, where):
        """Whether another chapter's function of a name is this one's: two may share a name and take other arguments."""
        if where == self.name:
            return True
        if where not in self._others:
            self._others[where] = Chapter(self.root, where).sources
        return self._others[where].get(function) in (None, self.sources[function])

    def mistaken(self, exercise, mistake):
        """The function that a known mistake makes of a reference."""
        made = self.__dict__.setdefault("_mistaken", {})
        if (exercise, mistake.id) not in made:
            source = mistake.apply(self.sources[exercise])
            made[exercise, mistake.id] = self.functions(**{exercise: source})[exercise]
        return made[exercise, mistake.id]

    @cached_property
    def styles(self):
        """Every chapter's right answers written differently: by function and chapter, style to source."""
        import inspect

        found: dict[tuple[str, str], dict[str, str]] = {}
        for path in sorted((self.root / "solutions").glob("*/variants.py")):
            for name, function in vars(load(path, f"variants_{path.parent.name}")).items():
                base, _, style = name.partition("__")
                if style and base and inspect.isfunction(function):
                    source = inspect.getsource(function).replace(f"def {name}(", f"def {base}(", 1)
                    found.setdefault((base, path.parent.name), {})[style] = source
        return found

    def variants(self, exercise):
        """Right answers to an exercise written differently: style to source, whichever chapter lists them.

        One of another chapter's that calls a function which is not brought along is no answer here.
        """
        return {
            style: source
            for (function, where), styles in self.styles.items()
            if function == exercise and self._is_same(exercise, where)
            for style, source in styles.items()
            if not self._left_behind(where) & {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
        }

    def _left_behind(self, where):
        """The functions of another chapter that this one does not ask for."""
        return set() if where == self.name else self._others[where].keys() - self.sources.keys()
