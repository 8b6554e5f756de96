"""Whether a cell was edited after it was run, where the notebook's file shows it: then the check sees what stands there no more."""

import inspect
import json
import os
import time
from pathlib import Path

from backprop.checking.cells import code_of, definitions, python

LARGEST = 10_000_000  # bytes of a notebook that is looked into


class Runs:
    """When each function of a notebook was last made, from its cells as they run."""

    def __init__(self, shell, names):
        self.shell, self.names, self.made = shell, names, {}
        shell.events.register("post_run_cell", self._note)

    def _note(self, result=None):
        for name in self.names:
            function = self.shell.user_ns.get(name)
            if self.made.get(name, (None, 0))[0] is not function:
                self.made[name] = function, time.time()

    def edited(self, name, function, beside):
        """Whether the file, saved after the function's cell was run, holds another function of that name; False when in doubt.

        Parameters
        ----------
        name : str
        function : callable
        beside : path
            The assignment's folder, whose notebook is looked at where no other is known.
        """
        made, when = self.made.get(name, (None, 0))
        known = (self.shell.user_ns.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"), beside / f"{beside.name}.ipynb")
        path = next((Path(p) for p in known if p and str(p).endswith(".ipynb") and Path(p).is_file()), None)
        if path is None or made is not function or not inspect.isfunction(function):
            return False
        try:
            if path.stat().st_size > LARGEST or path.stat().st_mtime <= when:
                return False
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            ran = code_of(inspect.getsource(function))
            saved = [code for s in sources if f"def {name}" in s for code in definitions(python(s)[0], name)]
        except (OSError, ValueError, TypeError, KeyError, SyntaxError, RecursionError):
            return False
        return bool(saved) and ran not in saved
