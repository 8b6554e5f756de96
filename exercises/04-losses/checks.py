"""How the answers of chapter 4 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws


def answers(rng, num_out, m):
    """Predictions that are not sure, and targets."""
    unsure = 0.05 if num_out * m > 5 else 0.2  # of few, sure ones would tell right losses apart by the constant in their logarithms
    return {"Y_pred": rng.uniform(unsure, 1 - unsure, (num_out, m)), "Y_true": draws.targets(rng, (num_out, m))}


def many(rng):
    """for many examples"""
    return answers(rng, *draws.some(rng, draws.MANY_ANSWERS))


def few(rng):
    """for few examples"""
    return answers(rng, *draws.some(rng, draws.FEW_ANSWERS))


def _certain(rng, m, wrong):
    """Predictions of exactly 0 and 1 that are right but for a column, whose targets are all 0 in 0 and all 1 in 1."""
    Y = draws.targets(rng, (2, m))
    Y_pred = Y.copy()
    Y_pred[:, wrong] = 1 - Y[:, wrong]
    return {"Y_pred": Y_pred, "Y_true": Y}


def certain_of_0(rng):
    """for predictions of exactly 0 where 1 is right"""
    return _certain(rng, 5, 1)


def certain_of_1(rng):
    """for predictions of exactly 1 where 0 is right"""
    return _certain(rng, 20, 0)


def large_and_finite(expected, answer):
    """Whether a loss with wrong certainties is finite, and large as it should be.

    Two entries are wrong and certain. The loss is 2/m of minus the logarithm of whatever small number took the place of 0:
    1e-15 in what is expected, at most 1e-7 and at least the smallest that there is, 5e-324, in an answer.
    """
    if not (np.isrealobj(answer) and np.isfinite(answer)):
        return False
    return bool(np.log(5e-324) * 1.01 <= answer / expected * np.log(1e-15) <= np.log(1.01e-7))


EDGES = draws.answer_edges(answers)

EXERCISES = [
    Exercise(
        "binary_cross_entropy",
        draws=(many, few),
        edges=EDGES,
        points={"L": 3},
        extreme={certain_of_0: 0.5, certain_of_1: 0.5},
        accept={certain_of_0: large_and_finite, certain_of_1: large_and_finite},
        read="04-losses#Binary cross-entropy",
    ),
    Exercise(
        "binary_cross_entropy_with_logits",
        draws=(draws.logits_many, draws.logits_few),
        edges=draws.logits_edges,
        points={"L": 2},
        extreme={draws.logits_far_out: 2},
        read="04-losses#Cross-entropy from logits",
    ),
    Exercise("mean_squared_error", draws=(many, few), edges=EDGES, points={"L": 2}, read="04-losses#Mean squared error"),
    Exercise("output_gradient", draws=(many, few), edges=EDGES, points={"dLdZ2": 2}, read="04-losses#The output gradient"),
]

check = Check(__file__, EXERCISES)
