"""How the answers of chapter 0 are drawn and called. Goes out with the exercise: only numbers are secret."""

from functools import partial

import numpy as np

from backprop.checking import Check, Exercise, draws

# Functions to walk down, of an array of any shape. In none does an entry stand alone: a knob that was not turned back shows.


def hills(w):
    return float(2 * np.sum(np.sin(w)) + 0.3 * np.sum(w) ** 2)


def valley(w):
    return float(0.5 * np.sum((w - 1) ** 2) + 0.2 * np.sum(w) ** 2)


def steep(w):
    """Another curve for negative entries than for positive ones."""
    return float(np.sum(np.where(w > 0, w**3, 2 * w**2)) + 0.2 * np.sum(w) ** 2)


VECTORS, MATRICES = ((5,), (6,), (7,), (8,)), ((2, 3), (3, 2), (2, 5), (3, 4))


def _knobs(rng, f, h, *shape):
    """A function, its knobs and a nudge."""
    return {"f": f, "w": draws.away_from_zero(rng, shape), "h": h}


def list_of_knobs(rng):
    """for a vector of knobs and a nudge of 0.01"""
    return _knobs(rng, hills, 0.01, *draws.some(rng, VECTORS))


def matrix_of_knobs(rng):
    """for a matrix of knobs and a large nudge"""
    return _knobs(rng, hills, 0.3, *draws.some(rng, MATRICES))


NUDGE_EDGES = (
    draws.draw("for one knob", _knobs, hills, 0.1, 1),
    draws.draw("for a square matrix of knobs", _knobs, valley, 0.1, 3, 3),
    draws.draw("for a nudge in the other direction", _knobs, hills, -0.1, 4),
    draws.draw("for three axes", _knobs, hills, 0.1, 2, 3, 2),
    draws.draw("for negative knobs", lambda rng: {"f": steep, "w": -rng.uniform(0.3, 1.3, 4), "h": 0.01}),
    draws.not_contiguous(_knobs, hills, 0.1, 3, 4),
)


def _step(rng, *shape):
    """Knobs, a gradient and a learning rate."""
    return {
        "w": draws.away_from_zero(rng, shape),
        "gradient": draws.away_from_zero(rng, shape),
        "learning_rate": float(rng.uniform(0.05, 0.4)),
    }


def step_of_a_list(rng):
    """for a vector of knobs"""
    return _step(rng, *draws.some(rng, VECTORS))


def step_of_a_matrix(rng):
    """for a matrix of knobs"""
    return _step(rng, *draws.some(rng, MATRICES))


STEP_EDGES = (
    draws.draw("for one knob", _step, 1),
    draws.draw("for a square matrix of knobs", _step, 3, 3),
    draws.draw("for a learning rate above 1", lambda rng: {**_step(rng, 4), "learning_rate": 2.5}),
    draws.not_contiguous(_step, 3, 4),
)


def _walk(rng, f, steps, *shape):
    """A function, where the walk begins, and how far it goes."""
    return {
        "f": f,
        "w": draws.away_from_zero(rng, shape),
        "learning_rate": float(rng.uniform(0.05, 0.15)),
        "steps": steps,
    }


def walk_of_a_list(rng):
    """for a vector of knobs"""
    return _walk(rng, hills, int(rng.integers(5, 8)), int(rng.integers(3, 5)))


def walk_of_a_matrix(rng):
    """for a matrix of knobs"""
    return _walk(rng, valley, int(rng.integers(4, 7)), 2, 3)


WALK_EDGES = (
    draws.draw("for one step", _walk, hills, 1, 4),
    draws.draw("for no step at all", _walk, valley, 0, 4),
    draws.draw("for one knob", _walk, valley, 5, 1),
    draws.draw("for a square matrix of knobs", _walk, valley, 4, 2, 2),
    draws.not_contiguous(_walk, valley, 4, 2, 3),
)


def tilted(w, slopes):
    """Nearly a plane: its slope along each entry is near the one given."""
    return float(np.sum(slopes * w) + 0.05 * np.sum(w**2))


def _tilt(rng, n, best, signs):
    """A plane in which one knob clearly matters most, and is itself neither the largest nor the smallest."""
    slopes = np.array(signs) * rng.uniform(0.3, 0.9, n)
    slopes[best] *= 2.0 / abs(slopes[best])
    w = rng.choice([-1.0, 1.0], n) * rng.uniform(0.5, 0.9, n)
    w[best] *= 0.3
    w[best - 1] = 0.05  # the smallest, beside the steepest
    return {"f": partial(tilted, slopes=slopes.round(3)), "w": w.round(3), "h": 0.01}


def _one_to_turn(rng, sign):
    """Knobs of which one in the middle matters most, with slopes of either sign beside it."""
    n = int(rng.integers(4, 8))
    best = int(rng.integers(1, n - 1))
    signs = rng.choice([-1.0, 1.0], n)
    signs[0], signs[-1] = rng.permutation([-1.0, 1.0])
    signs[best] = sign
    return _tilt(rng, n, best, signs)


def one_to_turn_down(rng):
    """for knobs of which the steepest is to be turned down"""
    return _one_to_turn(rng, 1.0)


def one_to_turn_up(rng):
    """for knobs of which the steepest is to be turned up"""
    return _one_to_turn(rng, -1.0)


BEST_EDGES = (
    draws.draw("for one knob", _tilt, 1, 0, (1,)),
    draws.draw("for knobs of which the first is the steepest", _tilt, 4, 0, (1, -1, 1, 1)),
    draws.draw("for knobs of which the last is the steepest", _tilt, 4, 3, (1, -1, 1, -1)),
    draws.draw("for slopes that are all negative", _tilt, 4, 2, (-1, -1, -1, -1)),
)


def whole_numbers(function, f, w, h):
    """What `best_knob` returns; where a number of it is whole, as -1.0 is, as an int."""
    found = function(f, w, h)
    if not isinstance(found, tuple):
        return found
    return tuple(int(one) if isinstance(one, (float, np.floating)) and float(one).is_integer() else one for one in found)


EXERCISES = [
    Exercise(
        "nudge",
        draws=(list_of_knobs, matrix_of_knobs),
        edges=NUDGE_EDGES,
        points={"gradient": 4},
        read="00-a-network-learns#Turn one knob",
    ),
    Exercise(
        "predict_then_run",
        draws=(draws.nothing,),
        points={"turned_down": 1, "stepped": 1, "knobs": 1},
        near={"turned_down": 0.02, "stepped": 0.03, "knobs": 0},
        read="00-a-network-learns#One step",
    ),
    Exercise(
        "step",
        draws=(step_of_a_list, step_of_a_matrix),
        edges=STEP_EDGES,
        points={"w": 2},
        read="00-a-network-learns#One step",
    ),
    Exercise(
        "learn",
        draws=(walk_of_a_list, walk_of_a_matrix),
        edges=WALK_EDGES,
        points={"w": 2, "losses": 2},
        returns=("w", "losses"),
        uses=("nudge", "step"),
        where={"w": "the loop"},
        read="00-a-network-learns#A hundred steps",
    ),
    Exercise(
        "best_knob",
        draws=(one_to_turn_down, one_to_turn_up),
        edges=BEST_EDGES,
        call=whole_numbers,
        points={"place": 1, "direction": 1},
        returns=("place", "direction"),
        uses=("nudge",),
        read="00-a-network-learns#Turn one knob",
    ),
]

check = Check(__file__, EXERCISES)
