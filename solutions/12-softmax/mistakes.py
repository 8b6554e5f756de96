"""Known mistakes of the softmax. Private: never goes out with the exercise."""

from backprop.checking import Mistake


def entry(exercise, default):
    """What makes an entry of one exercise."""

    def made(id, says, why, *edits, section=default, source="", line="", only=""):
        read = section if "#" in section else f"12-softmax#{section}"
        return Mistake(id, exercise, says, why, read, edits=edits, source=source, line=line, only=only)

    return made


ODDS, JACOBIAN, SAFE, LOSS = "From odds to softmax", "The Jacobian", "Numbers that fit", "The loss"
SIMPLE, COUNTS, DIGITS = "Prediction minus target, once more", "Who is taken for whom", "Ten digits"
predict, soft, back = entry("predict_softmax", ODDS), entry("softmax", ODDS), entry("softmax_backward", JACOBIAN)
hot, logs, loss = entry("one_hot", LOSS), entry("log_softmax", SAFE), entry("cross_entropy", LOSS)
slopes, share, counts = entry("cross_entropy_gradient", SIMPLE), entry("share_right", COUNTS), entry("confusion", COUNTS)
training, smooth = entry("train_digits", DIGITS), entry("smoothed_gradient", SIMPLE)
forwards, backwards = (
    entry("forward_layers", "11-deep-networks#The forward rail"),
    entry("backward_layers", "11-deep-networks#The backward rail"),
)


def guess(id, says, why, name, right, wrong, section=ODDS):
    return predict(id, says, why, (f'"{name}": {right}', f'"{name}": {wrong}'), section=section)


COLUMNS = "Examples are columns, so the classes of one example stand along axis 0."
EACH = "Each example has probabilities of its own: nothing of another column may enter."
LABELS = "Row k of a column belongs to class k."
OF_A_MEAN = "The loss is the mean over the m examples, so its gradient has one 1/m in it."
HALF_GONE = "Half of the digits are gone, and the course works in float64 throughout."

PEAK = "np.max(Z, axis=0, keepdims=True)"
TOTAL = "np.sum(powers, axis=0, keepdims=True)"
SUM = "np.sum(np.exp(shifted), axis=0, keepdims=True)"
LINE = "dLdZ[:, i] = p * (v - p @ v)"
SET = "Y[labels, np.arange(labels.size)] = 1"
COST = "-np.sum(log_softmax(Z)[labels, np.arange(m)]) / m"
ERROR = "(softmax(Z) - one_hot(labels, classes)) / m"
SHARE = "np.mean(np.argmax(Z, axis=0) == labels)"
COUNT = "counts[right, answer] += 1"
TARGETS = "(1 - smoothing) * one_hot(labels, classes) + smoothing / classes"
START = "layers = initialize_layers(sizes, rng)"
BEFORE = "losses = [cross_entropy(forward_layers(X, layers)[0], labels)]"
AFTER = "losses.append(cross_entropy(forward_layers(X, layers)[0], labels))"
ROUND = "for batch in batches(X.shape[1], size, rng):"
SLOPE = "dLdZ = cross_entropy_gradient(Z, labels[batch])"
STEP_W, STEP_B = 'layer["W"] - learning_rate * slopes["dLdW"]', 'layer["b"] - learning_rate * slopes["dLdb"]'


def whole(name, body):
    """A function in one line, or some."""
    arguments = {
        "softmax": "Z",
        "log_softmax": "Z",
        "softmax_backward": "P, dLdP",
        "one_hot": "labels, classes",
        "confusion": "labels, predicted, classes",
        "cross_entropy": "Z, labels",
        "cross_entropy_gradient": "Z, labels",
    }[name]
    lines = body.split("\n")
    return f"def {name}({arguments}):\n" + "".join(f"    {line}\n" for line in [*lines[:-1], f"return {lines[-1]}"])


