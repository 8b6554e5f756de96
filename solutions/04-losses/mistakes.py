"""Known mistakes in the losses and the output gradient. Private: never goes out with the exercise."""

from backprop.mistakes import Mistake


def mistake(exercise, id, says, why, section, *edits):
    return Mistake(id, exercise, says, why, f"04-losses#{section}", edits=edits)


ZERO = "The logarithm of zero"
MEAN = "The mean that went missing"
OUTPUTS = "Averaged over outputs too"
EXTRA = "An extra sigmoid derivative"
SIGN = "The sign"
CLIP = "P = np.clip(Y_pred, 1e-15, 1 - 1e-15)"
BCE = "float(-np.sum(Y_true * np.log(P) + (1 - Y_true) * np.log(1 - P)) / m)"
LOGITS = "float(np.sum(np.maximum(Z, 0) - Z * Y_true + np.log1p(np.exp(-np.abs(Z)))) / m)"
MSE = "float(np.sum((Y_pred - Y_true) ** 2) / m)"
OUT = "return Y_pred - Y_true"
NAIVE = "S = 1 / (1 + np.exp(-Z))\n    return float(-np.sum(Y_true * np.log(S) + (1 - Y_true) * np.log(1 - S)) / m)"


def of_a_loss(exercise, reference, section):
    """What goes wrong with the mean and the sum, in any of the losses."""
    total = reference.removesuffix(" / m)") + ")"
    return [
        mistake(exercise, "loss-summed", "The loss is summed over the examples: it is m times the mean.",
                "With the sum the loss, and every step, grows with the size of the data.", MEAN, (reference, total)),
        mistake(exercise, "averaged-over-outputs", "The loss is averaged over the outputs too; it is their sum that counts.",
                "`np.mean` over the whole array divides by num_out as well as by m.", OUTPUTS,
                (reference, reference.replace("/ m", "/ Y_true.size"))),
        mistake(exercise, "divided-by-outputs", "You divide by the number of outputs where the number of examples belongs.",
                "Examples are columns: m is Y_true.shape[1].", "The mean and the sum",
                (reference, reference.replace("/ m", "/ Y_true.shape[0]"))),
        mistake(exercise, "mean-twice", "You divide by m twice.", "The mean is taken once.", MEAN,
                (reference, reference.replace("/ m", "/ m**2"))),
        mistake(exercise, "hard-coded-m", "You divide by a fixed number of examples.",
                "m has to be read from Y_true each time: Y_true.shape[1].", "The mean and the sum",
                (reference, reference.replace("/ m", "/ 8"))),
        mistake(exercise, "sign", "The loss has the wrong sign.",
                "A loss is smaller where predictions are better; the logarithms of probabilities are negative.", SIGN,
                (reference, "-" + reference)),
        mistake(exercise, "factor-half", "The loss is exactly half of the right one.",
                "There is no factor ½ in the course's losses.", "The mean and the sum", (reference, "0.5 * " + reference)),
        mistake(exercise, "factor-two", "The loss is exactly twice the right one.",
                "The factor 2 belongs to the derivative of a square, not to a loss.", "The mean and the sum",
                (reference, "2 * " + reference)),
        mistake(exercise, "per-example", "You return one number an example; the loss is one number.",
                "The mean over the examples is missing: `np.sum(…, axis=0)` keeps them apart.", "The mean and the sum",
                (reference, reference.removeprefix("float(").replace("np.sum(", "np.sum(", 1).removesuffix(" / m)")[:-1] + ", axis=0)")),
        mistake(exercise, "per-output", "You return one number an output; the loss is one number.",
                "The sum over the outputs is missing.", "The mean and the sum",
                (reference, reference.removeprefix("float(").removesuffix(" / m)")[:-1] + ", axis=1) / m")),
        mistake(exercise, "float32", "The loss comes in float32.",
                "Half of the digits are gone: a gradient check can no longer tell a slip from rounding.",
                "The mean and the sum", (reference, "np.float32" + reference.removeprefix("float"))),
        mistake(exercise, "targets-changed", "Y_true itself is changed: the caller's targets are gone.",
                "A function that changes its arguments spoils the next call.", section,
                ("m = Y_true.shape[1]", "m = Y_true.shape[1]\n    Y_old = Y_true.copy()\n    Y_true += 1\n    Y_true = Y_old")),
    ]


