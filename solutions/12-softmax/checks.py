"""How the answers of chapter 12 are drawn and called. Goes out with the exercise: only numbers are secret."""

import numpy as np

from backprop.checking import Check, Exercise, draws, epochs, network
from backprop.checking.compare import is_number
from backprop.checking.digits import digits

epochs_of = epochs.epochs_of  # where a sandbox looks for it

# classes and m: unequal, and in both orders
MANY = ((3, 8), (4, 9), (5, 8), (3, 11))
FEW = ((7, 4), (5, 3), (7, 5), (5, 4))


def logits(rng, classes, m):
    """Logits, of either sign in every column of several."""
    Z = rng.normal(0.3, 1.5, (classes, m))
    Z[0] = -np.abs(Z[0]) - 0.1
    Z[-1] = np.abs(Z[-1]) + 0.1
    return {"Z": rng.permuted(Z, axis=0)}


def classes_of(rng, classes, m):
    """A class for each example. The last class is nobody's, where there are several; where there is room, the others are all somebody's."""
    some = rng.integers(0, max(1, classes - 1), m)
    some[: classes - 1] = np.arange(classes - 1)[:m]
    return rng.permutation(some)


def labelled(rng, classes, m):
    """Logits, and a class for each example."""
    return {**logits(rng, classes, m), "labels": classes_of(rng, classes, m)}


def both(make):
    """Two draws, of more examples than classes and of fewer."""
    return (
        draws.draw("for many examples", lambda rng: make(rng, *draws.some(rng, MANY))),
        draws.draw("for few examples", lambda rng: make(rng, *draws.some(rng, FEW))),
    )


def edges(make):
    """What such sizes leave out."""
    return (
        draws.draw("for one example", make, 3, 1),
        draws.draw("for two classes", make, 2, 5),
        draws.draw("for one class", make, 1, 5),
        draws.draw("for as many classes as examples", make, 4, 4),
        draws.not_contiguous(make, 3, 4),
    )


def far_out(rng):
    """for Z up to ±1000"""
    Z = np.array([[1000.0, -1000.0, -700.0, 3.0], [990.0, -999.0, 40.0, 2.0], [-1000.0, -1002.0, -740.0, -1.0]])
    return {"Z": Z + rng.uniform(-0.5, 0.5, Z.shape)}


def far_out_and_labelled(rng):
    """for Z up to ±1000"""
    return {**far_out(rng), "labels": np.array([2, 0, 0, 1])}


def returned(rng, classes, m):
    """Probabilities as a softmax returns them, and the slopes of a loss along them."""
    return {"P": rng.dirichlet(np.full(classes, 2.0), m).T, "dLdP": draws.away_from_zero(rng, (classes, m))}


def numbered(rng, classes, m):
    """A class for each example, and how many classes there are."""
    return {"labels": classes_of(rng, classes, m), "classes": classes}


