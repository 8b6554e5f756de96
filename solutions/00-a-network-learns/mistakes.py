"""Known mistakes in nudging, stepping and learning. Private: never goes out with the exercise."""

from backprop.checking import Mistake

KNOB, STEP, LOOP, WRONG = "Turn one knob", "One step", "A hundred steps", "When it goes wrong"
SLOPE, TURN = "(f(turned) - f(w)) / h", "turned = w.copy()\n        turned[place] += h"
DOWN, WALK = "w - learning_rate * gradient", "w = step(w, nudge(f, w, 1e-4), learning_rate)"
KEEP = "losses.append(f(w))"


def nudge(id, says, why, *edits, section=KNOB, source="", line=""):
    return Mistake(id, "nudge", says, why, f"00-a-network-learns#{section}", edits=edits, source=source, line=line)


def predict(id, says, why, *edits, section=STEP):
    return Mistake(id, "predict_then_run", says, why, f"00-a-network-learns#{section}", edits=edits)


def step(id, says, why, *edits, section=STEP, source="", line=""):
    return Mistake(id, "step", says, why, f"00-a-network-learns#{section}", edits=edits, source=source, line=line)


def learn(id, says, why, *edits, section=LOOP, source="", line=""):
    return Mistake(id, "learn", says, why, f"00-a-network-learns#{section}", edits=edits, source=source, line=line)


SIZE, WAY, BOTH = "np.argmax(np.abs(slopes))", "-1 if slopes[place] > 0 else 1", "return place, direction"


def best(id, says, why, *edits, section=KNOB, source="", line=""):
    return Mistake(id, "best_knob", says, why, f"00-a-network-learns#{section}", edits=edits, source=source, line=line)


