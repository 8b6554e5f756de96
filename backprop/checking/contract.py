"""What an exercise promises: how its inputs are drawn, what it returns and what each part is worth.

A chapter's ``checks.py`` lists its exercises. It is public, and the same in a student's notebook, where
the seeds are visible, and at grading, where they come from a secret: only the random numbers differ.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

VISIBLE_REPEATS = 2


@dataclass(frozen=True)
class Exercise:
    """The contract of one function that a student writes.

    Parameters
    ----------
    name : str
        The function's name, which is also the ``grade_id`` of its cell.
    draws : sequence of callable
        Each takes a ``numpy.random.Generator`` and returns the arguments as a dict, in the order of the
        signature. Sizes are drawn too, non-square and pairwise coprime, so that no wrong transpose can hide and none can
        be written in. The first line of a draw's docstring names its inputs in feedback.
    edges : sequence of callable
        Draws of what coprime sizes leave out: one example, one unit, equal sizes, arrays that are not contiguous. An
        answer has to be right there as well; no mistake is recognised by them, as many look alike there.
    points : dict
        Points for each output, in the order of computation. A function with one result has one output.
    call : callable, optional
        Where calling the function with the arguments says too little: takes the function and then the arguments, and
        returns what is compared. It runs beside the student's code and stands in ``checks.py`` under its own name.
    returns : sequence of str
        Names of the elements, where a tuple is returned. An element that is a dict counts by its keys.
    each : bool
        Whether a list of dicts is returned, such as one a layer: an output is the list of what its key holds in each of them.
    extreme : dict
        Draws of extreme inputs and the points that a right and quiet (unwarned) result there earns on
        top of a right answer everywhere else.
    accept : dict
        For a draw, a function ``(expected, answer) -> bool`` of two values where more than one is right.
    near : dict
        For an output that is predicted before it is computed, how far off a prediction may be. Then the verdict says how far off
        it is.
    uses : sequence of str
        Functions of the same notebook that this one may call, wherever they stand in it.
    where : dict
        For an output, the part of the network at which an error first seen there enters.
    words : dict
        For an output that is a fact, the sentence for each answer that may be wrong: ``{"pairs": {False: "…"}}``;
        ``"otherwise"`` stands for those not listed.
    waits : sequence of callable
        Draws of a `Mended` function, whose outcome says nothing about this one while that is not right. Never the first.
    refuses : sequence of callable
        Draws over which it is an answer, and the right one, True, to raise an error.
    signed : str
        Where a task is drawn by a name that the student gives: the key under which `call` returns it. It earns nothing and proves
        nothing; grading keeps it, so that the class report can show who has worked on one and the same draw.
    read : str
        The section of the book to read when no mistake is recognised, ``page.html#section``.
    """

    name: str
    draws: tuple[Callable, ...]
    points: dict[str, float]
    edges: tuple[Callable, ...] = ()
    call: Callable | None = None
    returns: tuple[str, ...] = ()
    each: bool = False
    extreme: dict[Callable, float] = field(default_factory=dict)
    accept: dict[Callable, Callable] = field(default_factory=dict)
    near: dict[str, float] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    where: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict] = field(default_factory=dict)
    waits: tuple[Callable, ...] = ()
    refuses: tuple[Callable, ...] = ()
    signed: str = ""
    read: str = ""

    def put_to(self, function: Callable) -> Callable:
        """A callable that takes a case's arguments and gives what is compared."""
        return partial(self.call, function) if self.call else function

    @property
    def leans_on(self):
        """Those of ``uses`` that it may call where it is graded: it is put to the right ones there, where one is an argument."""
        return () if self.waits else self.uses

    @property
    def max_points(self):
        return sum(self.points.values()) + sum(self.extreme.values())

    def cases(self, entropy=(0,), repeats=VISIBLE_REPEATS):
        """Draw every case of this exercise.

        Parameters
        ----------
        entropy : sequence of int
            Numbers from 0 to 2**32 - 1 that seed the cases: ``(0,)`` in the notebook, a secret at grading.
        repeats : int
            Cases a draw; one that is an edge has one.

        Returns
        -------
        list of Case
            Those by which mistakes are recognised, then the edges.
        """
        key = zlib.crc32(self.name.encode())
        return [
            Case(draw, _counted(draw(_generator(*entropy, key, number, repeat))), draw in self.extreme, draw in self.edges)
            for number, draw in enumerate([*self.draws, *self.extreme, *self.edges])
            for repeat in range(1 if draw in self.edges else repeats)
        ]


def _generator(*numbers):
    return np.random.default_rng(np.array(numbers, np.uint32))  # a list is the same, and takes twice as long


def _counted(arguments):
    """Arguments with whole numbers as this machine counts: in a browser, where Python has 32 bits, NumPy indexes and counts by no others."""
    if np.intp is np.int64:
        return arguments
    return {
        name: value.astype(np.intp) if isinstance(value, np.ndarray) and value.dtype == np.int64 else value
        for name, value in arguments.items()
    }


@dataclass(frozen=True)
class Mended:
    """Stands among the arguments for the right function of a name: a student's own in a notebook, the reference where it is graded."""

    name: str

    @property
    def __name__(self):
        return self.name

    def __call__(self, *_, **__):
        raise NameError(f"there is no {self.name} yet: run its cell")


@dataclass(frozen=True)
class Case:
    """One set of arguments to call an exercise with."""

    draw: Callable
    arguments: dict
    extreme: bool = False
    edge: bool = False

    @property
    def title(self):
        """The first line of the draw's docstring, without its full stop."""
        return (self.draw.__doc__ or self.draw.__name__).strip().split("\n")[0].rstrip(".")
