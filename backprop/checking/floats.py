"""Warnings of NumPy's where the processor gives none: WebAssembly has no floating-point flags.

A browser's Python computes what every other does, but there NumPy never learns that something overflowed. `warn_as_natively` puts
functions in the place of NumPy's that look at their results instead. What that does not reach: arithmetic with operators
(``a * b``, ``1 / a``), ``@`` and sums, whose overflow stays unsaid there. Their results are the same everywhere.
"""

import warnings

import numpy as np

NAMES = (
    "add", "arccosh", "arctanh", "cosh", "divide", "exp", "exp2", "expm1", "float_power", "log", "log10", "log1p", "log2",
    "multiply", "power", "reciprocal", "sinh", "sqrt", "square", "subtract", "true_divide",
)  # fmt: skip
# Where a function divides by zero; an infinite result of other finite numbers has overflowed.
POLES = {
    "arctanh": lambda x: np.abs(x) == 1,
    "divide": lambda x, y: y == 0,
    "float_power": lambda x, y: x == 0,
    "log": lambda x: x == 0,
    "log10": lambda x: x == 0,
    "log1p": lambda x: x == -1,
    "log2": lambda x: x == 0,
    "power": lambda x, y: x == 0,
    "reciprocal": lambda x: x == 0,
    "true_divide": lambda x, y: y == 0,
}


class Watched:
    """A function of NumPy's that warns, or raises, as `numpy.errstate` says, by what came out of it."""

    def __init__(self, ufunc):
        self._ufunc = ufunc
        self.__name__ = ufunc.__name__
        self.__doc__ = ufunc.__doc__

    def __call__(self, *arguments, **named):
        value = self._ufunc(*arguments, **named)
        if any(kind != "ignore" for kind in np.geterr().values()):
            self._look(value, arguments[: self._ufunc.nin])
        return value

    def _look(self, value, arguments):
        try:
            bad = ~np.isfinite(value)
            if not bad.any():
                return
            given = [np.asarray(argument) for argument in arguments]
            fine = np.logical_and.reduce(np.broadcast_arrays(*map(np.isfinite, given)))
            if np.any(np.isnan(value) & ~np.logical_or.reduce(np.broadcast_arrays(*map(np.isnan, given)))):
                _say("invalid", f"invalid value encountered in {self.__name__}")
            lost = np.isinf(value) & fine
            pole = POLES[self.__name__](*given) if self.__name__ in POLES else np.False_
            if np.any(lost & pole):
                _say("divide", f"divide by zero encountered in {self.__name__}")
            if np.any(lost & ~pole):
                _say("over", f"overflow encountered in {self.__name__}")
        except (TypeError, ValueError):  # objects, or an `out` of another shape: nothing to be seen
            return

    def __getattr__(self, name):
        return getattr(self._ufunc, name)

    def __repr__(self):
        return repr(self._ufunc)


def _say(kind, words):
    does = np.geterr()[kind]
    if does == "raise":
        raise FloatingPointError(words)
    if does == "warn":
        warnings.warn(words, RuntimeWarning, stacklevel=4)


def warn_as_natively() -> None:
    """Put watched functions in the place of NumPy's own, once."""
    for name in NAMES:
        if not isinstance(getattr(np, name), Watched):
            setattr(np, name, Watched(getattr(np, name)))
