"""How the answers of chapter 2 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws


def _outputs(rng, n):
    """Targets of zeros and ones, and answers that are nowhere near right by accident."""
    return {"d_out": np.resize([1.0, 0.0], n), "out": rng.uniform(0.1, 0.9, n)}


def outputs_many(rng):
    """for many outputs"""
    return _outputs(rng, int(rng.integers(6, 10)))


def outputs_few(rng):
    """for few outputs"""
    return _outputs(rng, int(rng.integers(2, 5)))


def _errors(rng, n):
    """Errors of either sign, the first one negative."""
    E_out = draws.away_from_zero(rng, n)
    E_out[0] = -abs(E_out[0])
    return {"E_out": E_out}


def errors_many(rng):
    """for many outputs"""
    return _errors(rng, int(rng.integers(6, 10)))


def errors_few(rng):
    """for few outputs"""
    return _errors(rng, int(rng.integers(2, 5)))


def _back(rng, num_out, num_h):
    return {"E_out": draws.away_from_zero(rng, num_out), "W_out": rng.standard_normal((num_out, num_h))}


def back_wide(rng):
    """for more hidden units than outputs"""
    return _back(rng, *draws.some(rng, ((3, 7), (2, 5), (4, 7), (3, 8))))


def back_narrow(rng):
    """for fewer hidden units than outputs"""
    return _back(rng, *draws.some(rng, ((5, 4), (5, 3), (7, 4), (7, 3))))


def back_square(rng):
    """for as many hidden units as outputs, where a missing transpose fits"""
    return _back(rng, *draws.some(rng, ((3, 3), (4, 4), (5, 5))))


def _hidden(rng, n):
    return {"E_hid": draws.away_from_zero(rng, n), "o_hid": rng.uniform(0.05, 0.95, n)}


def hidden_many(rng):
    """for many hidden units"""
    return _hidden(rng, int(rng.integers(6, 10)))


def hidden_few(rng):
    """for few hidden units"""
    return _hidden(rng, int(rng.integers(2, 5)))


def _network(rng, num_f, num_h, num_out):
    return {
        "x": draws.away_from_zero(rng, num_f),
        "d_out": np.resize([1.0, 0.0], num_out),
        "W_hid": rng.standard_normal((num_h, num_f)),
        "W_out": rng.standard_normal((num_out, num_h)),
    }


def network_wide(rng):
    """for a wide hidden layer"""
    return _network(rng, *draws.some(rng, ((3, 7, 2), (2, 7, 3), (4, 9, 5), (3, 8, 5))))


def network_narrow(rng):
    """for a narrow hidden layer"""
    return _network(rng, *draws.some(rng, ((5, 4, 3), (7, 3, 2), (7, 4, 5), (5, 3, 4))))


def _edges(make, *sizes):
    """Draws of one of a thing, and of arrays that are not contiguous."""
    return (
        *(draws.draw(title, make, *size) for title, *size in sizes),
        draws.not_contiguous(make, *range(3, 3 + len(sizes[0]) - 1)),
    )


NETWORK_EDGES = _edges(
    _network,
    ("for one input", 1, 4, 3),
    ("for one hidden unit", 4, 1, 3),
    ("for one output", 3, 4, 1),
    ("for one input, one hidden unit and one output", 1, 1, 1),
    ("for equal sizes", 3, 3, 3),
)

EXERCISES = [
    Exercise(
        "predict_blame",
        draws=(draws.nothing,),
        points={"blame": 1, "nudged": 1, "flipped": 1},
        near={"blame": 0.05, "nudged": 0.005, "flipped": 0.05},
        read="02-delta-rule#A unit without a target",
    ),
    Exercise(
        "output_error",
        draws=(outputs_many, outputs_few),
        points={"E_out": 1},
        edges=_edges(_outputs, ("for one output", 1), ("for thirteen outputs", 13)),
        read="02-delta-rule#The output error",
    ),
    Exercise(
        "total_error",
        draws=(errors_many, errors_few),
        points={"E_total": 1},
        edges=_edges(_errors, ("for one negative error", 1), ("for thirteen outputs", 13)),
        read="02-delta-rule#The total error",
    ),
    Exercise(
        "hidden_error",
        draws=(back_wide, back_narrow, back_square),
        points={"E_hid": 2},
        edges=_edges(
            _back,
            ("for one output", 1, 4),
            ("for one hidden unit", 3, 1),
            ("for one output and one hidden unit", 1, 1),
        ),
        read="02-delta-rule#The hidden error",
    ),
    Exercise(
        "hidden_difference",
        draws=(hidden_many, hidden_few),
        points={"diff_hid": 2},
        edges=_edges(_hidden, ("for one hidden unit", 1), ("for thirteen hidden units", 13)),
        read="02-delta-rule#The hidden difference",
    ),
    Exercise(
        "exact_gradient",
        draws=(network_wide, network_narrow),
        edges=NETWORK_EDGES,
        points={"dEdW_out": 2, "dEdW_hid": 2},
        uses=("output_error", "hidden_error", "hidden_difference"),
        where={"dEdW_hid": "the hidden layer"},
        read="02-delta-rule#The exact gradient",
    ),
    Exercise(
        "exact_gradient_tanh",
        draws=(network_wide, network_narrow),
        edges=NETWORK_EDGES,
        points={"dEdW_out": 2, "dEdW_hid": 2},
        uses=("output_error", "hidden_error"),
        where={"dEdW_hid": "the hidden layer"},
        read="02-delta-rule#The exact gradient",
    ),
]

check = Check(__file__, EXERCISES)
