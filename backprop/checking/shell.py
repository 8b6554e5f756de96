"""What ``get_ipython()`` gives where no IPython runs: magics that run Python do, what belongs to a terminal or a page does nothing.

| magic | does |
| --- | --- |
| ``%time``, ``%%time``, ``%prun`` and their kin | run the code |
| ``%timeit``, ``%%timeit`` | run it once |
| ``%%capture`` | runs it and keeps what it prints |
| ``%run``, ``%cd``, ``%pwd``, ``%env``, ``%%writefile``, ``%reset``, ``%pylab`` | what they do in Jupyter |
| ``!command``, ``%%bash``, ``%pip``, ``%matplotlib`` and all others | nothing: their bodies are not Python |
"""

import contextlib
import io
import json
import os
import re
import time
import types

# A line by itself that starts with one of these is a magic without its %, unless a variable has that name.
AUTOMAGIC = {
    "autosave",
    "cat",
    "cd",
    "clear",
    "conda",
    "config",
    "cp",
    "env",
    "history",
    "load_ext",
    "ls",
    "lsmagic",
    "matplotlib",
    "mkdir",
    "mv",
    "pip",
    "pwd",
    "reload_ext",
    "rm",
    "run",
    "store",
    "time",
    "timeit",
    "who",
    "whos",
}
KEPT = {"get_ipython", "display", "input", "help", "exit", "quit", "In", "Out"}  # of the names that %reset forgets
RUNS = {"time", "prun", "memit", "mprun", "lprun", "snakeviz", "pyinstrument", "scalene", "heat"}
PYLAB = "import numpy, matplotlib\nfrom matplotlib import pyplot\nnp, plt = numpy, pyplot\nfrom pylab import *\nfrom numpy import *"


class StdinNotImplementedError(RuntimeError):
    """As in a notebook that nobody sits at."""


def no_input(prompt=""):
    """In the place of ``input``."""
    raise StdinNotImplementedError("input() was called, and nobody is there to answer.")


def display(*objects, **_):
    """In the place of IPython's ``display``: each object by its ``repr``."""
    for each in objects:
        print(repr(each))


def show_help(*words):
    """In the place of ``help``, which a Python without its site does not have."""
    import pydoc

    pydoc.help(*words)


class Lines(list):
    """What a shell line gives: no lines, in the forms that IPython offers."""

    n = nlstr = s = spstr = ""
    l = list = p = paths = property(lambda self: [])

    def grep(self, *_, **__):
        return self

    fields = grep


class Nothing:
    """Takes every call and attribute, and does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_, **__):
        return self

    def __iter__(self):
        return iter(())

    def __bool__(self):
        return False


class Shell:
    """A stand-in for IPython's ``InteractiveShell``.

    Parameters
    ----------
    kernel : backprop.checking.cells.Kernel
    """

    def __init__(self, kernel):
        self.kernel = kernel

    def __getattr__(self, name):
        return getattr(Nothing(), name)

    @property
    def user_ns(self):
        return self.kernel.namespace

    def system(self, command=""):
        """``!command``."""

    def getoutput(self, command="", **_):
        """``x = !command``."""
        return Lines()

    def run_cell(self, source, *_, **__):
        """Run source as a cell; as in IPython, what it raises is shown and not passed on."""
        result, error = None, None
        try:
            result = self.kernel.execute(source, "<run_cell>")
        except Exception as raised:
            error = raised
            print(f"{type(raised).__name__}: {raised}")
        return types.SimpleNamespace(result=result, error_in_exec=error, success=error is None)

    def magic(self, line):
        return self.run_line_magic(*line.lstrip("%").partition(" ")[::2])

    def run_line_magic(self, name, line="", *_, **__):
        """``%name line``."""
        if name in RUNS:
            return self._run(_without_options(line, "rlTDs"), "<line magic>")
        found = getattr(self, f"line_{name}", None)
        return None if isinstance(found, Nothing) else found(line)

    def run_cell_magic(self, name, line, cell):
        """``%%name line`` and the rest of its cell."""
        if name in RUNS:
            return self.kernel.body(cell)
        found = getattr(self, f"cell_{name}", None)
        if isinstance(found, Nothing) or (self.kernel.definitions and name != "capture"):
            return None
        return found(line, cell)

    def _run(self, source, filename, namespace=None):
        return self.kernel.execute(source, filename, namespace)

    def line_timeit(self, line, cell=""):
        options = re.match(r"(?:-[a-z]\S*(?:\s+\d+)?\s+)*", line)[0]
        space = dict(self.user_ns)  # as in a function of timeit's: what is bound there does not stay
        statement = line[len(options) :]
        if cell:
            self._run(statement, "<timeit>", space)
        begun = time.perf_counter()
        self._run(cell or statement, "<timeit>", space)
        took = time.perf_counter() - begun
        if not re.search(r"-[a-z]*o", options):
            return None
        runs = {"all_runs": [took], "timings": [took], "compile_time": 0.0, "loops": 1, "repeat": 1}
        return types.SimpleNamespace(best=took, worst=took, average=took, stdev=0.0, **runs)

    cell_timeit = line_timeit

    def cell_capture(self, line, cell):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self.kernel.body(cell)
        for name in [word for word in line.split() if not word.startswith("-")][:1]:
            kept = {"stdout": out.getvalue(), "stderr": err.getvalue(), "outputs": []}
            self.user_ns[name] = types.SimpleNamespace(show=lambda: None, **kept)

    def line_run(self, line):
        path = next(word for word in line.split() if not word.startswith("-")).strip("'\"")
        path += "" if path.endswith((".py", ".ipynb", ".ipy")) else ".py"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        sources = [text]
        if path.endswith(".ipynb"):
            sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        for source in sources:
            self._run(source, path)

    def cell_writefile(self, line, cell):
        name = next(word for word in line.split() if not word.startswith("-")).strip("'\"")
        with open(name, "a" if "-a" in line.split() else "w", encoding="utf-8") as file:
            file.write(cell)

    cell_file = cell_writefile

    def line_cd(self, line):
        words = [word for word in line.split() if not word.startswith("-")]
        os.chdir(os.path.expanduser(words[0].strip("'\"") if words else "~"))

    def line_pwd(self, line):
        return os.getcwd()

    def line_env(self, line):
        name, equals, value = line.strip().partition("=" if "=" in line else " ")
        if equals:
            os.environ[name] = value
        return dict(os.environ) if not name else os.environ.get(name)

    line_set_env = line_env

    def line_sx(self, line):
        return Lines()

    line_system = line_sx

    def line_reset(self, line):
        if "-f" not in line:
            no_input()
        for name in [name for name in self.user_ns if not name.startswith("_") and name not in KEPT]:
            del self.user_ns[name]

    def line_pylab(self, line):
        self._run(PYLAB, "<pylab>")


def _without_options(line, valued):
    """A line magic's code without the options before it; those of the letters `valued` have a value."""
    return re.sub(rf"^\s*(?:-(?:[{valued}]\s*\S+|[a-zA-Z]+)\s+|--[\w-]+\s+)*", "", line)
