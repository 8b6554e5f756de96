"""What students misunderstand: a short list. Each mistake of the catalogue names the one that is behind it, in its `about`.

A mistake is what somebody wrote, a misconception what they may have had in mind; a whole class's list of mistakes is a list of
ones, and its list of misconceptions is a lecture. None is about the person: `believes` says what the code does as if it were so.

| what you can do | with |
| --- | --- |
| look one up by its id | `MISCONCEPTIONS` |
| see which diagnoses that no catalogue lists are one whatever the code | `WHATEVER_THE_CODE` |

The one that comes closest is the right one for a mistake: where two meet in it, the one that the student should hear about first.
`slip` is for what says nothing about networks, and small; a test keeps it so.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """Something that is misunderstood, and what helps.

    Parameters
    ----------
    id : str
        Short, as `about` names it.
    name : str
        As an instructor would say it.
    believes : str
        What somebody who does this seems to believe, as a clause after "that".
    read : str
        Where the book explains it: ``06-backward-propagation#The mean that went missing``.
    say : str
        For the next lecture: two or three sentences, with something for the board. Code stands between backticks.
    """

    id: str
    name: str
    believes: str
    read: str
    say: str


LIST = [
    Misconception(
        "mean",
        "The mean over the examples",
        "the mean over the examples can be left out, taken twice or too early, or be one over the number of units or outputs.",
        "06-backward-propagation#The mean that went missing",
        "The loss is a mean over the m examples, so its gradient is the mean of theirs: one 1/m, in one place. On the board: two "
        "examples have the slopes 3 and 1 at one weight. The gradient is 2, and it stays 2 when both examples are written down twice; "
        "a sum would double, and every step with it. Over the outputs of one example the loss is a sum.",
    ),
    Misconception(
        "axis",
        "Which axis is which",
        "it makes no difference which axis a sum runs along, or an index picks from.",
        "05-forward-propagation#One layer, all examples",
        "Write down an array of 2 units and 3 examples and ask of each number whose it is: rows are units, columns are examples. A bias "
        "belongs to a unit, so its slope runs over the examples, axis 1; a softmax belongs to one example, so it adds over the classes, "
        "axis 0. Ask first what the answer should have one number of.",
    ),
    Misconception(
        "product",
        "The product the wrong way round",
        "two arrays may be multiplied in either order, with a transpose or without, with `*` or with `@`.",
        "05-forward-propagation#The product the wrong way round",
        "Write the shapes under the factors: (num_h, num_f) `@` (num_f, m). What meets in the middle is what is added up, so it must be "
        "of one kind and not only of one size; `*` adds nothing up. On the way back it is the outputs that are added up, so "
        "(num_h, num_out) `@` (num_out, m): that is `W2.T`.",
    ),
    Misconception(
        "shape",
        "Shapes that NumPy makes fit",
        "(n,), (n, 1) and (1, n) are the same, or NumPy says so where they are not.",
        "06-backward-propagation#The bias that spread",
        "Add a column of shape (3, 1) and a flat array of shape (3,) on the board: NumPy lays the flat one down as a row, and a 3 × 3 "
        "matrix comes out without a complaint. So keep the axis over which you sum (`keepdims=True`), and look at shapes before numbers. "
        "Let the class predict the shapes of five sums.",
    ),
    Misconception(
        "derivative",
        "One function's slope for another's",
        "a slope once learnt serves every activation and loss, or the function itself can stand for its slope.",
        "03-activations#One activation's derivative for another",
        "Draw ReLU, sigmoid and tanh beside one another and the slope of each beneath it: a step from 0 to 1, a hill of height ¼, a hill "
        "of height 1. Have the slopes at z = −2, 0.5 and 2 read off the drawing, and only then write a (1 − a) and 1 − a² beside them. "
        "What is multiplied on the way back is the slope, never the value.",
    ),
    Misconception(
        "chain",
        "A link of the chain left out, or used twice",
        "what arrives from above, a slope on the way or one of several ways to the loss can be left out, or counted again.",
        "01-chain-rule#The upstream left out",
        "Take L = (w x − y)² with w = 2, x = 3, y = 5 and nudge w by 0.01: L rises from 1 to 1.0609, six times the nudge, and 2 · 1 · 3 "
        "is 6. Leave out x and the formula says 2; the nudge refutes it. Multiply along a way, add over the ways, each exactly once.",
    ),
    Misconception(
        "value",
        "Z or A, this layer's or the next one's",
        "any value of about the right shape will do: Z for A, another layer's, another example's.",
        "03-activations#The derivative fed the activation",
        "Draw the network and write beside each arrow the name of what travels there: X, Z1, A, Z2, Ŷ. A weight's slope takes what came "
        "into its own layer: X for W1, A for W2. The sigmoid's slope is a (1 − a) of its output, or σ(z) (1 − σ(z)) of its input, and "
        "never σ of an a that has been through σ already.",
    ),
    Misconception(
        "sign",
        "Which way is up",
        "a sign can be turned round or dropped: uphill for downhill, target minus prediction, sizes for numbers.",
        "09-gradient-descent#Uphill",
        "Draw a parabola and stand to the right of its lowest point: the slope is positive, and down is to the left, so a step is minus "
        "the rate times the slope. The error is prediction minus target: positive where the prediction is too high. Ask for the sign "
        "before any number is worked out.",
    ),
    Misconception(
        "in-place",
        "Changed in place",
        "a second name for an array is a copy of it, or nobody needs what was there before.",
        "09-gradient-descent#The update in place",
        "Draw two names with arrows to one box: `b = a` copies the arrow and not the box. `w -= step` writes into the caller's box, "
        "`w = w - step` makes a new one. Let the class predict what a function that does the first answers when it is called twice, "
        "and run it.",
    ),
    Misconception(
        "precision",
        "Digits thrown away",
        "rounding a number, or keeping half of its digits, changes nothing that matters.",
        "07-gradient-checking#Rounding and the best step",
        "Run `np.float32(1.0000001) - np.float32(1)` before the class: it says 1.19e-07, off by a fifth, and a difference of two losses is just such "
        "a number. A probability that is rounded to a decision has no slope any more: move a weight a little, and nothing moves.",
    ),
    Misconception(
        "stability",
        "Numbers that overflow, or are exactly 0",
        "a formula that is right on paper is right for every number.",
        "04-losses#The logarithm of zero",
        "In float64 exp(710) is infinite, exp(−746) is 0 and log 0 is −∞; ∞/∞ and 0 · ∞ are NaN. Write the formula so that no "
        "exponent is positive: subtract the largest logit, or use log(1 + exp(−|z|)). A small constant in the logarithm hides the "
        "infinity and bends what was right.",
    ),
    Misconception(
        "order",
        "What comes first",
        "a slope or a loss can be measured once, or after the weights have moved, and a walk may begin at either end.",
        "09-gradient-descent#The loop",
        "Play a step with two people, one who holds the weights and one who measures: measure where you stand, step, keep the new "
        "weights, measure anew. A slope is true only where it was measured. On the way back the last layer comes first, and each "
        "weight is used as the forward pass used it.",
    ),
    Misconception(
        "step",
        "What a step is made of",
        "the rate, the size of the slope, or some of the parameters or examples can stay out of a step.",
        "09-gradient-descent#One step",
        "A step is the learning rate times the gradient, for every weight and every bias. On the board w² / 2 from w = 4, at the rate "
        "0.25: 4, 3, 2.25, and the steps shorten by themselves as the slope does. On 2w² without the rate: 4, −12, 36.",
    ),
    Misconception(
        "bounds",
        "One too many, one too few",
        "a loop or a slice reaches as far as it was meant to.",
        "10-debugging#The last batch",
        "Write out `range(5)`: 0, 1, 2, 3, 4. Then 7 examples in batches of 3 by hand: 0 to 2, 3 to 5, and 6 alone, for what is left "
        "over is a batch too. A `return` inside of a loop ends it in its first round: let somebody play the computer.",
    ),
    Misconception(
        "random",
        "Where chance comes from",
        "it makes no difference from which generator numbers come, when they are drawn, or how often.",
        "08-initialisation#The global generator",
        "One generator is handed in, and drawn from in a known order: then the same seed gives the same run, and another seed another. "
        "Run a function that sets its own seed with two generators before the class: both networks are the same. To shuffle pairs, "
        "draw one order and use it for both halves.",
    ),
    Misconception(
        "contract",
        "What goes in, and what comes back",
        "it is enough to work the number out: an argument may be replaced by a number of one's own, and the answer may come in any form.",
        "05-forward-propagation#What to keep",
        "Read one docstring aloud as a contract: what is handed in, what comes back, in which order and form. Hold three answers against "
        "it: one prints and returns nothing, one returns the last loss alone, one steps by 0.1 where `learning_rate` was handed in. Each "
        "of them works for whoever wrote it, and for nobody who calls it.",
    ),
    Misconception(
        "check",
        "A check that cannot tell right from wrong",
        "a check that passes shows that the function is right.",
        "07-gradient-checking#A checker that always says yes",
        "Believe a check once you have seen it fail: break the function in three ways, and run it on each and on the right one. "
        "`np.allclose` allows 1e-8 whatever the size, so two gradients of the size 1e-9 always pass; equal lengths, sums or signs say "
        "nothing about the entries.",
    ),
    Misconception(
        "measure",
        "What a slope is, and how it is measured",
        "the change is the slope, all entries may move at once, or the distance stepped need not be the one divided by.",
        "07-gradient-checking#Forward and central differences",
        "Turn one knob by h to either side and divide by the 2h between the two points. For x² at 3 with h = 0.1: (9.61 − 8.41) / 0.2 "
        "is 6, and in one direction it would be (9.61 − 9) / 0.1 = 6.1. Then do it for two knobs, one after the other, each from where "
        "both stood. How far two slopes are apart is told in relation to their size.",
    ),
    Misconception(
        "spread",
        "How far numbers are spread",
        "how first weights or features are spread takes care of itself, equal ones will do, and so will a variance for a deviation.",
        "08-initialisation#The variance of a sum",
        "Toss a hundred coins of ±1 and add them up: the sum is typically 10 away from 0, as variances add up and the root of 100 is 10. "
        "A unit adds n inputs up, so weights are multiplied by a standard deviation that shrinks with √n: √(2/n) before a ReLU. Units "
        "that begin alike stay alike.",
    ),
    Misconception(
        "forward",
        "A piece of the forward pass",
        "a bias, an activation or a term can be left out, exchanged or put elsewhere.",
        "05-forward-propagation#The activation",
        "Work one unit out aloud: weights times inputs, plus the bias, then the activation; and the next layer is fed with what came out. "
        "Then leave out one piece at a time and ask what is lost: without its bias each fold goes through the origin, without ReLU two layers "
        "are one.",
    ),
    Misconception(
        "loss",
        "What the loss counts",
        "any number that is small for good predictions is as good a loss, and some of its terms can stay out.",
        "04-losses#What a loss must do",
        "Fill in a table for a target of 1 and the predictions 0.9, 0.5 and 0.1. Squared error: 0.01, 0.25, 0.81; cross-entropy: "
        "0.105, 0.693, 2.303. Then the same for a target of 0, which has a term of its own, −log(1 − ŷ). Another base of the logarithm "
        "multiplies the loss, and each slope with it.",
    ),
    Misconception(
        "count",
        "What is counted",
        "it goes without saying what is counted: weights or units, entries or examples, one or all.",
        "09-gradient-descent#Counting right answers",
        "Before counting, say what one of them is and draw one. A layer from 3 inputs to 2 units has 2 · 3 weights and 2 biases: 8 "
        "parameters. Two outputs and 5 examples make 10 answers, and the accuracy is the share of these 10 that are right.",
    ),
    Misconception(
        "slip",
        "Slips in Python and NumPy",
        "Python reads a line as it was meant: `^` as a power, missing brackets, `if` for a whole array, a name misspelt.",
        "10-debugging#Four tools, and what they find",
        "Put up three lines and ask what Python makes of them: `3 ^ 2` is 1, `a - b / c` divides only b, and `if Z > 0` has no answer for "
        "an array. One small case whose answer is known, printed, finds most of these in a minute.",
    ),
]
MISCONCEPTIONS = {one.id: one for one in LIST}

# Diagnoses of `backprop.grading.report.STRUCTURAL` that come of one misconception whatever the code is. A wrong shape does not: it
# may be a transpose, a sum or a slip.
WHATEVER_THE_CODE = {"mutated": "in-place", "global-random": "random"}