MISTAKES = [
    # what is brought along
    forwards(
        "one-layer-left-behind",
        "`layer_forward` is not in this notebook.",
        "Of chapter 11's functions the loops come along, and those for one layer do not: write its line here in place of the call.",
        ('layer["W"] @ A + layer["b"]', 'layer_forward(A, layer["W"], layer["b"])'),
        line=r"layer_forward",
        only="12-softmax",
    ),
    backwards(
        "one-layer-left-behind",
        "`layer_backward` is not in this notebook.",
        "Of chapter 11's functions the loops come along, and those for one layer do not: write its three lines here in place of the call.",
        ('A, W = caches[l]["A"], layers[l]["W"]', 'A, W = caches[l]["A"], layers[l]["W"]\n        layer_backward(dLdZ, A, W)'),
        line=r"layer_backward",
        only="12-softmax",
    ),
    # predict_softmax
    guess(
        "raised-doubled",
        "Your `raised` doubles the probability.",
        "The odds double, from 1 to 1 to 2 to 1, and odds of 2 are a probability of 2/3.",
        "raised",
        0.667,
        1.0,
    ),
    guess(
        "raised-unchanged",
        "Your `raised` is the probability from before.",
        "A higher logit takes a larger share: the factor is 2 before the division, and less after it.",
        "raised",
        0.667,
        0.5,
    ),
    guess(
        "raised-by-the-logit",
        "Your `raised` adds something to the probability, about half of what the logit went up by.",
        "Logits add, odds multiply: log 2 on a logit doubles the odds of its class against all others.",
        "raised",
        0.667,
        0.85,
    ),
    guess(
        "raised-through-the-sigmoid",
        "Your `raised` is one half plus a quarter of log 2, what the slope at the start promises.",
        "The slope holds for small steps. A factor of 2 is exact: odds of 1 become odds of 2.",
        "raised",
        0.667,
        0.62,
    ),
    guess(
        "shifted-to-one",
        "Your `shifted` says that the first class now gets everything.",
        "All the others went up as well. What counts is the difference between logits, and no difference has changed.",
        "shifted",
        0.667,
        1.0,
    ),
    guess(
        "shifted-to-equal",
        "Your `shifted` says that all three classes are now alike.",
        "100 more on each logit multiplies each power by the same number, and the division takes it away again.",
        "shifted",
        0.667,
        0.333,
    ),
    guess(
        "shifted-from-before",
        "Your `shifted` is one half.",
        "It asks from where the logits are *now*: the first one had gone up by log 2 already.",
        "shifted",
        0.667,
        0.5,
    ),
    guess(
        "birds-as-digits",
        "Your `birds` is the loss of guessing among ten classes.",
        "There are a hundred: each gets 1/100, and the surprise is log 100, twice as much.",
        "birds",
        4.605,
        2.303,
        section="The loss of knowing nothing",
    ),
    guess(
        "birds-as-a-probability",
        "Your `birds` is the probability that each class gets.",
        "The loss is the surprise at it, −log(1/100).",
        "birds",
        4.605,
        0.01,
        section="The loss of knowing nothing",
    ),
    guess(
        "birds-as-a-coin",
        "Your `birds` is the loss of guessing between two classes.",
        "There are a hundred: each gets 1/100, and the surprise is log 100.",
        "birds",
        4.605,
        0.693,
        section="The loss of knowing nothing",
    ),
    guess(
        "birds-in-tens",
        "Your `birds` is log 100 to the base 10.",
        "The course takes the natural logarithm: 2 times 2.303.",
        "birds",
        4.605,
        2.0,
        section="The loss of knowing nothing",
    ),
    guess(
        "birds-in-bits",
        "Your `birds` is log 100 to the base 2.",
        "The course takes the natural logarithm, in which log 10 is 2.303.",
        "birds",
        4.605,
        6.644,
        section="The loss of knowing nothing",
    ),
    guess(
        "pull-upwards",
        "Your `pull` has the wrong sign.",
        "A higher logit of the right class makes the loss smaller: prediction minus target is 0.2 − 1.",
        "pull",
        -0.8,
        0.8,
        section=SIMPLE,
    ),
    guess(
        "pull-without-target",
        "Your `pull` is the probability itself, as at a wrong class.",
        "The second class is the right one: its target is 1.",
        "pull",
        -0.8,
        0.2,
        section=SIMPLE,
    ),
    guess(
        "pull-of-the-first",
        "Your `pull` would be right if the first class were the right one.",
        "The right class is the second, with the probability 0.2.",
        "pull",
        -0.8,
        -0.3,
        section=SIMPLE,
    ),
    guess(
        "pull-along-the-probability",
        "Your `pull` is the slope along the probability, −1/0.2.",
        "From the logit to the probability there is the softmax, with the slope 0.2 · 0.8, and the 0.2 cancels.",
        "pull",
        -0.8,
        -5.0,
        section=SIMPLE,
    ),
    guess(
        "pull-damped",
        "Your `pull` has the softmax's slope in it once too often.",
        "0.2 − 1 is what is left when the softmax's slope has cancelled.",
        "pull",
        -0.8,
        -0.128,
        section=SIMPLE,
    ),
    # softmax
    soft(
        "over-examples",
        "The sum runs over the examples: your rows add up to 1, and not your columns.",
        COLUMNS,
        (TOTAL, "np.sum(powers, axis=1, keepdims=True)"),
        section="The sum over the wrong axis",
    ),
    soft(
        "over-examples-throughout",
        "The sum runs over the examples: your rows add up to 1, and not your columns.",
        COLUMNS,
        source=whole(
            "softmax", "powers = np.exp(Z - np.max(Z, axis=1, keepdims=True))\npowers / np.sum(powers, axis=1, keepdims=True)"
        ),
        section="The sum over the wrong axis",
    ),
    soft(
        "over-everything",
        "The sum runs over the whole array: all your entries together add up to 1.",
        COLUMNS + " " + EACH,
        (f"np.exp(Z - {PEAK})", "np.exp(Z - np.max(Z))"),
        (TOTAL, "np.sum(powers)"),
    ),
    soft(
        "over-everything-each-by-its-highest",
        "Each column is measured by its own highest logit, and then divided by the sum of the whole array.",
        "The sum belongs to the same column as well: axis=0, with keepdims=True.",
        (TOTAL, "np.sum(powers)"),
    ),
    soft(
        "highest-not-subtracted",
        "Your function overflows: exp of a large logit is infinite, and infinity over infinity is NaN.",
        "Subtract each column's highest logit first. The result is the same, and no exponent is above 0.",
        (f"np.exp(Z - {PEAK})", "np.exp(Z)"),
        section=SAFE,
    ),
    soft(
        "one-highest-for-all",
        "The highest logit of the whole array is subtracted: a column far below it becomes all zeros, and 0/0 is NaN.",
        "Each column has a highest logit of its own: axis=0.",
        (PEAK, "np.max(Z)"),
        section=SAFE,
    ),
    soft(
        "lowest-subtracted",
        "The lowest logit is subtracted, so the exponents are still large: exp overflows.",
        "Subtract the highest: then the largest exponent is 0.",
        ("np.max(Z,", "np.min(Z,"),
        section=SAFE,
    ),
    soft(
        "clipped-logits",
        "Your logits are cut off before exp: beyond the cut, different logits get the same probability.",
        "Subtracting the highest logit changes nothing but the size of the numbers; cutting changes the answer.",
        (f"np.exp(Z - {PEAK})", "np.exp(np.clip(Z, -500, 500))"),
        section=SAFE,
    ),
    soft(
        "one-number-for-each-class",
        "A reduction along axis 1 gives one number for each class, and that does not fit the columns.",
        COLUMNS + " With keepdims=True the shapes would fit, and the sum would still be the wrong one.",
        (PEAK, "np.max(Z, axis=1)"),
        line=r"max|sum|powers|Z",
    ),
    soft(
        "highest-of-each-row",
        "Each row's highest logit is subtracted, and not each column's.",
        COLUMNS + " What is subtracted has to be the same number for the whole column, or it does not cancel.",
        (PEAK, "np.max(Z, axis=1, keepdims=True)"),
    ),
    soft(
        "logarithms",
        "These are the logarithms of the probabilities.",
        "The softmax is what is left without the logarithm: numbers between 0 and 1 that add up to 1.",
        ("return powers", "return Z - " + PEAK + " - np.log(" + TOTAL + ")\n    return powers"),
    ),
    soft(
        "sigmoid",
        "These are sigmoids: each class by itself, as if it had no rivals.",
        "Exclusive classes share one whole: the powers of all classes stand below the line.",
        source=whole("softmax", "1 / (1 + np.exp(-Z))"),
        section="Ten questions or one",
    ),
    soft(
        "twice",
        "The softmax is applied twice.",
        "The second one takes probabilities for logits: they differ by less than 1, so it makes the classes nearly alike.",
        ("return powers /", "powers = np.exp(powers /"),
        (TOTAL, TOTAL + ")\n    return powers / " + TOTAL),
        section="When it goes wrong",
    ),
    soft(
        "not-divided",
        "Your columns do not add up to 1: the powers are not divided by their sum.",
        "The powers are the odds; a probability is a share of their sum.",
        (f"return powers / {TOTAL}", "return powers"),
    ),
    soft(
        "divided-by-the-mean",
        "Your columns add up to the number of classes.",
        "A share is a part of the sum, and not of the mean.",
        ("np.sum(powers", "np.mean(powers"),
    ),
    soft(
        "divided-by-the-number",
        "The powers are divided by the number of classes.",
        "A share is a part of the sum of the powers.",
        (TOTAL, "len(Z)"),
    ),
    soft(
        "without-exp",
        "The logits themselves are divided by their sum: there are negative shares.",
        "exp comes first: it makes every logit positive.",
        source=whole("softmax", "Z / np.sum(Z, axis=0, keepdims=True)"),
    ),
    soft(
        "absolute",
        "The sizes of the logits are divided by their sum: very low logits count as much as very high ones.",
        "exp keeps the order: the higher the logit, the higher the probability.",
        source=whole("softmax", "np.abs(Z) / np.sum(np.abs(Z), axis=0, keepdims=True)"),
    ),
    soft(
        "turned",
        "The lowest logit gets the highest probability: there is a minus in the exponent.",
        "exp(−z) is the sigmoid's habit; here the exponent is the logit itself.",
        ("np.exp(Z - ", "np.exp(-Z + "),
    ),
    soft(
        "base-two",
        "Your powers are of another base than e.",
        "Logits are natural logarithms of odds.",
        ("np.exp(Z", "np.exp2(Z"),
    ),
    soft(
        "hard",
        "Only the highest logit of each column counts: a 1 there, and zeros.",
        "That is the maximum. The softmax is soft: each class keeps a share, and a slope.",
        source=whole("softmax", "(Z == np.max(Z, axis=0, keepdims=True)).astype(float)"),
    ),
    soft(
        "in-place",
        "Your function changes Z itself.",
        "The caller still needs the logits, for the loss. `Z - …` makes a new array, `Z -= …` does not.",
        (f"powers = np.exp(Z - {PEAK})", f"Z -= {PEAK}\n    powers = np.exp(Z)"),
    ),
    soft(
        "float32",
        "The probabilities come in float32.",
        HALF_GONE,
        (f"return powers / {TOTAL}", f"return (powers / {TOTAL}).astype(np.float32)"),
    ),
    # softmax_backward
    back(
        "diagonal-only",
        "You use the Jacobian's diagonal alone, p (1 − p).",
        "A higher logit takes from every other class: each slope has a share −p p_k of the others in it as well.",
        (LINE, "dLdZ[:, i] = p * (1 - p) * v"),
    ),
    back(
        "own-share-twice",
        "The share −p² of a class's own slope is subtracted twice: once on the diagonal, and once in the sum.",
        "The sum p @ v runs over all classes, the class itself included. So the first part is p v, and not p (1 − p) v.",
        (LINE, "dLdZ[:, i] = p * (1 - p) * v - p * (p @ v)"),
    ),
    back(
        "sum-missing",
        "You return p times v: the part that is subtracted is missing.",
        "What one class gains the others lose: from each slope the mean slope, weighted by the probabilities, is subtracted.",
        (LINE, "dLdZ[:, i] = p * v"),
        section="All at once",
    ),
    back(
        "plain-sum",
        "The plain sum of the slopes is subtracted, and not the one that is weighted by the probabilities.",
        "Row k of the Jacobian holds −p_k p_j: each slope v_j comes with its p_j.",
        (LINE, "dLdZ[:, i] = p * (v - np.sum(v))"),
        section="All at once",
    ),
    back(
        "plain-mean",
        "The plain mean of the slopes is subtracted, as if all classes were equally likely.",
        "The mean is weighted by the probabilities: p @ v.",
        (LINE, "dLdZ[:, i] = p * (v - np.mean(v))"),
        section="All at once",
    ),
    back(
        "mean-of-products",
        "The products p v are averaged, and not added up.",
        "The probabilities are weights already, and they add up to 1: p @ v.",
        (LINE, "dLdZ[:, i] = p * (v - np.mean(p * v))"),
        section="All at once",
    ),
    back(
        "bracket-missing",
        "p multiplies the first part only: p * v − p @ v.",
        "Both terms of the Jacobian, diag(p) and p pᵀ, begin with p: the bracket belongs around the difference.",
        (LINE, "dLdZ[:, i] = p * v - p @ v"),
        section="All at once",
    ),
    back(
        "outer-factor-missing",
        "The factor p in front is missing.",
        "A class with a small probability moves little, whatever its slope is.",
        (LINE, "dLdZ[:, i] = v - p @ v"),
        section="All at once",
    ),
    back(
        "turned",
        "Your gradient has the wrong sign.",
        "The diagonal of the Jacobian is positive: a higher logit raises its own probability.",
        (LINE, "dLdZ[:, i] = p * (p @ v - v)"),
    ),
    back(
        "both-added",
        "The two terms are added.",
        "The second term of the Jacobian has a minus: what one class gains the others lose.",
        (LINE, "dLdZ[:, i] = p * (v + p @ v)"),
    ),
    back(
        "mean-twice",
        "Your gradient is divided by m.",
        "The mean is in dLdP already, as the docstring says; on the way back nobody divides again.",
        ("return dLdZ", "return dLdZ / P.shape[1]"),
        section="All at once",
    ),
    back(
        "over-examples",
        "The products are added up over the examples, and not over the classes.",
        COLUMNS,
        source=whole("softmax_backward", "P * (dLdP - np.sum(P * dLdP, axis=1, keepdims=True))"),
        section="All at once",
    ),
    back(
        "over-everything",
        "The products of the whole array are added up.",
        COLUMNS + " " + EACH,
        source=whole("softmax_backward", "P * (dLdP - np.sum(P * dLdP))"),
        section="All at once",
    ),
    back(
        "matrix-product",
        "P transposed times dLdP multiplies every example with every other one, and its shape does not fit.",
        EACH + " Multiply entry by entry, and add up each column.",
        source=whole("softmax_backward", "P * (dLdP - P.T @ dLdP)"),
        section="All at once",
        line=r"@|dot|matmul",
    ),
    back(
        "slope-of-the-logarithm",
        "You return v − p times the plain sum of v: that is the way back through the logarithm of the softmax.",
        "Here the slopes are along the probabilities themselves.",
        (LINE, "dLdZ[:, i] = v - p * np.sum(v)"),
    ),
    back(
        "divided-by-p",
        "p stands below the line.",
        "The Jacobian has p in front: a class with a small probability moves little.",
        (LINE, "dLdZ[:, i] = (v - p @ v) / p"),
    ),
    back(
        "softmax-once-more",
        "The softmax is applied to P, which comes out of one already.",
        "What is handed in are the probabilities.",
        ("p, v = P[:, i], dLdP[:, i]", "p, v = np.exp(P[:, i]) / np.sum(np.exp(P[:, i])), dLdP[:, i]"),
        section="When it goes wrong",
    ),
    back(
        "not-put-in-its-place",
        "Your result is zero everywhere: the line's value goes to a name and not into the array.",
        "Put each example's column in its place: dLdZ[:, i] = …",
        (LINE, "column = p * (v - p @ v)"),
    ),
    back(
        "one-column-only",
        "One example's column comes back alone, and not all of them.",
        "`return` inside the loop ends the function, and `dLdZ = …` gives the name to one column. Put each in its place: dLdZ[:, i] = …",
        (LINE, "return p * (v - p @ v)"),
    ),
    back(
        "last-column-only",
        "The last example's column comes back alone, and not all of them.",
        "`dLdZ = …` in the loop gives the name to one column after the other. Put each in its place: dLdZ[:, i] = …",
        (LINE, "dLdZ = p * (v - p @ v)"),
    ),
    back(
        "rows-filled",
        "A row is filled where the example's column belongs.",
        "Examples are columns: dLdZ[:, i] = …",
        (LINE, "dLdZ[i] = p * (v - p @ v)"),
        line=r"dLdZ\[i",
    ),
    back(
        "in-place",
        "Your function changes dLdP itself.",
        "The caller may need it. `v - …` makes a new array, `v -= …` writes into a column of the caller's.",
        (LINE, "v -= p @ v\n        dLdZ[:, i] = p * v"),
    ),
    back("float32", "The gradient comes in float32.", HALF_GONE, ("np.zeros(P.shape)", "np.zeros(P.shape, dtype=np.float32)")),
    # one_hot
    hot(
        "rows-for-columns",
        "Your array is the transpose of the right one: a row for each example.",
        "Examples are columns throughout the course, so the targets have the shape of the logits: (classes, m).",
        source=whole("one_hot", "np.eye(classes)[labels]"),
    ),
    hot(
        "places-swapped",
        "The class is used as the column, and the example as the row.",
        "The row comes first: Y[class, example].",
        (SET, "Y[np.arange(labels.size), labels] = 1"),
        line=r"\[",
    ),
    hot(
        "whole-rows",
        "Whole rows are set: Y[labels] = 1 means every example.",
        "Each label belongs to one column: Y[labels, np.arange(m)].",
        (SET, "Y[labels] = 1"),
    ),
    hot(
        "one-class-too-low",
        "Each 1 stands one row above its place, and that of class 0 in the last row.",
        "Classes count from 0, so class k is row k; row −1 is the last one.",
        (SET, "Y[labels - 1, np.arange(labels.size)] = 1"),
    ),
    hot(
        "one-class-too-high",
        "Each 1 stands one row below its place.",
        "Classes count from 0, so class k is row k.",
        (SET, "Y[labels + 1, np.arange(labels.size)] = 1"),
    ),
    hot(
        "classes-from-the-labels",
        "Your array has as many rows as the highest label says, and not as `classes` says.",
        "In a batch not every class has to occur, and the logits have a row for each all the same.",
        ("np.zeros((classes, ", "np.zeros((labels.max() + 1, "),
    ),
    hot(
        "numbers-for-ones",
        "The class's number stands where the 1 belongs.",
        "A target is a probability: 1 for the right class. The number of a class is only its name.",
        (SET, "Y[labels, np.arange(labels.size)] = labels"),
    ),
    hot(
        "minus-one-for-zero",
        "Your array has −1 where 0 belongs.",
        "A target is a probability: 0 for the wrong classes.",
        (SET, SET + "\n    Y = 2 * Y - 1"),
    ),
    hot(
        "zeros-for-ones",
        "Ones and zeros have changed places.",
        "1 for the right class, 0 for the others.",
        (SET, SET + "\n    Y = 1 - Y"),
    ),
    hot(
        "mean-in-the-targets",
        "Your columns add up to 1/m: the targets are divided by the number of examples.",
        "The mean is the loss's business; a target is a probability.",
        (SET, "Y[labels, np.arange(labels.size)] = 1 / labels.size"),
    ),
    hot(
        "booleans",
        "Your array holds True and False.",
        "Targets are numbers to calculate with: make it float.",
        source=whole("one_hot", "np.arange(classes)[:, None] == labels"),
    ),
    hot(
        "whole-numbers",
        "Your array holds whole numbers.",
        "The course works in float64 throughout: whoever writes 0.9 into such an array finds a 0 there.",
        ("np.zeros((classes, labels.size))", "np.zeros((classes, labels.size), dtype=int)"),
    ),
    hot(
        "labels-compared-with-floats",
        "The labels are compared with fractions, and only the first class is ever met.",
        "Labels are the whole numbers from 0 to classes − 1: np.arange(classes) lists them.",
        source=whole("one_hot", "(np.linspace(0, 1, classes)[:, None] == labels).astype(float)"),
    ),
    hot(
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The targets have to be handed to the caller.",
        ("return Y", "pass"),
    ),
    # log_softmax
    logs(
        "over-examples",
        "The sum runs over the examples.",
        COLUMNS,
        (SUM, "np.sum(np.exp(shifted), axis=1, keepdims=True)"),
    ),
    logs(
        "over-examples-throughout",
        "The sum runs over the examples.",
        COLUMNS,
        source=whole(
            "log_softmax",
            "shifted = Z - np.max(Z, axis=1, keepdims=True)\nshifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))",
        ),
        section="The sum over the wrong axis",
    ),
    logs(
        "over-everything",
        "The sum runs over the whole array.",
        COLUMNS + " " + EACH,
        (f"shifted = Z - {PEAK}", "shifted = Z - np.max(Z)"),
        (SUM, "np.sum(np.exp(shifted))"),
    ),
    logs(
        "over-everything-each-by-its-highest",
        "Each column is measured by its own highest logit, and the sum then runs over the whole array.",
        "The sum belongs to the same column as well: axis=0, with keepdims=True.",
        (SUM, "np.sum(np.exp(shifted))"),
    ),
    logs(
        "highest-not-subtracted",
        "Your function overflows: exp of a large logit is infinite.",
        "Subtract each column's highest logit first: no exponent is above 0 then.",
        (f"shifted = Z - {PEAK}", "shifted = Z"),
    ),
    logs(
        "logarithm-of-the-softmax",
        "You take the logarithm of a probability that has been rounded to 0, and log 0 is −∞.",
        "The logarithm of a quotient is a difference: take it on paper, z − log Σ exp(z), and no small number is ever made.",
        source=whole("log_softmax", f"powers = np.exp(Z - {PEAK})\nnp.log(powers / {TOTAL})"),
    ),
    logs(
        "small-constant",
        "A small constant in the logarithm keeps it from −∞, and bends what is right: no logarithm can be lower than the constant's.",
        "The logarithm of a quotient is a difference: take it on paper, and nothing has to be kept from 0.",
        source=whole("log_softmax", f"powers = np.exp(Z - {PEAK})\nnp.log(powers / {TOTAL} + 1e-300)"),
    ),
    *(
        logs(
            f"small-constant-{constant}",
            f"A small constant in the logarithm, {constant}, keeps it from −∞, and bends what is right: no logarithm can be lower than the constant's.",
            "The logarithm of a quotient is a difference: take it on paper, and nothing has to be kept from 0.",
            source=whole("log_softmax", f"powers = np.exp(Z - {PEAK})\nnp.log(powers / {TOTAL} + {constant})"),
        )
        for constant in ("1e-12", "1e-15")
    ),
    logs(
        "one-highest-for-all",
        "The highest logit of the whole array is subtracted: a column far below it becomes all zeros, and log 0 is −∞.",
        "Each column has a highest logit of its own: axis=0.",
        (PEAK, "np.max(Z)"),
    ),
    logs(
        "highest-of-each-row",
        "Each row's highest logit is subtracted, and not each column's.",
        COLUMNS,
        (PEAK, "np.max(Z, axis=1, keepdims=True)"),
    ),
    logs(
        "highest-left-in",
        "The logarithm of the sum is that of the shifted logits, and it is subtracted from the logits as they were.",
        "What was subtracted inside has to be subtracted outside as well.",
        ("return shifted - ", "return Z - "),
    ),
    logs(
        "logarithm-missing",
        "The sum of the powers is subtracted, without its logarithm.",
        "log(a/b) = log a − log b: the powers' logarithms are the logits, and the sum's logarithm is np.log of it.",
        (f"np.log({SUM})", SUM),
    ),
    logs(
        "divided",
        "The logits are divided by the logarithm of the sum.",
        "The logarithm of a quotient is a difference.",
        ("return shifted - np.log", "return shifted / np.log"),
    ),
    logs(
        "added",
        "The logarithm of the sum is added.",
        "The logarithm of a quotient is the difference of the logarithms. Logarithms of probabilities are never above 0.",
        ("return shifted - np.log", "return shifted + np.log"),
    ),
    logs(
        "turned",
        "Your result has the wrong sign: these are the surprises.",
        "The minus belongs to the loss.",
        ("return shifted - ", "return -shifted + "),
    ),
    logs(
        "mean-for-sum",
        "The mean of the powers takes the sum's place.",
        "A probability is a share of the sum: what is off is the logarithm of the number of classes.",
        ("np.sum(np.exp", "np.mean(np.exp"),
    ),
    logs(
        "base-two",
        "Your logarithm is of base 2.",
        "The course takes the natural one, np.log.",
        ("np.log(np.sum", "np.log2(np.sum"),
    ),
    logs(
        "base-ten",
        "Your logarithm is of base 10.",
        "The course takes the natural one, np.log.",
        ("np.log(np.sum", "np.log10(np.sum"),
    ),
    logs(
        "probabilities",
        "These are the probabilities themselves.",
        "Their logarithms are asked for.",
        source=whole("log_softmax", f"powers = np.exp(Z - {PEAK})\npowers / {TOTAL}"),
    ),
    logs(
        "only-shifted",
        "Only the highest logit is subtracted.",
        "That is half of the way: the logarithm of the sum of the powers is to be subtracted, too.",
        (f" - np.log({SUM})", ""),
    ),
    logs(
        "in-place",
        "Your function changes Z itself.",
        "The caller still needs the logits. `Z - …` makes a new array, `Z -= …` does not.",
        (f"shifted = Z - {PEAK}", f"Z -= {PEAK}\n    shifted = Z"),
    ),
    # cross_entropy
    loss(
        "mean-missing",
        "Your loss is not divided by m: it is the sum over the examples.",
        "The loss is the mean over the examples: more data of the same kind say the same thing, not louder.",
        (") / m)", "))"),
    ),
    loss(
        "mean-twice",
        "Your loss is divided by m twice.",
        "The mean is taken once: np.mean divides by m already.",
        (") / m)", ") / m / m)"),
    ),
    loss(
        "divided-by-classes",
        "Your loss is divided by the number of classes, and not by that of the examples.",
        "Examples are columns: m is Z.shape[1].",
        (") / m)", ") / len(Z))"),
    ),
    loss(
        "divided-by-all-entries",
        "Your loss is divided by the number of all entries: it is too small by the number of classes.",
        "Of each column one entry counts, so there are m numbers to average. np.mean of an array with zeros in it counts the zeros.",
        (") / m)", ") / Z.size)"),
    ),
    loss(
        "turned",
        "Your loss is negative: the minus is missing.",
        "Logarithms of probabilities are negative, and a surprise is minus the logarithm.",
        ("-np.sum(", "np.sum("),
    ),
    loss(
        "logits-as-probabilities",
        "You take the logits themselves for logarithms of probabilities.",
        "The softmax comes in between: without it a network lowers its loss by making every logit larger.",
        ("log_softmax(Z)", "Z"),
    ),
    loss(
        "logarithm-of-logits",
        "You take the logarithm of the logits: of negative ones there is none.",
        "The logarithm is that of the probabilities, which the softmax makes of the logits.",
        ("log_softmax(Z)", "np.log(Z)"),
    ),
    loss(
        "softmax-twice",
        "The softmax is applied twice.",
        "The function is handed logits, and log_softmax holds the softmax. A second one takes probabilities for logits, and the loss can hardly fall.",
        ("log_softmax(Z)", "log_softmax(softmax(Z))"),
        section="When it goes wrong",
    ),
    loss(
        "probabilities-for-logarithms",
        "You add up the probabilities of the right classes, without a logarithm.",
        "The surprise is minus the logarithm of the probability.",
        ("log_softmax(Z)", "softmax(Z)"),
    ),
    loss(
        "all-classes",
        "All classes' logarithms are added up, and not only that of the right class.",
        "The surprise is at what happened: the right class alone.",
        ("log_softmax(Z)[labels, np.arange(m)]", "log_softmax(Z)"),
    ),
    loss(
        "rows-for-entries",
        "`[labels]` takes whole rows: each label brings all examples along.",
        "For each example one entry is wanted: [labels, np.arange(m)].",
        ("[labels, np.arange(m)]", "[labels]"),
    ),
    loss(
        "every-pair",
        "`[labels, :]` or `[labels][:, …]` takes every label with every example, and their mean.",
        "For each example one entry is wanted: [labels, np.arange(m)].",
        (COST, "-np.mean(log_softmax(Z)[labels, :])"),
    ),
    loss(
        "the-networks-own-choice",
        "You take the surprise at the class that the network itself prefers.",
        "The surprise is at what happened, which is what `labels` says.",
        ("[labels, np.arange(m)]", "[np.argmax(Z, axis=0), np.arange(m)]"),
    ),
    loss(
        "two-sided",
        "Each class is counted as a question of its own, with a second term for the wrong ones.",
        "That is the binary cross-entropy. Here the probabilities add up to 1, so a high one for the right class says it all.",
        (COST, "-np.sum(np.where(one_hot(labels, len(Z)) == 1, log_softmax(Z), np.log(1 - softmax(Z)))) / m"),
    ),
    loss(
        "sigmoids",
        "Your probabilities are sigmoids, each class by itself.",
        "The classes exclude each other: the softmax makes them share one whole.",
        ("log_softmax(Z)", "-np.logaddexp(0, -Z)"),
        section="Ten questions or one",
    ),
    loss(
        "base-two",
        "Your loss is in bits: the logarithm is of base 2.",
        "The course takes the natural one. The gradient that follows is that of the natural logarithm.",
        (") / m)", ") / m / np.log(2))"),
    ),
    loss(
        "squared",
        "Your loss is the squared error of the probabilities.",
        "The surprise is asked for: minus the logarithm of the right class's probability.",
        (COST, "np.sum((softmax(Z) - one_hot(labels, len(Z))) ** 2) / m"),
    ),
    loss(
        "logarithm-of-the-softmax",
        "You take the logarithm of a probability that has been rounded to 0: the loss is infinite.",
        "log_softmax takes the logarithm on paper, and stays finite.",
        ("log_softmax(Z)", "np.log(softmax(Z))"),
        section=SAFE,
    ),
    loss(
        "clipped",
        "The probabilities are kept away from 0: no example can cost more than a limit, and beyond it the loss is flat.",
        "log_softmax needs no limit.",
        ("log_softmax(Z)", "np.log(np.clip(softmax(Z), 1e-15, 1))"),
        section=SAFE,
    ),
    loss(
        "one-for-each-example",
        "You return the surprise at each example, and not their mean.",
        "A loss is one number, so that two settings of the weights can be compared.",
        (f"float({COST})", "-log_softmax(Z)[labels, np.arange(m)]"),
    ),
    loss(
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The loss has to be handed to the caller.",
        ("return float", "float"),
    ),
    # cross_entropy_gradient
    slopes(
        "mean-missing",
        "Your gradient is not divided by m.",
        OF_A_MEAN + " From chapter 11 on dL/dZ carries it, and nothing after it divides again.",
        (" / m", ""),
    ),
    slopes("mean-twice", "Your gradient is divided by m twice.", OF_A_MEAN, (" / m", " / m / m")),
    slopes(
        "divided-by-classes",
        "Your gradient is divided by the number of classes, and not by that of the examples.",
        "Examples are columns: m is Z.shape[1].",
        (" / m", " / classes"),
    ),
    slopes(
        "divided-by-all-entries",
        "Your gradient is divided by the number of all entries.",
        OF_A_MEAN + " Over the classes nothing is averaged.",
        (" / m", " / Z.size"),
    ),
    slopes(
        "turned",
        "Your gradient has the wrong sign.",
        "Prediction minus target: where a probability is too high, the slope is positive.",
        (ERROR, "(one_hot(labels, classes) - softmax(Z)) / m"),
    ),
    slopes(
        "logits-for-probabilities",
        "You subtract the target from the logit, and not from the probability.",
        "The prediction is what the softmax makes of the logits.",
        ("softmax(Z)", "Z"),
    ),
    slopes(
        "sigmoids",
        "Your predictions are sigmoids, each class by itself.",
        "The classes exclude each other: the softmax makes them share one whole.",
        ("softmax(Z)", "1 / (1 + np.exp(-Z))"),
        section="Ten questions or one",
    ),
    slopes(
        "logarithms-for-probabilities",
        "You subtract the target from the logarithm of the probability.",
        "The prediction is the probability itself.",
        ("softmax(Z)", "log_softmax(Z)"),
    ),
    slopes(
        "softmax-twice",
        "The softmax is applied twice.",
        "The function is handed logits. A second softmax takes probabilities for logits, and makes the classes nearly alike.",
        ("softmax(Z)", "softmax(softmax(Z))"),
        section="When it goes wrong",
    ),
    slopes(
        "softmax-over-examples",
        "The softmax runs over the examples, and not over the classes.",
        COLUMNS,
        ("softmax(Z)", "softmax(Z.T).T"),
    ),
    slopes(
        "jacobian-once-more",
        "The way back through the softmax is taken once more.",
        "Prediction minus target is what is left *after* the Jacobian: it has been used up.",
        (ERROR, "softmax_backward(softmax(Z), (softmax(Z) - one_hot(labels, classes)) / m)"),
    ),
    slopes(
        "diagonal-once-more",
        "The diagonal of the Jacobian, p (1 − p), is multiplied in once more.",
        "Prediction minus target is what is left *after* the Jacobian: it has been used up.",
        (ERROR, "(softmax(Z) - one_hot(labels, classes)) * softmax(Z) * (1 - softmax(Z)) / m"),
    ),
    slopes(
        "diagonal-only",
        "From the loss you go back through the diagonal of the Jacobian only: the wrong classes get no slope.",
        "A higher logit of a wrong class takes from the right one: its slope is its probability.",
        (ERROR, "-one_hot(labels, classes) * (1 - softmax(Z)) / m"),
        section=JACOBIAN,
    ),
    slopes(
        "along-the-probabilities",
        "This is the gradient along the probabilities, −y/p, and not along the logits.",
        "The way back through the softmax is still to go.",
        (ERROR, "-one_hot(labels, classes) / softmax(Z) / m"),
    ),
    slopes(
        "target-forgotten",
        "You return the probabilities, without the targets.",
        "At the right class the slope is p − 1: it is the only one that is negative.",
        (" - one_hot(labels, classes)", ""),
    ),
    slopes(
        "wrong-classes-only",
        "At the right classes your slopes are 0.",
        "There the slope is p − 1, which is where the push upwards comes from.",
        (ERROR, "softmax(Z) * (1 - one_hot(labels, classes)) / m"),
    ),
    slopes(
        "whole-rows",
        "1 is subtracted from whole rows: [labels] means every example.",
        "One entry in each column: [labels, np.arange(m)].",
        (f"return {ERROR}", "P = softmax(Z)\n    P[labels] -= 1\n    return P / m"),
    ),
    slopes(
        "whole-columns",
        "1 is subtracted from whole columns: in [:, labels] the labels stand where the examples' numbers belong.",
        "One entry in each column: [labels, np.arange(m)].",
        (f"return {ERROR}", "P = softmax(Z)\n    P[:, labels] -= 1\n    return P / m"),
    ),
    slopes(
        "labels-for-targets",
        "The labels themselves are subtracted: from every class of an example the number of its right one.",
        "A label is only a name. The target is 1 for the right class and 0 for the others, as `one_hot` makes it.",
        ("one_hot(labels, classes)", "labels"),
    ),
    slopes(
        "targets-transposed",
        "The targets have a row for each example, and do not fit the probabilities.",
        "Examples are columns: the targets have the shape of the logits, (classes, m).",
        ("one_hot(labels, classes)", "one_hot(labels, classes).T"),
        line=r"one_hot|eye|-",
    ),
    slopes(
        "mean-of-the-predictions-only",
        "Only the predictions are divided by m, and the targets are not.",
        "Put the difference in brackets: the mean is over both.",
        (ERROR, "softmax(Z) / m - one_hot(labels, classes)"),
    ),
    slopes(
        "mean-of-the-targets-only",
        "Only the targets are divided by m: the brackets are missing.",
        "`a - b / m` divides b alone.",
        (ERROR, "softmax(Z) - one_hot(labels, classes) / m"),
    ),
    slopes(
        "rounded",
        "The predictions are rounded to a decision first.",
        "Use the probability itself: its distance from the target *is* the signal.",
        (ERROR, "(one_hot(np.argmax(Z, axis=0), classes) - one_hot(labels, classes)) / m"),
    ),
    slopes(
        "highest-not-subtracted",
        "Your softmax overflows: exp of a large logit is infinite, and infinity over infinity is NaN.",
        "Your own softmax subtracts the highest logit first: call it.",
        ("softmax(Z)", "np.exp(Z) / np.sum(np.exp(Z), axis=0, keepdims=True)"),
        section=SAFE,
    ),
    # share_right
    share(
        "over-examples",
        "argmax runs over the examples: it says which example has the highest logit of each class.",
        COLUMNS + " np.argmax(Z, axis=0) gives one answer for each.",
        ("axis=0", "axis=1"),
        line=r"argmax|==|mean|sum",
    ),
    share(
        "values-for-classes",
        "No answer is ever right: are the labels compared with numbers that are no classes, such as the highest logits themselves?",
        "np.max gives the value, np.argmax without an axis the place in the whole array, and np.argmax with axis=0 the place in each column, which is the class.",
        ("np.argmax(", "np.max("),
    ),
    share(
        "lowest",
        "The class with the lowest logit is taken.",
        "The higher the logit, the more probable the class.",
        ("np.argmax(", "np.argmin("),
    ),
    share(
        "threshold",
        "You count the right classes whose logit is above 0.",
        "A threshold is for yes or no. Among several classes the highest logit is the answer, whatever its sign.",
        ("np.argmax(Z, axis=0) == labels", "Z[labels, np.arange(labels.size)] > 0"),
    ),
    share(
        "more-than-half",
        "You count the right classes that get more than one half.",
        "Among several classes the highest wins, and it may have much less than one half.",
        ("np.argmax(Z, axis=0) == labels", "softmax(Z)[labels, np.arange(labels.size)] > 0.5"),
    ),
    share(
        "number",
        "You return how many are right, and not the share.",
        "A share is between 0 and 1: divide by the number of examples.",
        ("np.mean(", "np.sum("),
    ),
    share(
        "wrong-ones",
        "You return the share of the wrong ones.",
        "What is asked for is how many are read correctly.",
        ("== labels", "!= labels"),
    ),
    share(
        "one-class-off",
        "Your classes count from 1.",
        "argmax counts from 0, and so do the labels.",
        ("np.argmax(Z, axis=0)", "np.argmax(Z, axis=0) + 1"),
    ),
    share(
        "divided-by-entries",
        "You divide by the number of all entries.",
        "There is one answer for each example, so m of them.",
        (SHARE, "np.sum(np.argmax(Z, axis=0) == labels) / Z.size"),
    ),
    share(
        "divided-by-classes",
        "You divide by the number of classes.",
        "There is one answer for each example, so m of them.",
        (SHARE, "np.sum(np.argmax(Z, axis=0) == labels) / len(Z)"),
    ),
    share(
        "probability-of-the-right-class",
        "You return the mean probability of the right classes.",
        "An answer is right or wrong; how sure the network was, is what the loss says.",
        (SHARE, "np.mean(softmax(Z)[labels, np.arange(labels.size)])"),
    ),
    # confusion
    counts(
        "transposed",
        "Your table is the transpose of the right one: its rows are the answers.",
        "The right class is the row, and what it was taken for the column.",
        (COUNT, "counts[answer, right] += 1"),
    ),
    counts(
        "once-each",
        "A pair that occurs several times is counted once.",
        "`= 1` overwrites, and so does `counts[labels, predicted] += 1`, which adds to each place once. Add pair by pair, or with np.add.at.",
        (COUNT, "counts[right, answer] = 1"),
    ),
    counts(
        "every-pair",
        "Every label is counted with every answer, and not with its own.",
        "Label and answer belong to one example: zip(labels, predicted) goes through both at once, and two loops, one in the other, do not.",
        ("for right, answer in zip(labels, predicted):", "for right, answer in ((r, a) for r in labels for a in predicted):"),
    ),
    counts(
        "right-ones-only",
        "Only the diagonal is filled.",
        "The wrong answers are what the table is for.",
        (COUNT, "counts[right, right] += right == answer"),
    ),
    counts(
        "wrong-ones-only",
        "The diagonal is empty.",
        "The right answers belong into the table: a row adds up to how often its class occurs.",
        (COUNT, "counts[right, answer] += right != answer"),
    ),
    counts(
        "labels-only",
        "Each example is counted on the diagonal, whatever it was taken for.",
        "The column is the answer.",
        (COUNT, "counts[right, right] += 1"),
    ),
    counts(
        "answers-only",
        "Each answer is counted on the diagonal, whatever was right.",
        "The row is the right class.",
        (COUNT, "counts[answer, answer] += 1"),
    ),
    counts(
        "both-ways",
        "Each pair is counted in both directions.",
        "To take a 3 for an 8 is another mistake than to take an 8 for a 3.",
        (COUNT, COUNT + "\n        counts[answer, right] += 1"),
    ),
    counts(
        "one-class-too-low",
        "Everything stands one row and one column before its place.",
        "Classes count from 0, so class k is row and column k.",
        (COUNT, "counts[right - 1, answer - 1] += 1"),
    ),
    counts(
        "classes-from-the-labels",
        "Your table has as many rows as classes occur.",
        "`classes` says how many there are, and not every class has to occur.",
        ("np.zeros((classes, classes), dtype=int)", "np.zeros((1 + max(labels.max(), predicted.max()),) * 2, dtype=int)"),
    ),
    counts(
        "shares-of-rows",
        "Your table holds shares, and counts are asked for.",
        "Counts can be added up over batches, and 3 of 4 is not the same evidence as 300 of 400.",
        ("return counts", "return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)"),
    ),
    counts(
        "floats",
        "Your counts are floats.",
        "What is counted is a whole number: np.zeros(…, dtype=int).",
        (", dtype=int", ""),
    ),
    counts(
        "flat",
        "Your table is one row of numbers.",
        "Row and column say which class was taken for which: reshape it to (classes, classes).",
        ("return counts", "return counts.ravel()"),
    ),
    counts(
        "returned-inside-the-loop",
        "Only the first pair is counted: does the return stand inside the loop?",
        "Indented like the `for`, the return waits until the loop is done.",
        (COUNT, COUNT + "\n        return counts"),
    ),
    # train_digits
    training(
        "uphill",
        "The step is added, so the loss grows.",
        "The gradient points uphill; step against it.",
        (STEP_W, STEP_W.replace(" - ", " + ")),
        (STEP_B, STEP_B.replace(" - ", " + ")),
    ),
    training(
        "mean-missing",
        "Your steps are `size` times too long: the gradient of the logits lacks its 1/m.",
        OF_A_MEAN + " cross_entropy_gradient has it already.",
        (SLOPE, SLOPE + " * batch.size"),
        section=SIMPLE,
    ),
    training(
        "mean-twice",
        "Your steps are too short: the gradient is divided by the number of examples once more.",
        "From chapter 11 on dL/dZ carries the 1/m, and nothing after it divides again.",
        (SLOPE, SLOPE + " / batch.size"),
        section=SIMPLE,
    ),
    training(
        "mean-twice-by-size",
        "Your steps are too short: the gradient is divided by `size`, and has its 1/m already.",
        "From chapter 11 on dL/dZ carries the 1/m, and nothing after it divides again.",
        (SLOPE, SLOPE + " / size"),
        section=SIMPLE,
    ),
    training(
        "mean-over-all-examples",
        "Your steps are too short: the gradient of a batch is divided by the number of *all* examples.",
        "A batch's loss is the mean over the batch, so its 1/m counts the examples of the batch.",
        (SLOPE, SLOPE + " * batch.size / X.shape[1]"),
        section=SIMPLE,
    ),
    training(
        "softmax-twice",
        "The softmax is applied twice: cross_entropy_gradient is handed probabilities.",
        "It takes logits, and Z is what forward_layers returns. What comes out is no slope along the logits.",
        ("cross_entropy_gradient(Z, ", "cross_entropy_gradient(softmax(Z), "),
        section="When it goes wrong",
    ),
    training(
        "weights-used-after-their-update",
        "A layer's weights have taken their step before the error goes back through them.",
        "The error has to go back through the weights that made it: compute all gradients first, then step.",
        source="""def train_digits(X, labels, sizes, learning_rate, epochs, size, rng):
    layers = initialize_layers(sizes, rng)
    losses = [cross_entropy(forward_layers(X, layers)[0], labels)]
    for _ in range(epochs):
        for batch in batches(X.shape[1], size, rng):
            Z, caches = forward_layers(X[:, batch], layers)
            dLdZ = cross_entropy_gradient(Z, labels[batch])
            for k in reversed(range(len(layers))):
                slopes = backward_layers(dLdZ, [caches[k]], [layers[k]])[0]
                W = layers[k]["W"] - learning_rate * slopes["dLdW"]
                layers[k] = {"W": W, "b": layers[k]["b"] - learning_rate * slopes["dLdb"]}
                if k:
                    dLdZ = (layers[k]["W"].T @ dLdZ) * (caches[k - 1]["Z"] > 0)
        losses.append(cross_entropy(forward_layers(X, layers)[0], labels))
    return layers, losses
""",
    ),
    training(
        "labels-of-the-first-examples",
        "The labels are those of the first examples, and not those of the batch.",
        "Pictures and labels have to be taken by the same numbers: X[:, batch] and labels[batch].",
        ("labels[batch])", "labels[: batch.size])"),
    ),
    training(
        "labels-of-everyone",
        "A batch of logits meets all the labels: their numbers do not agree.",
        "Pictures and labels have to be taken by the same numbers: X[:, batch] and labels[batch].",
        ("labels[batch])", "labels)"),
        line=r"labels",
    ),
    training(
        "labels-of-everyone-by-place",
        "A batch of probabilities meets all the labels: there are more of them than columns.",
        "Pictures and labels have to be taken by the same numbers: X[:, batch] and labels[batch].",
        (SLOPE, "dLdZ = softmax(Z)\n            dLdZ[labels, np.arange(labels.size)] -= 1\n            dLdZ /= batch.size"),
        line=r"labels",
    ),
    training(
        "labels-of-everyone-beside-a-batch",
        "All the labels meet the numbers of a batch's columns, of which there are fewer.",
        "Pictures and labels have to be taken by the same numbers: X[:, batch] and labels[batch].",
        (SLOPE, "dLdZ = softmax(Z)\n            dLdZ[labels, np.arange(batch.size)] -= 1\n            dLdZ /= batch.size"),
        line=r"labels",
    ),
    training(
        "rows-for-columns",
        "`X[batch]` takes rows, which are features.",
        "Examples are columns: X[:, batch].",
        ("X[:, batch]", "X[batch]"),
        line=r"X\[|batch",
    ),
    training(
        "weights-only",
        "The biases stay as they were.",
        "They are parameters like the weights.",
        (STEP_B, 'layer["b"]'),
    ),
    training(
        "biases-only",
        "The weights stay as they were: only the biases move.",
        "All arrays of all layers take the step.",
        (STEP_W, 'layer["W"]'),
    ),
    training(
        "last-layer-only",
        "Only the last layer learns.",
        "All layers take the step.",
        ("layers = new", "layers = [*layers[:-1], new[-1]]"),
    ),
    training(
        "first-layer-only",
        "Only the first layer learns.",
        "All layers take the step.",
        ("layers = new", "layers = [new[0], *layers[1:]]"),
    ),
    training(
        "layers-in-reverse",
        "A layer meets another layer's gradient: the two lists run in opposite directions.",
        "backward_layers returns the first layer's gradients first.",
        ("zip(layers, gradients)", "zip(layers, gradients[::-1])"),
        line=r"slopes|gradient|layer|W",
    ),
    training(
        "never-updated",
        "The layers never change: the new ones are thrown away.",
        "They have to be given the name that the next round uses.",
        ("layers = new", "new = layers"),
    ),
    training(
        "gradients-of-the-first-layers",
        "Every step takes the gradient at the first weights.",
        "A gradient belongs to the weights where it was computed. After a step it is stale.",
        (START, START + "\n    first = layers"),
        ("forward_layers(X[:, batch], layers)", "forward_layers(X[:, batch], first)"),
        ("backward_layers(dLdZ, caches, layers)", "backward_layers(dLdZ, caches, first)"),
    ),
    training(
        "initialised-each-epoch",
        "The weights are drawn afresh in every epoch, so what was learnt is lost.",
        "Initialise once, before the loop.",
        ("for _ in range(epochs):\n", f"for _ in range(epochs):\n        {START}\n"),
    ),
    training(
        "initialised-twice",
        "The first weights are drawn twice, and the second draw is used.",
        "`rng` draws the first weights once, and after that nothing but batches.",
        (START, f"{START}\n    {START}"),
    ),
    training(
        "own-generator",
        "The first weights do not come from `rng`.",
        "Who calls decides on the seed; that is what the argument is for.",
        ("initialize_layers(sizes, rng)", "initialize_layers(sizes, np.random.default_rng(0))"),
    ),
    training(
        "one-order-for-all",
        "Every epoch uses one and the same order.",
        "Call `batches` once in each epoch, so that different examples come together each time.",
        ("for _ in range(epochs):\n", "plan = batches(X.shape[1], size, rng)\n    for _ in range(epochs):\n"),
        (ROUND, "for batch in plan:"),
    ),
    training(
        "all-examples-at-once",
        "Each step uses all examples.",
        "A batch is what makes steps cheap: X[:, batch], labels[batch].",
        ("X[:, batch]", "X"),
        ("labels[batch]", "labels"),
    ),
    training(
        "one-batch-an-epoch",
        "There is one step in each epoch, with the last batch.",
        "The step belongs into the loop over the batches: one for each.",
        (ROUND, "for batch in batches(X.shape[1], size, rng)[-1:]:"),
    ),
    training(
        "rest-left-out",
        "The last batch of each epoch is left out.",
        "Every example is used once in each epoch, also where a smaller batch is left at the end.",
        (ROUND, "for batch in batches(X.shape[1], size, rng)[:-1]:"),
    ),
    training(
        "one-epoch-too-few",
        "There is one epoch too few.",
        "`range(epochs)` counts `epochs` rounds; the loss before the first one is an extra.",
        ("range(epochs)", "range(epochs - 1)"),
    ),
    training(
        "first-loss-missing",
        "The loss before the first epoch is missing.",
        "It says what the network knew before it learnt: the logarithm of the number of classes, as a rule somewhat more.",
        (BEFORE, "losses = []"),
    ),
    training(
        "losses-of-batches",
        "There is a loss for each batch, and not for each epoch.",
        "A batch's loss is noisy: the curve to look at is that of all examples.",
        (SLOPE, f"{SLOPE}\n            losses.append(cross_entropy(Z, labels[batch]))"),
        (f"\n        {AFTER}", ""),
    ),
    training(
        "a-loss-after-each-step",
        "There is a loss after each step, and not after each epoch.",
        "The loss of all examples costs as much as many steps: once an epoch is enough, after the loop over the batches.",
        (f"\n        {AFTER}", f"\n            {AFTER}"),
    ),
    training(
        "mean-of-the-batches",
        "The losses after the epochs are the means of the batches' losses, each from before its step.",
        "The loss of *all* training examples is asked for, after the epoch and with one set of weights.",
        (ROUND, f"some = []\n        {ROUND}"),
        (SLOPE, f"{SLOPE}\n            some.append(cross_entropy(Z, labels[batch]))"),
        (AFTER, "losses.append(float(np.mean(some)))"),
    ),
    training(
        "loss-of-the-last-batch",
        "The losses after the epochs are those of the last batch, from before its step.",
        "The loss of *all* training examples is asked for, after the epoch.",
        (AFTER, "losses.append(cross_entropy(Z, labels[batch]))"),
    ),
    training(
        "last-loss-only",
        "One loss comes back; a list with `epochs + 1` of them is asked for.",
        "The curve is what tells whether training works.",
        ("return layers, losses", "return layers, losses[-1]"),
    ),
    training(
        "order-of-results",
        "The two results have changed places.",
        "It returns (layers, losses).",
        ("return layers, losses", "return losses, layers"),
    ),
    training(
        "losses-forgotten",
        "Only the layers come back.",
        "It returns (layers, losses).",
        ("return layers, losses", "return layers"),
    ),
    training(
        "layers-forgotten",
        "Only the losses come back; the trained layers are lost.",
        "It returns (layers, losses).",
        ("return layers, losses", "return losses"),
    ),
    training(
        "first-layers-returned",
        "The layers that come back are the first ones.",
        "The layers after the last step are asked for.",
        (START, START + "\n    first = layers"),
        ("return layers, losses", "return first, losses"),
    ),
    training(
        "hard-coded-rate",
        "The learning rate is a fixed number, whatever the caller says.",
        "It is an argument because it has to be tried out.",
        (STEP_W, 'layer["W"] - 0.1 * slopes["dLdW"]'),
        (STEP_B, 'layer["b"] - 0.1 * slopes["dLdb"]'),
    ),
    # smoothed_gradient
    smooth(
        "not-smoothed",
        "The targets are not smoothed.",
        "The gradient is prediction minus target for any targets that add up to 1: smooth them first.",
        (TARGETS, "one_hot(labels, classes)"),
    ),
    smooth(
        "spread-over-the-others",
        "The share is spread over the wrong classes alone.",
        "It is spread over all classes, the right one included: each gets smoothing / classes.",
        (TARGETS, "np.where(one_hot(labels, classes) == 1, 1 - smoothing, smoothing / max(classes - 1, 1))"),
    ),
    smooth(
        "taken-and-not-spread",
        "The share is taken from the right class, and given to nobody.",
        "The targets of an example have to add up to 1: spread what was taken.",
        (" + smoothing / classes", ""),
    ),
    smooth(
        "spread-and-not-taken",
        "The share is spread, and was not taken from the right class: your targets add up to more than 1.",
        "The right class keeps 1 − smoothing of its own, and its part of what is spread.",
        ("(1 - smoothing) * ", ""),
    ),
    smooth(
        "spread-undivided",
        "Each class gets the whole share.",
        "It is spread evenly over all classes: divide it by their number.",
        ("smoothing / classes", "smoothing"),
    ),
    smooth(
        "spread-over-the-examples",
        "The share is divided by the number of examples.",
        "It is spread over the classes: divide it by their number.",
        ("smoothing / classes", "smoothing / m"),
    ),
    smooth(
        "shares-swapped",
        "smoothing and 1 − smoothing have changed places.",
        "`smoothing` is the share that is taken away and spread.",
        (TARGETS, "smoothing * one_hot(labels, classes) + (1 - smoothing) / classes"),
    ),
    smooth(
        "predictions-smoothed",
        "Your gradient is the plain one times 1 − smoothing, as it comes out where the predictions are smoothed as well.",
        "Only the targets change; what the network says stays what it is.",
        ("softmax(Z)", "(1 - smoothing) * softmax(Z) + smoothing / classes"),
    ),
    smooth(
        "predictions-and-not-targets",
        "The predictions are smoothed, and the targets are not.",
        "Only the targets change; what the network says stays what it is.",
        ("softmax(Z)", "((1 - smoothing) * softmax(Z) + smoothing / classes)"),
        (TARGETS, "one_hot(labels, classes)"),
    ),
    smooth("mean-missing", "Your gradient is not divided by m.", OF_A_MEAN, (" / m\n", "\n")),
    smooth("mean-twice", "Your gradient is divided by m twice.", OF_A_MEAN, (" / m\n", " / m / m\n")),
    smooth(
        "turned",
        "Your gradient has the wrong sign.",
        "Prediction minus target: where a probability is too high, the slope is positive.",
        ("(softmax(Z) - targets)", "(targets - softmax(Z))"),
    ),
]
