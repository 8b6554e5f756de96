"""What a check raises: one line and no traceback in a notebook, whose block above says the rest; all of it to nbgrader's validation."""

import os
import textwrap

VALIDATING = (
    "NBGRADER_VALIDATING"  # set for a kernel by ``nbgrader validate`` and by Jupyter's button: they show errors, no outputs
)
WIDTH = 80  # of a line that they do not cut off


class CheckFailed(AssertionError):
    """An answer is not right yet.

    Parameters
    ----------
    line : str
    feedback : str
        What the block above that line says, as text.
    """

    def __init__(self, line, feedback=""):
        super().__init__(line)
        self.feedback = feedback

    def _render_traceback_(self):
        return _lines(f"{type(self).__name__}: {self}", self.feedback)


class CheckError(Exception):
    """The check itself cannot run; the message says what is missing and what to do."""

    def _render_traceback_(self):
        return _lines(f"{type(self).__name__}: {self}")


def _lines(line, feedback=""):
    """What is shown in the place of a traceback."""
    if VALIDATING not in os.environ:
        return [line]
    wrap = textwrap.TextWrapper(WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return [part for whole in (*feedback.splitlines(), line) for part in wrap.wrap(whole)]
