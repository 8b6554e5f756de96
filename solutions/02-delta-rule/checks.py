"""How the answers of chapter 2 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws


def _outputs(rng, n):
    """Targets of zeros and ones, and answers that are nowhere near right by accident."""
    return {"d_out": np.resize([1.0, 0.0], n), "out": rng.uniform(0.1, 0.9, n)}


def outputs_many(rng):
    """for many outputs"""
    return _outputs(rng, 7)


def outputs_few(rng):
    """for few outputs"""
    return _outputs(rng, 3)


def errors_many(rng):
    """for many outputs"""
    return {"E_out": draws.away_from_zero(rng, 7)}


def errors_few(rng):
    """for few outputs"""
    return {"E_out": draws.away_from_zero(rng, 3)}


def back_wide(rng):
    """for more hidden units than outputs"""
    return {"E_out": draws.away_from_zero(rng, 3), "W_out": rng.standard_normal((3, 7))}


def back_narrow(rng):
    """for fewer hidden units than outputs"""
    return {"E_out": draws.away_from_zero(rng, 5), "W_out": rng.standard_normal((5, 4))}


def back_square(rng):
    """for as many hidden units as outputs, where a missing transpose fits"""
    return {"E_out": draws.away_from_zero(rng, 4), "W_out": rng.standard_normal((4, 4))}


def hidden_many(rng):
    """for many hidden units"""
    return {"E_hid": draws.away_from_zero(rng, 7), "o_hid": rng.uniform(0.05, 0.95, 7)}


def hidden_few(rng):
    """for few hidden units"""
    return {"E_hid": draws.away_from_zero(rng, 3), "o_hid": rng.uniform(0.05, 0.95, 3)}


def _network(rng, num_f, num_h, num_out):
    return {
        "x": draws.away_from_zero(rng, num_f),
        "d_out": np.resize([1.0, 0.0], num_out),
        "W_hid": rng.standard_normal((num_h, num_f)),
        "W_out": rng.standard_normal((num_out, num_h)),
    }


def network_wide(rng):
    """for a wide hidden layer"""
    return _network(rng, 3, 7, 2)


def network_narrow(rng):
    """for a narrow hidden layer"""
    return _network(rng, 5, 4, 3)


EXERCISES = [
    Exercise("output_error", draws=(outputs_many, outputs_few), points={"E_out": 1}, read="02-delta-rule#The output error"),
    Exercise("total_error", draws=(errors_many, errors_few), points={"E_total": 1}, read="02-delta-rule#The total error"),
    Exercise(
        "hidden_error", draws=(back_wide, back_narrow, back_square), points={"E_hid": 2}, read="02-delta-rule#The hidden error"
    ),
    Exercise("hidden_delta", draws=(hidden_many, hidden_few), points={"diff_hid": 2}, read="02-delta-rule#The hidden difference"),
    Exercise(
        "exact_gradient",
        draws=(network_wide, network_narrow),
        points={"dEdW_out": 2, "dEdW_hid": 2},
        where={"dEdW_hid": "the hidden layer"},
        read="02-delta-rule#The exact gradient",
    ),
]

check = Check(__file__, EXERCISES)
