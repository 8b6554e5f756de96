"""How the answers of chapter 4 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop import draw
from backprop.check import Check
from backprop.exercise import Exercise


def many(rng):
    """for many examples"""
    return {"Y_pred": rng.uniform(0.05, 0.95, (3, 8)), "Y_true": draw.targets(rng, (3, 8))}


def few(rng):
    """for few examples"""
    return {"Y_pred": rng.uniform(0.05, 0.95, (2, 5)), "Y_true": draw.targets(rng, (2, 5))}


def certain(rng):
    """for predictions of exactly 0 and 1, some of them wrong"""
    Y = draw.targets(rng, (2, 5))
    wrong = np.zeros((2, 5))
    wrong[:, :2] = 1.0
    return {"Y_pred": np.abs(Y - wrong), "Y_true": Y}


def large_and_finite(expected, answer):
    """Whether a loss with wrong certainties is finite, and large as it should be.

    Four of ten entries are wrong and certain: two for each of the two outputs, over five examples. The loss is
    4/5 of minus the logarithm of whatever small number took the place of 0, at most 1e-7.
    """
    return bool(np.isfinite(answer) and answer >= 0.8 * -np.log(1.01e-7))


EXERCISES = [
    Exercise("binary_cross_entropy", draws=(many, few), points={"L": 3}, extreme={certain: 1},
             accept={certain: large_and_finite}, read="04-losses#Binary cross-entropy"),
    Exercise("binary_cross_entropy_with_logits", draws=(draw.logits_many, draw.logits_few), points={"L": 2},
             extreme={draw.logits_far_out: 2}, read="04-losses#Cross-entropy from logits"),
    Exercise("mean_squared_error", draws=(many, few), points={"L": 2}, read="04-losses#Mean squared error"),
    Exercise("output_gradient", draws=(many, few), points={"dLdZ2": 2}, read="04-losses#The output gradient"),
]

check = Check(__file__, EXERCISES)