MISTAKES = [
    *of_a_loss("binary_cross_entropy", BCE, "Binary cross-entropy"),
    mistake("binary_cross_entropy", "log-of-zero", "The loss is NaN or infinite where a prediction is exactly 0 or 1.",
            "log(0) is −∞, and 0 · ∞ is NaN. Keep the argument of both logarithms a little away from 0: Ŷ and 1 − Ŷ.", ZERO,
            (CLIP, "P = Y_pred")),
    mistake("binary_cross_entropy", "epsilon-too-large", "The predictions are clipped so far from 0 and 1 that ordinary ones change.",
            "A clip at 0.1 is a different loss. 1e-15 keeps the logarithm finite and changes nothing else.", ZERO,
            (CLIP, "P = np.clip(Y_pred, 0.1, 0.9)")),
    mistake("binary_cross_entropy", "nan-to-zero", "Certain and wrong predictions cost nothing: their infinite loss was turned into 0.",
            "The worst mistakes must cost most. Clip the predictions; do not repair the result.", ZERO,
            (CLIP, "P = Y_pred"), (BCE, "float(-np.sum(np.nan_to_num(np.where((P > 0) & (P < 1), Y_true * np.log(np.maximum(P, 1e-15)) "
                                        "+ (1 - Y_true) * np.log(np.maximum(1 - P, 1e-15)), 0.0))) / m)")),
    mistake("binary_cross_entropy", "positives-only", "Only the entries where Y_true is 1 count.",
            "Where Y_true is 0, log(1 − Ŷ) is what the prediction earns; both terms are needed.", "Binary cross-entropy",
            (BCE, "float(-np.sum(Y_true * np.log(P)) / m)")),
    mistake("binary_cross_entropy", "swapped", "Prediction and target have changed places.",
            "The logarithm is taken of the prediction, weighted by the target.", "Binary cross-entropy",
            (CLIP, "P = np.clip(Y_true, 1e-15, 1 - 1e-15)"),
            (BCE, "float(-np.sum(Y_pred * np.log(P) + (1 - Y_pred) * np.log(1 - P)) / m)")),
    mistake("binary_cross_entropy", "base-two", "The logarithm is to base 2.", "The natural logarithm has the simple derivative.",
            "Binary cross-entropy", (BCE, BCE.replace("np.log(", "np.log2("))),
    mistake("binary_cross_entropy", "minus-between", "There is a minus between the two terms.",
            "Both terms are logarithms of the probability of what happened, and they add.", SIGN,
            (BCE, BCE.replace(" + (1", " - (1"))),
    mistake("binary_cross_entropy", "log-of-complement-missing", "The second term has log Ŷ where log(1 − Ŷ) belongs.",
            "Where Y is 0, the probability of what happened is 1 − Ŷ.", "Binary cross-entropy",
            (BCE, BCE.replace("np.log(1 - P)", "np.log(P)"))),
    mistake("binary_cross_entropy", "squared-error", "You return the mean squared error.", "Cross-entropy takes logarithms.",
            "Binary cross-entropy", (BCE, "float(np.sum((P - Y_true) ** 2) / m)")),
    mistake("binary_cross_entropy", "matrix-product", "`@` stands where `*` belongs: the shapes do not fit a matrix product.",
            "The loss multiplies entry by entry and then sums.", "Binary cross-entropy", (BCE, BCE.replace("Y_true * np", "Y_true @ np"))),
    mistake("binary_cross_entropy", "sigmoid-again", "The sigmoid is applied to Y_pred, which already is a probability.",
            "Y_pred = σ(Z2); once is enough.", "Binary cross-entropy",
            (CLIP, "P = 1 / (1 + np.exp(-np.clip(Y_pred, 1e-15, 1 - 1e-15)))")),
    *of_a_loss("binary_cross_entropy_with_logits", LOGITS, "Cross-entropy from logits"),
    mistake("binary_cross_entropy_with_logits", "through-the-sigmoid",
            "The sigmoid is computed first, and its logarithm is −∞ where it saturates.",
            "Where σ(z) rounds to 0 or 1, its logarithm is lost; z itself still knows it.", ZERO, ("return " + LOGITS, NAIVE)),
    mistake("binary_cross_entropy_with_logits", "clipped-sigmoid", "Far out the loss stops growing: the sigmoid was clipped.",
            "A clip at 1e-15 caps the loss at 34.5 an entry; from z it is exact: 1000 at z = −1000.", "Cross-entropy from logits",
            ("return " + LOGITS, "S = np.clip(1 / (1 + np.exp(-np.clip(Z, -500, 500))), 1e-15, 1 - 1e-15)\n    "
             "return float(-np.sum(Y_true * np.log(S) + (1 - Y_true) * np.log(1 - S)) / m)")),
    mistake("binary_cross_entropy_with_logits", "softplus-overflow", "log(1 + exp(Z)) overflows for large Z.",
            "max(z, 0) + log(1 + exp(−|z|)) is the same number without the overflow.", "Cross-entropy from logits",
            (LOGITS, "float(np.sum(np.log(1 + np.exp(Z)) - Z * Y_true) / m)")),
    mistake("binary_cross_entropy_with_logits", "logits-as-probabilities", "Z is treated as if it were the prediction.",
            "The logarithm of σ(Z) is meant; Z itself may be negative.", "Cross-entropy from logits",
            (LOGITS, "float(-np.sum(Y_true * np.log(np.abs(Z)) + (1 - Y_true) * np.log(np.abs(1 - Z))) / m)")),
    mistake("binary_cross_entropy_with_logits", "plus-product", "The term Z·Y_true is added; it is subtracted.",
            "A large z is good news where the target is 1: it lowers the loss.", SIGN,
            (LOGITS, LOGITS.replace("- Z * Y_true", "+ Z * Y_true"))),
    mistake("binary_cross_entropy_with_logits", "product-missing", "The term Z·Y_true is missing: every target counts as 0.",
            "Without it the loss is that of targets which are all 0.", "Cross-entropy from logits",
            (LOGITS, LOGITS.replace(" - Z * Y_true", ""))),
    mistake("binary_cross_entropy_with_logits", "maximum-missing", "The term max(Z, 0) is missing.",
            "log(1 + e^z) = max(z, 0) + log(1 + e^−|z|): both parts are needed.", "Cross-entropy from logits",
            (LOGITS, LOGITS.replace("np.maximum(Z, 0) - Z", "-Z"))),
    mistake("binary_cross_entropy_with_logits", "absolute-missing", "The exponent has Z where |Z| belongs.",
            "With −z the exponential overflows for large negative z, and for those the formula is another one.",
            "Cross-entropy from logits", (LOGITS, LOGITS.replace("np.exp(-np.abs(Z))", "np.exp(-Z)"))),
    *of_a_loss("mean_squared_error", MSE, "Mean squared error"),
    mistake("mean_squared_error", "absolute-error", "You sum absolute errors; the squares are asked for.",
            "The square makes the derivative proportional to the error.", "Mean squared error",
            (MSE, "float(np.sum(np.abs(Y_pred - Y_true)) / m)")),
    mistake("mean_squared_error", "square-missing", "The errors are not squared, so positive and negative ones cancel.",
            "Squared, every error counts.", "Mean squared error", (MSE, "float(np.sum(Y_pred - Y_true) / m)")),
    mistake("mean_squared_error", "root", "You return the root of the loss.", "The root is a nice unit for people; the loss has none.",
            "Mean squared error", (MSE, "float(np.sqrt(np.sum((Y_pred - Y_true) ** 2) / m))")),
    mistake("mean_squared_error", "squared-sum", "You square the sum where the squares are summed.",
            "Each error is squared first.", "Mean squared error", (MSE, "float(np.sum(Y_pred - Y_true) ** 2 / m)")),
    mistake("mean_squared_error", "difference-of-squares", "You subtract the squares; the difference is squared.",
            "(a − b)² is not a² − b².", "Mean squared error", (MSE, "float(np.sum(Y_pred ** 2 - Y_true ** 2) / m)")),
    mistake("mean_squared_error", "cross-entropy", "You return the cross-entropy.", "The squared error takes no logarithm.",
            "Mean squared error", (MSE, "float(-np.sum(Y_true * np.log(Y_pred) + (1 - Y_true) * np.log(1 - Y_pred)) / m)")),
    # output_gradient
    mistake("output_gradient", "sign", "The sign is flipped: you return Y_true − Y_pred.",
            "Raising Z2 where the prediction is too high raises the loss, so the derivative is positive there.", SIGN,
            (OUT, "return Y_true - Y_pred")),
    mistake("output_gradient", "mean-inside", "You divide by m; this gradient is each example's own, before the mean.",
            "The course takes the mean later, where the examples are summed.", "The output gradient",
            (OUT, "return (Y_pred - Y_true) / Y_true.shape[1]")),
    mistake("output_gradient", "extra-sigmoid-derivative", "There is an extra factor Ŷ (1 − Ŷ).",
            "It has cancelled against the derivative of the logarithms: Ŷ − Y is all that is left.", EXTRA,
            (OUT, "return (Y_pred - Y_true) * Y_pred * (1 - Y_pred)")),
    mistake("output_gradient", "stopped-at-prediction", "This is the derivative with respect to Y_pred, not Z2.",
            "The sigmoid lies between: its derivative Ŷ (1 − Ŷ) is one more factor.", "The output gradient",
            (OUT, "return (Y_pred - Y_true) / (Y_pred * (1 - Y_pred))")),
    mistake("output_gradient", "factor-two", "The gradient is exactly twice the right one.",
            "The factor 2 belongs to the squared error.", "The output gradient", (OUT, "return 2 * (Y_pred - Y_true)")),
    mistake("output_gradient", "factor-half", "The gradient is exactly half of the right one.", "There is no factor ½ here.",
            "The output gradient", (OUT, "return 0.5 * (Y_pred - Y_true)")),
    mistake("output_gradient", "squared", "You return the squared error.", "Its derivative is asked for, and of another loss.",
            "The output gradient", (OUT, "return (Y_pred - Y_true) ** 2")),
    mistake("output_gradient", "absolute", "You return |Ŷ − Y|: the sign, which says which way to go, is lost.",
            "A gradient points: too high is positive, too low negative.", SIGN, (OUT, "return np.abs(Y_pred - Y_true)")),
    mistake("output_gradient", "thresholded", "The predictions are rounded to 0 and 1 first.",
            "How wrong a prediction is, is what the gradient says.", "The output gradient",
            (OUT, "return (Y_pred > 0.5) - Y_true")),
    mistake("output_gradient", "summed", "The gradient is summed over the examples.",
            "Each example keeps its column until the weights' gradients sum over them.", "The output gradient",
            (OUT, "return np.sum(Y_pred - Y_true, axis=1, keepdims=True)")),
    mistake("output_gradient", "positives-only", "Only −Y/Ŷ is differentiated: the term of the zeros is missing.",
            "Both terms of the cross-entropy depend on Z2.", "The output gradient",
            (OUT, "return -Y_true * (1 - Y_pred)")),
    mistake("output_gradient", "in-place", "Y_pred itself is changed.", "The caller still needs it. Work on a new array.",
            "The output gradient", (OUT, "Y_pred -= Y_true\n    return Y_pred")),
    mistake("output_gradient", "float32", "The gradient comes in float32.", "Half of the digits are gone.", "The output gradient",
            (OUT, "return (Y_pred - Y_true).astype(np.float32)")),
    mistake("output_gradient", "transposed", "The gradient is transposed: (m, num_out).",
            "A gradient has the shape of what it is the gradient of.", "The output gradient", (OUT, "return (Y_pred - Y_true).T")),
]