def decided(rng, classes, m):
    """Logits whose highest is right more often than not, and never all of them; its sign and its lead differ."""
    labels, columns = classes_of(rng, classes, m), np.arange(m)
    Z = rng.uniform(0.2, 1.5, m) * rng.standard_normal((classes, m))
    right = rng.permutation(m) < max(1, rng.integers(m // 2 + 1, m) if m > 2 else m)
    answers = np.where(right, labels, (labels + rng.integers(1, max(2, classes), m)) % classes)
    Z[answers, columns] = Z.max(axis=0) + rng.uniform(0.1, 0.6, m)
    return {"Z": Z - rng.normal(0.0, 1.5, m), "labels": labels}


DECIDED = (
    draws.draw("for many examples", lambda rng: decided(rng, *draws.some(rng, ((3, 47), (4, 53), (5, 61))))),
    draws.draw("for few examples", lambda rng: decided(rng, *draws.some(rng, ((7, 4), (5, 3), (7, 5), (6, 5))))),
)


def pairs_many(rng):
    """for many examples"""
    classes = draws.some(rng, ((3,), (4,)))[0]
    labels = np.repeat(np.arange(classes - 1), 9)
    answers = np.where(rng.random(labels.size) < 0.5, labels, rng.integers(0, classes - 1, labels.size))
    told = {"labels": np.append(labels, [0, 0, 0, 1]), "predicted": np.append(answers, [1, 1, 1, 0]), "classes": classes}
    order = rng.permutation(told["labels"].size)
    return {**told, "labels": told["labels"][order], "predicted": told["predicted"][order]}


def pairs_few(rng):
    """for few examples"""
    order = rng.permutation(7)
    return {"labels": np.array([3, 1, 1, 0, 3, 3, 0])[order], "predicted": np.array([3, 0, 0, 0, 1, 1, 2])[order], "classes": 5}


def pairs(labels, predicted, classes):
    return lambda rng: {"labels": np.array(labels), "predicted": np.array(predicted), "classes": classes}


PAIR_EDGES = (
    draws.draw("for one example", pairs([1], [2], 3)),
    draws.draw("for one class", pairs([0, 0], [0, 0], 1)),
    draws.draw("for answers that are all right", pairs([0, 1, 1], [0, 1, 1], 2)),
    draws.draw("for answers that are all wrong", pairs([0, 1, 1], [1, 0, 0], 2)),
    draws.draw("for a class that is never right and often given", pairs([0, 1, 1, 0], [2, 2, 2, 2], 3)),
)


def smoothed(rng, classes, m):
    """Logits, classes, and a share."""
    return {**labelled(rng, classes, m), "smoothing": float(rng.uniform(0.1, 0.35))}


SMOOTHED_EDGES = (
    *edges(smoothed),
    draws.draw("without any smoothing", lambda rng: {**labelled(rng, 3, 5), "smoothing": 0.0}),
    draws.draw("for targets that are spread altogether", lambda rng: {**labelled(rng, 3, 5), "smoothing": 1.0}),
)


# Training: the order of the batches is the student's own. So it is held against numbers where no order matters: where steps are so small
# that they add up, and where all examples are equal. On digits, what counts is how many new ones are read.


def schooling(rng, learning_rate, epochs, size, m, *sizes):
    """Examples in classes, the layers' sizes, and how they are trained on."""
    return {
        "X": draws.away_from_zero(rng, (sizes[0], m)),
        "labels": classes_of(rng, sizes[-1], m),
        "sizes": list(sizes),
        "learning_rate": learning_rate,
        "epochs": epochs,
        "size": size,
        "seed": int(rng.integers(2**31)),
        "read": 0,
    }


def tiny_steps(rng):
    """with steps so small that their order makes no difference"""
    num_f, m, size = draws.some(rng, ((2, 9, 3), (2, 8, 4), (2, 12, 3), (3, 12, 4)))
    return schooling(rng, 2e-8, 2, size, m, num_f, 7, *draws.some(rng, ((4,), (5, 4), (5, 3))))


def equal_examples(rng):
    """with examples that are all equal, and a smaller last batch"""
    num_f, m, size = draws.some(rng, ((3, 11, 4), (2, 11, 3), (2, 7, 3), (3, 9, 4)))
    case = schooling(rng, 0.2, int(rng.integers(2, 4)), size, m, num_f, 7, *draws.some(rng, ((4,), (5, 3))))
    return {**case, "X": np.repeat(case["X"][:, :1], m, axis=1), "labels": np.repeat(case["labels"][:1], m)}


def handwriting(rng):
    """with handwritten digits"""
    X, labels = digits(range(10), "train")
    X_new, labels_new = digits(range(10), "test")
    some = rng.permutation(labels.size)[:320]
    return {
        "X": np.rint(16 * np.concatenate([X[:, some], X_new], axis=1)).astype(np.uint8),
        "labels": np.concatenate([labels[some], labels_new]),
        "sizes": [64, 32, 10],
        "learning_rate": 0.1,
        "epochs": 12,
        "size": 16,
        "seed": int(rng.integers(2**31)),
        "read": labels_new.size,
    }


SCHOOLING_EDGES = (
    draws.draw("for one batch that holds all examples", schooling, 0.2, 3, 7, 7, 3, 4, 2),
    draws.draw("for a batch that is larger than all examples together", schooling, 0.2, 2, 9, 7, 2, 4, 3),
    draws.draw("for one epoch", schooling, 2e-8, 1, 2, 6, 4, 3, 3),
    draws.draw("without a hidden layer", schooling, 2e-8, 2, 3, 6, 2, 3),
    draws.draw("for three hidden layers", schooling, 2e-8, 2, 3, 6, 2, 5, 4, 3, 3),
    draws.not_contiguous(schooling, 2e-8, 2, 2, 6, 3, 4, 3),
)
ENOUGH = 0.7  # the share of new digits that is asked for


def taught(train_digits, X, labels, sizes, learning_rate, epochs, size, seed, read):
    """The losses; how far the layers went, divided by the learning rate; and what holds whatever order the generator gives.

    Of digits, given as whole numbers, the last `read` are new to the network: how many of them it reads.
    """

    def schooled(learning_rate, epochs, size):
        rng = np.random.default_rng(seed)
        return train_digits(X[:, :m] / unit, labels[:m], list(sizes), learning_rate, epochs, size, rng), rng.bit_generator.state

    m, unit = X.shape[1] - read, 16 if read else 1
    result, state = schooled(learning_rate, epochs, size)
    form = FORMS.get(_form(result), -1)
    facts = dict.fromkeys(("losses", "total step", "order", "batches", "digits"))
    if form:
        return {"form": form, **facts}
    if read:
        answers = _answers(result[0], X[:, m:].T / unit)
        return {"form": form, **facts, "digits": bool(np.sum(answers == labels[m:]) >= ENOUGH * read)}
    (first, _), _ = schooled(0.0, epochs, size)
    rate, steps = max(learning_rate, 0.2), -(-m // size)
    (some, _), _ = schooled(rate, epochs, size)
    (whole, _), _ = schooled(rate, epochs * steps, m)
    return {
        "form": form,
        "losses": [float(L) for L in result[1]],
        "total step": (_end_to_end(result[0]) - _end_to_end(first)) / learning_rate,
        "order": state != schooled(learning_rate, epochs + 1, size)[1],
        "batches": not _near(some, whole) or _near(some, first),
        "digits": None,
    }


def _answers(layers, rows):
    """The class with the highest logit, for inputs in rows, none of them below 0."""
    for part in layers:
        rows = np.clip(rows, 0, None) @ np.transpose(part["W"]) + np.ravel(part["b"])
    return rows.argmax(axis=1)


def _near(one, other):
    return np.allclose(_end_to_end(one), _end_to_end(other), rtol=1e-6, atol=1e-9)


def _end_to_end(layers):
    return np.concatenate([np.asarray(part[name], float).ravel() for part in layers for name in ("W", "b")])


FORMS = {"layers, losses": 0, "losses, layers": 1, "layers": 2, "losses": 3, "layers, a number": 4, "nothing": 5}


def _form(result):
    """What came back, in words."""
    if isinstance(result, tuple) or (isinstance(result, list) and len(result) == 2 and not all(map(_is_layer, result))):
        return ", ".join(map(_kind, result)) if not all(map(is_number, result)) else "losses"
    return _kind(result)


def _kind(part):
    if is_number(part):
        return "a number"
    if isinstance(part, (list, tuple)) and part and all(map(_is_layer, part)):
        return "layers"
    if isinstance(part, (list, tuple)) or (isinstance(part, np.ndarray) and part.ndim == 1):
        return "losses" if all(map(is_number, part)) else "something else"
    return "nothing" if part is None else "something else"


def _is_layer(part):
    return isinstance(part, dict) and {"W", "b"} <= set(part) and all(np.asarray(part[k]).dtype.kind == "f" for k in ("W", "b"))


EXERCISES = [
    network.relu(1),
    epochs.batches({"sizes": 0.25, "numbers": 0.25, "mixed": 0.25, "again": 0.125, "new": 0.125}),
    network.initialize_layers({"W": 0.5, "b": 0.5}),
    network.forward_layers({"Z": 0.5, "caches": 0.5}),
    network.backward_layers({"dLdW": 0.5, "dLdb": 0.5}),
    Exercise(
        "predict_softmax",
        draws=(draws.nothing,),
        points={"raised": 0.5, "shifted": 0.5, "birds": 0.5, "pull": 0.5},
        near={"raised": 0.02, "shifted": 0.02, "birds": 0.2, "pull": 0.02},
        read="12-softmax#From odds to softmax",
    ),
    Exercise(
        "softmax",
        draws=both(logits),
        edges=edges(logits),
        points={"softmax(Z)": 3},
        extreme={far_out: 2},
        uses=("log_softmax",),
        read="12-softmax#From odds to softmax",
    ),
    Exercise(
        "softmax_backward",
        draws=both(returned),
        edges=(*edges(returned)[:2], *edges(returned)[3:]),  # of one class every slope is 0, or what rounding leaves of it
        points={"dLdZ": 4},
        read="12-softmax#All at once",
    ),
    Exercise(
        "one_hot",
        draws=both(numbered),
        edges=edges(numbered),
        points={"one_hot(labels, classes)": 2},
        read="12-softmax#The loss",
    ),
    Exercise(
        "log_softmax",
        draws=both(logits),
        edges=(
            *edges(logits)[:2],
            *edges(logits)[3:],
        ),  # of one class: a constant below the logarithm is told of far out, by its name
        points={"log_softmax(Z)": 2},
        extreme={far_out: 2},
        read="12-softmax#Numbers that fit",
    ),
    Exercise(
        "cross_entropy",
        draws=both(labelled),
        edges=edges(labelled),
        points={"L": 3},
        extreme={far_out_and_labelled: 1},
        uses=("log_softmax", "softmax", "one_hot"),
        read="12-softmax#The loss",
    ),
    Exercise(
        "cross_entropy_gradient",
        draws=both(labelled),
        edges=edges(labelled),
        points={"dLdZ": 3},
        extreme={far_out_and_labelled: 1},
        uses=("log_softmax", "softmax", "softmax_backward", "one_hot"),
        read="12-softmax#Prediction minus target, once more",
    ),
    Exercise(
        "share_right",
        draws=DECIDED,
        edges=edges(decided),
        points={"share": 1},
        uses=("softmax", "log_softmax"),
        read="12-softmax#Who is taken for whom",
    ),
    Exercise(
        "confusion",
        draws=(pairs_many, pairs_few),
        edges=PAIR_EDGES,
        points={"counts": 2},
        uses=("one_hot",),
        read="12-softmax#Who is taken for whom",
    ),
    Exercise(
        "train_digits",
        draws=(tiny_steps, equal_examples),
        edges=(handwriting, *SCHOOLING_EDGES),
        call=taught,
        points={"form": 0.5, "losses": 2, "total step": 3, "order": 0.5, "batches": 1, "digits": 3},
        words={
            "form": {
                "otherwise": "two things should come back, the list of layers, each a dict of W and b, and a list of losses that are numbers, "
                "and something else does"
            },
            "total step": {
                "otherwise": "your steps lead elsewhere: the way from the first layers to the last, all their arrays end to end and divided by "
                "the learning rate, is not what one step for each batch makes"
            },
            "order": {False: "every epoch should draw an order of its own from rng"},
            "batches": {False: "each step uses all examples, where it should use one batch"},
            "digits": {False: "after twelve epochs on 320 handwritten digits, your network reads fewer than 70 of 100 new ones"},
        },
        uses=(
            "batches",
            "initialize_layers",
            "forward_layers",
            "backward_layers",
            "softmax",
            "softmax_backward",
            "one_hot",
            "log_softmax",
            "cross_entropy",
            "cross_entropy_gradient",
        ),
        where={"total step": "the steps"},
        read="12-softmax#Ten digits",
    ),
    Exercise(
        "smoothed_gradient",
        draws=both(smoothed),
        edges=SMOOTHED_EDGES,
        points={"dLdZ": 3},
        uses=("softmax", "log_softmax", "one_hot", "cross_entropy_gradient"),
        read="12-softmax#Prediction minus target, once more",
    ),
]

check = Check(__file__, EXERCISES)