MISTAKES = [
    nudge(
        "all-at-once",
        "You return one number: w + h turns all knobs at once.",
        "Turned together, they move the loss together, and nobody knows which one did it. Turn one, measure, and go on to the next.",
        source="def nudge(f, w, h):\n    return (f(w + h) - f(w)) / h\n",
        section=WRONG,
    ),
    nudge(
        "same-for-all",
        "Every slope is the same: you turn all knobs at once.",
        "Turned together, they move the loss together, and nobody knows which one did it. Turn one, measure, and go on to the next.",
        (TURN, "turned = w + h"),
        section=WRONG,
    ),
    nudge(
        "not-turned-back",
        "Only your first slope is right: the knobs before a knob are still turned when it is measured.",
        "Each slope is measured from where w stands. Begin each nudge with a fresh copy of w, or turn the knob back.",
        ("slopes = np.zeros(w.shape)", "slopes, turned = np.zeros(w.shape), w.copy()"),
        (TURN, "turned[place] += h"),
        section=WRONG,
    ),
    nudge(
        "in-place",
        "You change w: its knobs are turned and stay so.",
        "Whoever called you still needs w as it was. Turn the knob in a copy, or turn it back.",
        (TURN, "before = f(w)\n        turned = w\n        turned[place] += h"),
        (SLOPE, "(f(turned) - before) / h"),
        section=WRONG,
    ),
    nudge(
        "turned-in-w",
        "Every slope is 0, and w has changed: the knob is turned in w itself.",
        "So f is asked twice about the same knobs. Turn the knob in a copy, `w.copy()`; `turned = w` is only a second name for w.",
        (TURN, "turned = w\n        turned[place] += h"),
        section=WRONG,
    ),
    nudge(
        "not-divided",
        "You return how far the loss moved, not the slope: the division by h is missing.",
        "A slope is how much the loss moves for each unit that the knob moves.",
        (SLOPE, "f(turned) - f(w)"),
    ),
    nudge(
        "multiplied",
        "You multiply by h where the change is to be divided by it.",
        "A slope is how much the loss moves for each unit that the knob moves.",
        (SLOPE, "(f(turned) - f(w)) * h"),
    ),
    nudge(
        "brackets-missing",
        "Only f(w) is divided by h: brackets are missing.",
        "Division comes before subtraction. Put the difference into brackets.",
        (SLOPE, "f(turned) - f(w) / h"),
    ),
    nudge(
        "sign-flipped",
        "All your slopes have the wrong sign: you take the new loss from the old one.",
        "A slope is positive where turning the knob up makes the loss larger.",
        (SLOPE, "(f(w) - f(turned)) / h"),
    ),
    nudge(
        "one-half",
        "Your slopes are half as large as they should be: you divide by 2h.",
        "From w to w + h the distance is h.",
        (SLOPE, "(f(turned) - f(w)) / (2 * h)"),
    ),
    nudge(
        "other-side",
        "You nudge in the other direction: from w − h to w.",
        "It is a good measure too, but here each knob is to be turned by h itself, from w to w + h.",
        (TURN, "turned = w.copy()\n        turned[place] -= h"),
        (SLOPE, "(f(w) - f(turned)) / h"),
    ),
    nudge(
        "both-sides",
        "You nudge in both directions.",
        "It is the better measure, and chapter 7 uses it. Here each knob is to be turned by h once, from w to w + h.",
        (TURN, "turned, other = w.copy(), w.copy()\n        turned[place] += h\n        other[place] -= h"),
        (SLOPE, "(f(turned) - f(other)) / (2 * h)"),
    ),
    nudge(
        "own-nudge",
        "You nudge by a number of your own, whatever h is.",
        "h is an argument because it has to suit f. Use the one that is handed in.",
        ("slopes = np.zeros(w.shape)", "slopes, h = np.zeros(w.shape), 1e-4"),
    ),
    nudge(
        "scaled-knob",
        "You nudge by a share of the knob, h times w.",
        "Each knob is to be turned by h itself, however large it is.",
        (TURN, "turned = w.copy()\n        turned[place] += h * w[place]"),
        (SLOPE, "(f(turned) - f(w)) / (h * w[place])"),
    ),
    nudge(
        "only-the-nudge",
        "You ask f about the nudge alone: the other knobs are set to 0.",
        "The slope is wanted where w stands. Add the nudge to w.",
        (TURN, "turned = np.zeros(w.shape)\n        turned[place] += h"),
    ),
    nudge(
        "set-to-h",
        "You set the knob to h, where it should be turned by h.",
        "Turning by h means adding h to what the knob has.",
        (TURN, "turned = w.copy()\n        turned[place] = h"),
    ),
    nudge(
        "flat",
        "Your slopes come in one long row; w has more axes.",
        "Each slope belongs to a knob: give them the shape of w.",
        ("return slopes", "return slopes.ravel()"),
    ),
    nudge(
        "row-at-once",
        "You turn a whole row of w at once: `w[k]` of a matrix is a row.",
        "`np.ndindex(w.shape)` gives the place of every single knob, however many axes w has.",
        ("for place in np.ndindex(w.shape):", "for place in range(len(w)):"),
    ),
    nudge(
        "last-left-out",
        "The slope of the last knob is missing: your loop ends one too early.",
        "`range(n)` goes from 0 to n − 1 already.",
        ("for place in np.ndindex(w.shape):", "for place in list(np.ndindex(w.shape))[:-1]:"),
    ),
    nudge(
        "returned-early",
        "You return after the first knob: the other slopes are still 0.",
        "`return` inside the loop ends the function. Move it below the loop.",
        ("    return slopes", "        return slopes"),
    ),
    predict(
        "up-not-down",
        "You expect a higher loss after turning the weight down.",
        "A positive slope says that the loss rises as the knob is turned up, so it falls as the knob is turned down: by about 0.1 · 0.634.",
        ('"turned_down": 0.7522', '"turned_down": 0.8767'),
        section=KNOB,
    ),
    predict(
        "whole-turn",
        "Your loss after the turn has fallen by the whole slope.",
        "The slope is the change for a turn of 1, as long as it stays the same. A turn of 0.1 changes the loss a tenth as much.",
        ('"turned_down": 0.7522', '"turned_down": 0.1793'),
        section=KNOB,
    ),
    predict(
        "uphill-step",
        "You expect a higher loss after the step.",
        "A step goes against the gradient, so each knob's part of the change is minus the learning rate times its slope squared.",
        ('"stepped": 0.7261', '"stepped": 0.9053'),
    ),
    predict(
        "rate-left-out",
        "Your loss after the step has fallen by all of the squared slopes.",
        "Each knob moves by the learning rate times its slope, here 0.05, so the loss falls by about 0.05 times the sum of the squares.",
        ('"stepped": 0.7261', '"stepped": -1.0267'),
    ),
    predict(
        "only-the-hidden-weights",
        "Your number of knobs counts the hidden layer's weights alone.",
        "A knob is whatever can be turned: each hidden unit has a bias as well, and the output has 32 weights and a bias of its own.",
        ('"knobs": 2113', '"knobs": 2048'),
        section="A function with knobs",
    ),
    predict(
        "twice-the-knobs",
        "You have doubled the number of knobs.",
        "Nearly: each hidden unit has its 64 weights, its bias and its weight into the output, and those double. The output's one bias does not.",
        ('"knobs": 2113', '"knobs": 2114'),
        section="A function with knobs",
    ),
    step(
        "uphill",
        "You walk uphill: the step is added.",
        "The gradient points to where the loss grows. Subtract.",
        (DOWN, "w + learning_rate * gradient"),
        section=WRONG,
    ),
    step(
        "no-rate",
        "You take the whole gradient as the step: the learning rate is missing.",
        "The learning rate says how far to go along the slope.",
        (DOWN, "w - gradient"),
    ),
    step(
        "rate-divides",
        "You divide by the learning rate.",
        "A larger learning rate means a longer step: multiply.",
        (DOWN, "w - gradient / learning_rate"),
    ),
    step(
        "rate-subtracted",
        "You subtract the learning rate and the gradient, one after the other.",
        "The step is their product.",
        (DOWN, "w - learning_rate - gradient"),
    ),
    step(
        "change-only",
        "You return the step, not where it leads.",
        "The new knobs are the old ones minus learning rate times gradient.",
        (DOWN, "-learning_rate * gradient"),
    ),
    step(
        "w-multiplied",
        "You multiply w by the learning rate as well: brackets are where none belong.",
        "Only the gradient is multiplied by the learning rate.",
        (DOWN, "learning_rate * (w - gradient)"),
    ),
    step(
        "sign-only",
        "You step by the sign of each slope: all steps are equally long.",
        "The larger a slope is, the more its knob is turned. Use the slope itself.",
        (DOWN, "w - learning_rate * np.sign(gradient)"),
    ),
    step(
        "unit-length",
        "You divide the gradient by its length.",
        "The larger the slopes are, the longer the step is. Use the gradient as it is.",
        (DOWN, "w - learning_rate * gradient / np.linalg.norm(gradient)"),
    ),
    step(
        "mean-slope",
        "You turn every knob by the mean of the slopes.",
        "Each knob has a slope of its own. Multiply entry by entry.",
        (DOWN, "w - learning_rate * np.mean(gradient)"),
    ),
    step(
        "in-place",
        "You change w itself.",
        "The caller may still need the old knobs. `w - …` makes a new array; `w -= …` changes the old one.",
        source="def step(w, gradient, learning_rate):\n    w -= learning_rate * gradient\n    return w\n",
    ),
    step(
        "nothing-returned",
        "You return nothing.",
        "The new knobs are what is asked for: end with `return`, and what is to come back behind it.",
        source="def step(w, gradient, learning_rate):\n    w -= learning_rate * gradient\n",
    ),
    learn(
        "loss-after",
        "Your losses are those after each step.",
        "Record the loss before you step: the first one says where you began.",
        (KEEP + "\n        " + WALK, WALK + "\n        " + KEEP),
    ),
    learn(
        "one-more",
        "You record one loss too many, that of the end.",
        "There is one loss for each step, recorded before it.",
        ("return w, losses", "return w, [*losses, f(w)]"),
    ),
    learn(
        "first-gradient",
        "You measure the gradient once and use it for every step.",
        "Slopes are true where they were measured. Measure again after each step.",
        ("losses = []", "losses, gradient = [], nudge(f, w, 1e-4)"),
        (WALK, "w = step(w, gradient, learning_rate)"),
    ),
    learn(
        "uphill",
        "You walk uphill: your losses grow.",
        "The gradient points to where the loss grows. Subtract.",
        (WALK, "w = w + learning_rate * nudge(f, w, 1e-4)"),
        section=WRONG,
    ),
    learn(
        "one-step-too-few",
        "You take one step too few.",
        "`range(steps)` counts as many rounds as there are steps.",
        ("range(steps)", "range(steps - 1)"),
    ),
    learn(
        "one-step-too-many",
        "You take one step too many.",
        "`range(steps)` counts as many rounds as there are steps.",
        ("range(steps)", "range(steps + 1)"),
    ),
    learn(
        "one-step",
        "You return after the first step.",
        "`return` inside the loop ends the function. Move it below the loop.",
        ("    return w, losses", "        return w, losses"),
        ("losses = []", "losses = []\n    if not steps:\n        return w, losses"),
    ),
    learn(
        "steps-forgotten",
        "Your w is where it began: the new knobs are computed and not kept.",
        "`step` gives new knobs back. Write `w = step(…)`.",
        (WALK, "step(w, nudge(f, w, 1e-4), learning_rate)"),
    ),
    learn(
        "other-order",
        "You return the losses first.",
        "The order is `w, losses`.",
        ("return w, losses", "return losses, w"),
    ),
    learn(
        "losses-only",
        "You return the losses and not the knobs.",
        "Return both: `return w, losses`.",
        ("return w, losses", "return losses"),
    ),
    learn(
        "knobs-only",
        "You return the knobs and not the losses.",
        "Return both: `return w, losses`.",
        ("return w, losses", "return w"),
    ),
    learn(
        "last-loss",
        "You keep the last loss only.",
        "The curve needs every loss: collect them in a list.",
        (KEEP, "losses = f(w)"),
        ("losses = []", "losses = f(w)"),
    ),
    learn(
        "first-loss",
        "You record the loss of the beginning again and again.",
        "The knobs have moved: measure the loss anew before each step.",
        ("losses = []", "losses, start = [], w"),
        (KEEP, "losses.append(f(start))"),
    ),
    learn(
        "large-nudge",
        "You nudge by 0.01, where 0.0001 is asked for.",
        "The slope changes on the way, so a large nudge measures it less well.",
        (WALK, "w = step(w, nudge(f, w, 0.01), learning_rate)"),
    ),
    learn(
        "nudge-is-the-rate",
        "You nudge by the learning rate.",
        "The nudge measures the slope and is to be small; the learning rate says how far to go.",
        (WALK, "w = step(w, nudge(f, w, learning_rate), learning_rate)"),
    ),
    learn(
        "no-rate",
        "You take the whole gradient as the step: the learning rate is missing.",
        "Hand the learning rate on to `step`.",
        (WALK, "w = step(w, nudge(f, w, 1e-4), 1)"),
    ),
    learn(
        "in-place",
        "You change the w that was handed in.",
        "The caller may want to begin there again. `w = w - …` makes a new array; `w -= …` changes the old one.",
        (WALK, "w -= learning_rate * nudge(f, w, 1e-4)"),
    ),
    best(
        "largest-with-sign",
        "You choose the largest slope, so every negative one counts as less than any positive one.",
        "A knob matters by how steep it is, up or down. Compare sizes: the slope's absolute value.",
        (SIZE, "np.argmax(slopes)"),
    ),
    best(
        "most-negative",
        "You choose the most negative slope, so every positive one counts as less.",
        "A knob with a positive slope is as good: it is turned down. Compare sizes: the slope's absolute value.",
        (SIZE, "np.argmin(slopes)"),
    ),
    best(
        "flattest",
        "You choose the knob that matters least.",
        "The knob whose slope is largest in size moves the loss most.",
        (SIZE, "np.argmin(np.abs(slopes))"),
    ),
    best(
        "largest-knob",
        "You choose the knob whose own value is largest in size.",
        "How much a knob matters is its slope, whatever its value is.",
        (SIZE, "np.argmax(np.abs(w))"),
    ),
    best(
        "from-one",
        "Your place is one too large: you count from 1.",
        "An index counts from 0, so that `w[place]` is the knob.",
        (BOTH, "return place + 1, direction"),
    ),
    best(
        "uphill",
        "Your direction is the one in which the loss grows.",
        "A positive slope says that the loss grows as the knob is turned up. Turn against it.",
        (WAY, "1 if slopes[place] > 0 else -1"),
        section=WRONG,
    ),
    best(
        "always-down",
        "Your direction is −1, whatever the slope is.",
        "A knob with a negative slope has to be turned up for the loss to fall.",
        (WAY, "-1"),
    ),
    best(
        "always-up",
        "Your direction is 1, whatever the slope is.",
        "A knob with a positive slope has to be turned down for the loss to fall.",
        (WAY, "1"),
    ),
    best(
        "true-or-false",
        "Your direction is True or False.",
        "The task asks for a number: 1 for up, −1 for down.",
        (WAY, "bool(slopes[place] < 0)"),
    ),
    best(
        "zero-for-down",
        "Your direction is 0 where the knob is to be turned down.",
        "The task asks for −1 there; 0 would leave the knob where it is.",
        (WAY, "0 if slopes[place] > 0 else 1"),
    ),
    best(
        "slope-itself",
        "You return the slope in place of a direction.",
        "A direction is 1 or −1, and it goes against the slope's sign.",
        (BOTH, "return place, slopes[place]"),
    ),
    best(
        "slope-negated",
        "You return minus the slope in place of a direction.",
        "Its sign is right; a direction is 1 or −1, however steep it is.",
        (BOTH, "return place, -slopes[place]"),
    ),
    best(
        "every-direction",
        "You return a direction for each knob.",
        "Only one knob is turned: take the entry of that one.",
        (BOTH, "return place, np.where(slopes > 0, -1, 1)"),
    ),
    best(
        "other-order",
        "You return the direction first.",
        "The order is `place, direction`.",
        (BOTH, "return direction, place"),
    ),
    best(
        "place-only",
        "You return the place and not the direction.",
        "Return both: `return place, direction`.",
        (BOTH, "return place"),
    ),
]
