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


def several(rng):
    """for several outputs"""
    return answers(rng, *draws.some(rng, ((3, 7), (4, 7), (5, 6))))  # never 2, which would pass for a factor of the square


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


def weighted_answers(rng, low, high, num_out, m):
    """Predictions that are not sure, targets, and how many times a 1 counts."""
    return {**answers(rng, num_out, m), "weight": float(rng.uniform(low, high))}


def weighted_up(rng):
    """for a weight above 1"""
    return weighted_answers(rng, 2.3, 4.0, *draws.some(rng, draws.MANY_ANSWERS))


def weighted_down(rng):
    """for a weight below 1"""
    return weighted_answers(rng, 0.2, 0.4, *draws.some(rng, draws.FEW_ANSWERS))


def _weighted(rng, num_out, m):
    return weighted_answers(rng, 1.5, 4.0, num_out, m)


WEIGHTED_EDGES = (
    *draws.answer_edges(_weighted),
    draws.draw("for a weight of 1", lambda rng: {**answers(rng, 2, 3), "weight": 1.0}),
    draws.draw("for a weight that is a whole number", lambda rng: {**answers(rng, 2, 3), "weight": 3}),
)

EXERCISES = [
    Exercise(
        "predict_losses",
        draws=(draws.nothing,),
        points={"squared_error_slope": 1, "cross_entropy": 0.5, "cross_entropy_slope": 0.5},
        near={"squared_error_slope": 0.0015, "cross_entropy": 0.7, "cross_entropy_slope": 0.05},
        read="04-losses#Which prediction is worse?",
    ),
    Exercise("mean_squared_error", draws=(many, few), edges=EDGES, points={"L": 2}, read="04-losses#Mean squared error"),
    Exercise(
        "binary_cross_entropy",
        draws=(many, few),
        edges=EDGES,
        points={"L": 3},
        extreme={certain_of_0: 0.5, certain_of_1: 0.5},
        accept={certain_of_0: large_and_finite, certain_of_1: large_and_finite},
        read="04-losses#Binary cross-entropy",
    ),
    Exercise("output_gradient", draws=(many, few), edges=EDGES, points={"dLdZ2": 2}, read="04-losses#The output gradient"),
    Exercise(
        "squared_error_output_gradient",
        draws=(several, few),
        edges=EDGES,
        points={"dLdZ2": 3},
        uses=("output_gradient",),
        read="04-losses#The output gradient",
    ),
    Exercise(
        "binary_cross_entropy_with_logits",
        draws=(draws.logits_many, draws.logits_few),
        edges=draws.logits_edges,
        points={"L": 2},
        extreme={draws.logits_far_out: 2},
        read="04-losses#Cross-entropy from logits",
    ),
    Exercise(
        "weighted_output_gradient",
        draws=(weighted_up, weighted_down),
        edges=WEIGHTED_EDGES,
        points={"dLdZ2": 3},
        uses=("output_gradient",),
        read="04-losses#The output gradient",
    ),
]

check = Check(__file__, EXERCISES)
