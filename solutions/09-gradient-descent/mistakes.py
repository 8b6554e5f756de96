"""Known mistakes in gradient descent. Private: never goes out with the exercise."""

from backprop.mistakes import Mistake


def mistake(exercise, id, says, why, section, *edits):
    return Mistake(id, exercise, says, why, f"09-gradient-descent#{section}", edits=edits)


PLACE = "The update in place"
STEP = 'return {name: W_B[name] - learning_rate * gradients["dLd" + name] for name in ("W1", "b1", "W2", "b2")}'
RULE = 'W_B[name] - learning_rate * gradients["dLd" + name]'
LOOP = """for _ in range(steps):
        gradients, L = backward_propagation(X, W_B, Y_true)
        losses.append(L)
        W_B = update(W_B, gradients, learning_rate)"""
START = "W_B = initialize(X.shape[0], num_h, Y_true.shape[0], rng)"
ACC = "return float(np.mean((Y_pred > 0.5) == Y_true))"

MISTAKES = [
    mistake("update", "uphill", "The step is added, so it goes uphill.", "The gradient points where the loss grows; step against it.",
            "Uphill", (RULE, RULE.replace(" - ", " + "))),
    mistake("update", "rate-missing", "The learning rate is missing: every step has length 1 times the gradient.",
            "Without the rate nobody decides how far to go.", "One step", (RULE, 'W_B[name] - gradients["dLd" + name]')),
    mistake("update", "divided-by-rate", "The gradient is divided by the learning rate.", "A smaller rate must make a smaller step.",
            "One step", (RULE, 'W_B[name] - gradients["dLd" + name] / learning_rate')),
    mistake("update", "step-only", "You return the step, not the weights after it.", "New weights are the old ones minus the step.",
            "One step", (RULE, 'learning_rate * gradients["dLd" + name]')),
    mistake("update", "biases-forgotten", "The biases stay as they were.", "They are parameters like the weights.", "One step",
            (RULE, f'{RULE} if name[0] == "W" else W_B[name].copy()')),
    mistake("update", "weights-forgotten", "Only the biases move; the weights stay as they were.",
            "All four arrays take the step.", "One step", (RULE, f'{RULE} if name[0] == "b" else W_B[name].copy()')),
    mistake("update", "second-layer-forgotten", "W2 and b2 stay as they were.", "All four arrays take the step.", "One step",
            (RULE, f'{RULE} if name[1] == "1" else W_B[name].copy()')),
    mistake("update", "first-layer-forgotten", "W1 and b1 stay as they were.", "All four arrays take the step.", "One step",
            (RULE, f'{RULE} if name[1] == "2" else W_B[name].copy()')),
    mistake("update", "in-place", "The old weights are changed: the caller's W_B is gone.",
            "`-=` writes into the caller's arrays, also through a copy of the dict, and `W_B[…] = …` into the caller's dict. "
            "A new dict of new arrays leaves the old weights to compare with.", PLACE,
            (STEP, 'for name in ("W1", "b1", "W2", "b2"):\n        W_B[name] -= learning_rate * gradients["dLd" + name]\n    return W_B')),
    mistake("update", "gradients-scaled", "The gradients themselves are multiplied by the rate: the caller's are gone.",
            "Work on new arrays.", PLACE,
            (STEP, 'for g in gradients.values():\n        g *= learning_rate\n    return {name: W_B[name] - gradients["dLd" + name] for name in ("W1", "b1", "W2", "b2")}')),
    mistake("update", "nothing-returned", "Nothing comes back: the return is missing.",
            "The new weights have to be handed to the caller.", "One step", (STEP, STEP.replace("return ", "new = "))),
    mistake("update", "gradient-names", "The keys of the result are those of the gradients.",
            "The result is a W_B: W1, b1, W2, b2.", "One step", (STEP, STEP.replace("{name:", '{"dLd" + name:'))),
    mistake("update", "normalised", "Each gradient is divided by its length first.",
            "A step is rate times gradient: it becomes shorter as the slope does.", "One step",
            (RULE, 'W_B[name] - learning_rate * gradients["dLd" + name] / np.linalg.norm(gradients["dLd" + name])')),
    mistake("update", "sign-only", "Only the sign of the gradient is used.", "A step is rate times gradient.", "One step",
            (RULE, 'W_B[name] - learning_rate * np.sign(gradients["dLd" + name])')),
    mistake("update", "twice", "The step is taken twice.", "One call is one step.", "One step",
            (RULE, 'W_B[name] - 2 * learning_rate * gradients["dLd" + name]')),
    mistake("update", "hard-coded-rate", "The learning rate is a fixed number, whatever the caller says.",
            "It is an argument because it has to be tried out.", "How large a step",
            (RULE, 'W_B[name] - 0.01 * gradients["dLd" + name]')),
    mistake("update", "weight-decay", "The weights are shrunk as well.", "Nobody asked for regularisation here.", "One step",
            (RULE, '(1 - learning_rate * 0.1) * W_B[name] - learning_rate * gradients["dLd" + name]')),
    mistake("update", "float32", "The new weights are float32.", "Half of the digits are gone, and the next step starts from there.",
            "One step", (RULE, f"({RULE}).astype(np.float32)")),
    mistake("update", "brackets", "The learning rate is subtracted from the weights, and the result multiplied by the gradient.",
            "The product comes first: a step is the rate times the gradient, and it is taken from the weights.", "One step",
            (RULE, '(W_B[name] - learning_rate) * gradients["dLd" + name]')),
    mistake("update", "return-in-loop", "Only W1 comes back: does the return stand inside the loop?",
            "All four arrays take the step. Indented like the `for`, the return waits until the loop is done.", "One step",
            (STEP, 'return {"W1": W_B["W1"] - learning_rate * gradients["dLdW1"]}')),
    mistake("update", "biases-left-out", "The biases are missing from the dict.", "They are parameters like the weights: all four come back.",
            "One step", ('("W1", "b1", "W2", "b2")', '("W1", "W2")')),
    mistake("update", "names-of-gradients", "`gradients` has no W1: its names begin with dLd.",
            'The gradient for W1 is gradients["dLdW1"], or gradients["dLd" + name].', "One step", ('"dLd" + name', "name")),
    # train
    mistake("train", "swapped-in-the-loop", "In the loop gradients and loss have changed places: L, gradients where gradients, L belongs.",
            "`backward_propagation` returns (gradients, L), in this order.", "The loop",
            ("gradients, L = backward_propagation", "L, gradients = backward_propagation")),
    mistake("train", "hard-coded-rate", "The learning rate is a fixed number, whatever the caller says.",
            "It is an argument because it has to be tried out.", "How large a step", ("gradients, learning_rate)", "gradients, 0.01)")),
    mistake("train", "loss-after-update", "The losses are those after each update: the first is missing and one too late is there.",
            "The loss before each update comes with its gradients, for free.", "The loop",
            (LOOP, """for _ in range(steps):
        gradients, L = backward_propagation(X, W_B, Y_true)
        W_B = update(W_B, gradients, learning_rate)
        losses.append(backward_propagation(X, W_B, Y_true)[1])""")),
    mistake("train", "one-step-too-few", "There is one step too few.", "`range(steps)` counts `steps` rounds.", "The loop",
            ("range(steps)", "range(steps - 1)")),
    mistake("train", "one-step-too-many", "There is one step too many.", "`range(steps)` counts `steps` rounds.", "The loop",
            ("range(steps)", "range(steps + 1)")),
    mistake("train", "never-updated", "The weights never change: the updated ones are thrown away.",
            "`update` returns new weights; they have to be given the name W_B.", "The loop",
            ("W_B = update(W_B, gradients, learning_rate)", "update(W_B, gradients, learning_rate)")),
    mistake("train", "initialised-each-step", "The weights are drawn afresh in every step, so nothing is learned.",
            "Initialise once, before the loop.", "The loop",
            (START, "W_B = None"), ("for _ in range(steps):\n", "for _ in range(steps):\n        " + START + "\n")),
    mistake("train", "initialised-twice", "The weights are drawn twice before the loop begins: the second draw is used.",
            "`rng` draws the first weights and nothing else.", "The loop", (START, START + "\n    " + START)),
    mistake("train", "gradients-once", "The gradients are computed once, before the loop, and used in every step.",
            "They belong to the weights they were computed at; after a step they are stale.", "The loop",
            (LOOP, """gradients, L = backward_propagation(X, W_B, Y_true)
    for _ in range(steps):
        losses.append(L)
        W_B = update(W_B, gradients, learning_rate)""")),
    mistake("train", "uphill", "The loss grows: the steps go uphill.", "Step against the gradient.", "Uphill",
            ("gradients, learning_rate)", "gradients, -learning_rate)")),
    mistake("train", "last-loss-only", "One loss comes back; a list with one a step is asked for.",
            "The curve is what tells whether training works.", "The loop", ("return W_B, losses", "return W_B, losses[-1]")),
    mistake("train", "order-of-results", "The two results have changed places.", "It returns (W_B, losses).", "The loop",
            ("return W_B, losses", "return losses, W_B")),
    mistake("train", "weights-forgotten", "Only the losses come back; the trained weights are lost.",
            "It returns (W_B, losses).", "The loop", ("return W_B, losses", "return losses")),
    mistake("train", "losses-forgotten", "Only the weights come back; the losses are lost.",
            "It returns (W_B, losses).", "The loop", ("return W_B, losses", "return W_B")),
    mistake("train", "sizes-swapped", "Hidden and output sizes have changed places in `initialize`.",
            "Its arguments are num_f, num_h, num_out, in this order.", "The loop",
            (START, "W_B = initialize(X.shape[0], Y_true.shape[0], num_h, rng)")),
    mistake("train", "examples-for-features", "`initialize` is given the number of examples where that of features belongs.",
            "Features are rows: X.shape[0].", "The loop", ("X.shape[0], num_h", "X.shape[1], num_h")),
    mistake("train", "own-generator", "The weights come from a generator made inside, not from `rng`.",
            "Who calls decides on the seed; that is what the argument is for.", "The loop",
            ("Y_true.shape[0], rng)", "Y_true.shape[0], np.random.default_rng(0))")),
    mistake("train", "global-generator", "The weights come from NumPy's global generator.",
            "No result can then be repeated on its own.", "The loop",
            (START, START + "\n    W_B = {name: np.random.randn(*W.shape) for name, W in W_B.items()}")),
    mistake("train", "one-example-a-step", "Each step looks at one example; the course's descent uses all of them.",
            "That is stochastic gradient descent, another method.", "The loop",
            (LOOP, """for step in range(steps):
        i = step % X.shape[1]
        gradients, L = backward_propagation(X[:, i:i + 1], W_B, Y_true[:, i:i + 1])
        losses.append(L)
        W_B = update(W_B, gradients, learning_rate)""")),
    mistake("train", "decaying-rate", "The learning rate shrinks from step to step.", "It is fixed in this function.", "How large a step",
            (LOOP, LOOP.replace("range(steps)", "range(1, steps + 1)").replace("learning_rate)", "learning_rate / _)"))),
    mistake("train", "running-mean-of-losses", "Each entry is the mean of the losses so far.", "The loss before each update is asked for.",
            "The loop", ("losses.append(L)", "losses.append((sum(losses) + L) / (len(losses) + 1))")),
    mistake("train", "hard-coded-steps", "The number of steps is fixed, whatever the caller says.", "`steps` is an argument.", "The loop",
            ("range(steps)", "range(10)")),
    # accuracy
    mistake("accuracy", "compared-without-threshold", "Predictions are compared with the targets as they are: floats are hardly ever equal.",
            "A prediction becomes a decision at the threshold 0.5 first.", "Accuracy off its threshold",
            (ACC, "return float(np.mean(Y_pred == Y_true))")),
    mistake("accuracy", "threshold-at-zero", "The threshold is 0: every prediction counts as 1.",
            "That is the threshold for Z2; for a probability it is 0.5.", "Accuracy off its threshold",
            (ACC, ACC.replace("0.5", "0.0"))),
    mistake("accuracy", "threshold-high", "The threshold is not 0.5 but higher.", "Above one half the answer is yes.",
            "Accuracy off its threshold", (ACC, ACC.replace("0.5", "0.75"))),
    mistake("accuracy", "threshold-low", "The threshold is not 0.5 but lower.", "Above one half the answer is yes.",
            "Accuracy off its threshold", (ACC, ACC.replace("0.5", "0.27"))),
    mistake("accuracy", "error-rate", "This is the share that is wrong.", "Accuracy is the share that is right.",
            "Counting right answers", (ACC, "return float(np.mean((Y_pred > 0.5) != Y_true))")),
    mistake("accuracy", "percent", "The result is in percent.", "It lies between 0 and 1.", "Counting right answers",
            (ACC, ACC.replace("np.mean(", "100 * np.mean("))),
    mistake("accuracy", "count", "This is the number of right entries, not their share.", "Divide by how many there are.",
            "Counting right answers", (ACC, ACC.replace("np.mean", "np.sum"))),
    mistake("accuracy", "divided-by-examples", "The count is divided by m only; there are num_out · m entries.",
            "With several outputs the share would exceed 1.", "Counting right answers",
            (ACC, "return float(np.sum((Y_pred > 0.5) == Y_true) / Y_true.shape[1])")),
    mistake("accuracy", "all-outputs-right", "An example counts only where all its outputs are right; each entry counts here.",
            "That is the exact-match ratio, a stricter measure.", "Counting right answers",
            (ACC, "return float(np.mean(np.all((Y_pred > 0.5) == Y_true, axis=0)))")),
    mistake("accuracy", "mean-prediction", "This is the mean of the rounded predictions; the targets are not looked at.",
            "Right means equal to the target.", "Counting right answers", (ACC, "return float(np.mean(Y_pred > 0.5))")),
    mistake("accuracy", "one-minus-error", "This is one minus the mean absolute error of the predictions.",
            "Accuracy counts decisions, not distances.", "Accuracy off its threshold",
            (ACC, "return float(1 - np.mean(np.abs(Y_pred - Y_true)))")),
    mistake("accuracy", "true-positives", "Only the right ones are counted; right zeros count too.",
            "Both kinds of right answers count.", "Counting right answers", (ACC, "return float(np.mean((Y_pred > 0.5) * Y_true))")),
    mistake("accuracy", "per-output", "One number an output comes back; the share over all is one number.",
            "The mean runs over outputs and examples.", "Counting right answers",
            (ACC, "return np.mean((Y_pred > 0.5) == Y_true, axis=1)")),
    mistake("accuracy", "in-place", "Y_pred itself is rounded.", "The caller still needs the probabilities.", "Accuracy off its threshold",
            (ACC, "Y_pred[:] = Y_pred > 0.5\n    return float(np.mean(Y_pred == Y_true))")),
    mistake("accuracy", "float32", "The share comes in float32.", "The course works in float64 throughout.", "Counting right answers",
            (ACC, ACC.replace("float(", "np.float32("))),
]
