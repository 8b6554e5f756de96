"""How the answers of chapter 9 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws, epochs, network
from backprop.checking.compare import is_number

epochs_of = epochs.epochs_of  # where a sandbox looks for it


def run(rng, steps, learning_rate, *sizes):
    """Examples, a width, and a generator to draw weights from."""
    case = draws.network(rng, *sizes)
    return {
        "X": 0.5 * case["X"],
        "Y_true": case["Y_true"],
        "num_h": sizes[1],
        "learning_rate": learning_rate,
        "steps": steps,
        "rng": np.random.default_rng(int(rng.integers(2**32))),
    }


def short_run(rng):
    """for a short run"""
    return run(rng, int(rng.integers(3, 6)), 0.2, *draws.some(rng, ((3, 5, 2, 11), (2, 5, 3, 11), (4, 5, 3, 11))))


def longer_run(rng):
    """for a longer run"""
    return run(rng, int(rng.integers(7, 10)), 0.1, *draws.some(rng, ((2, 5, 3, 7), (5, 4, 3, 7), (5, 3, 2, 7))))


RUN_EDGES = (
    draws.draw("for one step", run, 1, 0.2, 2, 3, 5, 7),
    draws.draw("for one example", run, 2, 0.2, 3, 4, 2, 1),
    draws.draw("for one feature, unit and output", run, 2, 0.2, 1, 1, 1, 5),
    draws.draw("for equal sizes", run, 3, 0.2, 3, 3, 3, 3),
    draws.not_contiguous(run, 2, 0.2, 3, 4, 2, 5),
)


# Features: means and deviations differ, every one is skewed, so that no two kinds of middle agree, and one is the same everywhere.


def features(rng, num_f, m, constant=1):
    """Examples of which some features, not the first ones, are constant: whole numbers, whose mean is exact."""
    X = rng.uniform(-9.0, 9.0, (num_f, 1)) + rng.uniform(0.2, 5.0, (num_f, 1)) * rng.exponential(1.0, (num_f, m))
    X[num_f - constant :] = rng.choice([-7.0, -3.0, 2.0, 6.0], (constant, 1))
    return {"X": X}


def features_many(rng):
    """for many examples"""
    return features(rng, *draws.some(rng, ((3, 11), (4, 9), (5, 11), (4, 11))))


def features_few(rng):
    """for few examples"""
    return features(rng, *draws.some(rng, ((7, 5), (7, 4), (6, 5), (8, 5))))


FEATURE_EDGES = (
    draws.draw("for one feature", features, 1, 6, 0),
    draws.draw("for one feature that is the same everywhere", features, 1, 4, 1),
    draws.draw("for one example", features, 3, 1),
    draws.draw("for as many features as examples", features, 4, 4),
    draws.draw("where every feature differs", features, 3, 5, 0),
    draws.draw("for features far from 0", lambda rng: {"X": 1e4 + rng.standard_normal((3, 5))}),
    draws.not_contiguous(features, 3, 4),
)


def others(rng, num_f, m):
    """Examples that are not the ones whose mean and scale are given."""
    return {
        "X": rng.normal(3.0, 4.0, (num_f, m)),
        "mean": draws.away_from_zero(rng, (num_f, 1)),
        "scale": rng.uniform(0.3, 4.0, (num_f, 1)),
    }


def others_many(rng):
    """for many examples"""
    return others(rng, *draws.some(rng, ((3, 11), (2, 9), (5, 11), (4, 9))))


def others_few(rng):
    """for few examples"""
    return others(rng, *draws.some(rng, ((7, 5), (7, 4), (6, 5), (8, 5))))


OTHERS_EDGES = (
    draws.draw("for one example", others, 4, 1),
    draws.draw("for one feature", others, 1, 5),
    draws.draw("for one feature of one example", others, 1, 1),
    draws.draw("for as many features as examples", others, 4, 4),
    draws.not_contiguous(others, 3, 4),
)


# Training on batches: the order is the student's own generator's. So it is held against numbers where no order matters: where steps are so
# small that they add up, and where all examples are equal.


def schooling(rng, learning_rate, epochs, size, *sizes):
    """Examples, a width, and how they are trained on."""
    case = draws.network(rng, *sizes)
    return {
        "X": 0.5 * case["X"],
        "Y_true": case["Y_true"],
        "num_h": sizes[1],
        "learning_rate": learning_rate,
        "epochs": epochs,
        "size": size,
        "seed": int(rng.integers(2**31)),
    }


def tiny_steps(rng):
    """for steps so small that they simply add up"""
    num_f, m, size = draws.some(rng, ((2, 9, 3), (3, 8, 4), (2, 12, 3), (3, 12, 4)))  # X[batch] has no row for one of them
    return schooling(rng, 2e-8, 2, size, num_f, *draws.some(rng, ((7, 2), (5, 2))), m)


def equal_examples(rng):
    """for examples that are all equal, with a rest"""
    num_f, m, size = draws.some(rng, ((3, 11, 4), (2, 11, 3), (2, 7, 3), (3, 9, 4)))
    case = schooling(rng, 0.2, int(rng.integers(2, 4)), size, num_f, 7, *draws.some(rng, ((2,), (3,))), m)
    return {**case, "X": np.repeat(case["X"][:, :1], m, axis=1), "Y_true": np.repeat(case["Y_true"][:, :1], m, axis=1)}


SCHOOLING_EDGES = (
    draws.draw("for one batch that holds all examples", schooling, 0.2, 3, 7, 3, 4, 2, 7),
    draws.draw("for a batch that is larger than all examples together", schooling, 0.2, 2, 9, 2, 4, 3, 7),
    draws.draw("for one epoch", schooling, 2e-8, 1, 2, 4, 3, 2, 6),
    draws.draw("for one feature, unit and output", schooling, 2e-8, 2, 3, 1, 1, 1, 6),
    draws.not_contiguous(schooling, 2e-8, 2, 2, 3, 4, 2, 6),
)


def trained(train_batches, X, Y_true, num_h, learning_rate, epochs, size, seed):
    """The losses; how far the weights went, divided by the learning rate; and what holds whatever order the generator gives."""

    def schooled(learning_rate, epochs, size):
        rng = np.random.default_rng(seed)
        return train_batches(X, Y_true, num_h, learning_rate, epochs, size, rng), rng.bit_generator.state

    result, state = schooled(learning_rate, epochs, size)
    form = FORMS.get(_form(result), -1)
    if form:
        return {"form": form, "losses": None, "total step": None, "order": None, "batches": None}
    (first, _), _ = schooled(0.0, epochs, size)
    rate, m, steps = max(learning_rate, 0.2), X.shape[1], -(-X.shape[1] // size)
    (some, _), _ = schooled(rate, epochs, size)
    (whole, _), _ = schooled(rate, epochs * steps, m)
    return {
        "form": form,
        "losses": [float(L) for L in result[1]],
        "total step": (_end_to_end(result[0]) - _end_to_end(first)) / learning_rate,
        "order": state != schooled(learning_rate, epochs + 1, size)[1],
        "batches": not _near(some, whole) or _near(some, first),
    }


def _near(one, other):
    return np.allclose(_end_to_end(one), _end_to_end(other), rtol=1e-6, atol=1e-9)


def _end_to_end(W_B):
    return np.concatenate([np.asarray(W_B[name], float).ravel() for name in ("W1", "b1", "W2", "b2")])


FORMS = {"W_B, losses": 0, "losses, W_B": 1, "W_B": 2, "losses": 3, "W_B, a number": 4, "nothing": 5}


def _form(result):
    """What came back, in words."""

    def kind(part):
        if isinstance(part, dict):
            named = {"W1", "b1", "W2", "b2"} <= set(part)
            return "W_B" if named and all(np.asarray(part[k]).dtype.kind == "f" for k in ("W1", "b1", "W2", "b2")) else "a dict"
        if isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.ndim == 1):
            return "losses" if all(map(is_number, part)) else "something else"
        return "a number" if is_number(part) else "nothing" if part is None else "something else"

    if isinstance(result, (list, tuple)) and len(result) == 2 and not all(map(is_number, result)):
        return ", ".join(map(kind, result))
    return kind(result)


# A step down a loss that has a price on large weights.


def priced_step(rng, *sizes):
    """Weights, their gradients, a learning rate and a price."""
    return {**draws.step(rng, *sizes), "c": float(rng.uniform(0.15, 0.7))}


def priced_step_wide(rng):
    """for a wide network"""
    return priced_step(rng, *draws.some(rng, draws.MANY))


def priced_step_narrow(rng):
    """for a narrow network"""
    return priced_step(rng, *draws.some(rng, ((5, 2, 3, 7), (4, 3, 5, 7), (7, 4, 3, 5), (5, 3, 4, 7))))


PRICED_EDGES = (
    draws.draw("for weights that are free", lambda rng: {**priced_step(rng, 3, 4, 2, 5), "c": 0.0}),
    draws.draw("for one output", priced_step, 4, 3, 1, 5),
    draws.draw("for one feature, unit and output", priced_step, 1, 1, 1, 5),
    draws.draw("for equal sizes", priced_step, 3, 3, 3, 3),
    draws.not_contiguous(priced_step, 4, 3, 2, 5),
)


EXERCISES = [
    network.relu(1),
    network.sigmoid(0.5),
    network.initialize({"W1": 0.25, "b1": 0.25, "W2": 0.25, "b2": 0.25}),
    network.forward_propagation(0.25),
    network.backward_propagation({"L": 0.125, "dLdW2": 0.125, "dLdb2": 0.125, "dLdW1": 0.25, "dLdb1": 0.25}, 0.125),
    Exercise(
        "predict_descent",
        draws=(draws.nothing,),
        points={"after_two": 1, "too_large": 1, "steps_to_halve": 1},
        near={"after_two": 0.2, "too_large": 0.02, "steps_to_halve": 15},
        read="09-gradient-descent#How large a step",
    ),
    network.update(1),
    Exercise(
        "train",
        draws=(short_run, longer_run),
        edges=RUN_EDGES,
        points={"losses": 2, "W1": 1, "b1": 1, "W2": 1, "b2": 1},
        returns=("W_B", "losses"),
        uses=("relu", "sigmoid", "initialize", "forward_propagation", "backward_propagation", "update"),
        where={"W1": "the weights: the losses of every step are as they should be"},
        read="09-gradient-descent#The loop",
    ),
    Exercise(
        "accuracy",
        draws=(draws.predictions_many, draws.predictions_few),
        edges=draws.predictions_edges,
        points={"accuracy": 2},
        read="09-gradient-descent#Counting right answers",
    ),
    Exercise(
        "standardise",
        draws=(features_many, features_few),
        edges=FEATURE_EDGES,
        points={"mean": 1, "scale": 2, "X_scaled": 1},
        returns=("X_scaled", "mean", "scale"),
        where={"scale": "the scale", "X_scaled": "the last step"},
        read="09-gradient-descent#Features on one scale",
    ),
    Exercise(
        "apply_standardisation",
        draws=(others_many, others_few),
        edges=OTHERS_EDGES,
        points={"X_scaled": 1},
        read="09-gradient-descent#Features on one scale",
    ),
    epochs.batches({"sizes": 1, "numbers": 1, "mixed": 0.5, "again": 0.25, "new": 0.25}),
    Exercise(
        "train_batches",
        draws=(tiny_steps, equal_examples),
        edges=SCHOOLING_EDGES,
        call=trained,
        points={"form": 0.5, "losses": 2, "total step": 2, "order": 0.5, "batches": 1},
        words={
            "form": {
                "otherwise": "two things should come back, the dict W_B and a list of losses that are numbers, and something else does"
            },
            "total step": {
                "otherwise": "your steps lead elsewhere: the way from the first weights to the last, all four arrays end to end and divided by "
                "the learning rate, is not what one step for each batch makes"
            },
            "order": {False: "every epoch should draw an order of its own from rng"},
            "batches": {False: "each step uses all examples, where it should use one batch"},
        },
        uses=("relu", "sigmoid", "initialize", "forward_propagation", "backward_propagation", "update", "batches"),
        where={"total step": "the steps"},
        read="09-gradient-descent#One epoch",
    ),
    Exercise(
        "update_with_decay",
        draws=(priced_step_wide, priced_step_narrow),
        edges=PRICED_EDGES,
        points=dict.fromkeys(("W1", "b1", "W2", "b2"), 0.5),
        uses=("update",),
        read="09-gradient-descent#One step",
    ),
]

check = Check(__file__, EXERCISES)
