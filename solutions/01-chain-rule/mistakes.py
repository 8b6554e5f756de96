"""Known mistakes in values forwards and derivatives backwards. Private: never goes out with the exercise."""

from backprop.checking import Mistake


def mistake(exercise, id, says, why, section, *edits, source="", line=""):
    return Mistake(id, exercise, says, why, f"01-chain-rule#{section}", edits=edits, source=source, line=line)


PATHS, LOCAL, ORDER = "Several paths", "Local derivatives", "The order"
OVERWRITTEN, UPSTREAM, FED, OTHER = "A path overwritten", "The upstream left out", "When it goes wrong", "The other factor"
EARLY, SEED, SAME = "When it goes wrong", "When it goes wrong", "When it goes wrong"

# forward
MULTIPLY, EXP = "values.append(values[i] * values[j])", "values.append(float(np.exp(values[rest[0]])))"
TANH, SQUARE = "values.append(float(np.tanh(values[rest[0]])))", "values.append(values[rest[0]] ** 2)"
RETURN = "    return values"

# backward
DLDV, DLDC, DLDU = "dLdv = dLdw * (1 - w**2)", "dLdc = dLdv", "dLdu = s + dLdv"
DLDB, DLDA = "dLdb = dLdu * a", "dLda = dLds + dLdu * b"

# backward_graph
START = "derivatives = [0.0] * len(nodes)\n    derivatives[-1] = seed"
LOOP, ARRIVED, BACK = "for k in reversed(range(len(nodes))):", "upstream = derivatives[k]", "    return derivatives"
ADD_I, ADD_J = "i, j = inputs\n            derivatives[i] += upstream\n", "            derivatives[j] += upstream\n        elif"
MUL_I, MUL_J = "derivatives[i] += upstream * values[j]", "derivatives[j] += upstream * values[i]"
EXP_B, TANH_B = "derivatives[i] += upstream * values[k]", "derivatives[i] += upstream * (1 - values[k] ** 2)"
SQUARE_B = "derivatives[i] += upstream * 2 * values[i]"
TWICE = (
    (ADD_J, "            if j != i:\n                derivatives[j] += upstream\n        elif"),
    (MUL_J, "if j != i:\n                derivatives[j] += upstream * values[i]"),
)

SHARES = """
def backward_graph(nodes, seed):
    values = forward(nodes)

    def shares(k):
        kind, *inputs = nodes[k]
        if kind == "add":
            return [(i, 1.0) for i in inputs]
        if kind == "multiply":
            i, j = inputs
            return [(i, values[j]), (j, values[i])]
        if kind == "exp":
            return [(inputs[0], values[k])]
        if kind == "tanh":
            return [(inputs[0], 1 - values[k] ** 2)]
        if kind == "square":
            return [(inputs[0], 2 * values[inputs[0]])]
        return []
"""

# backward_chain
BEGIN, STEP = "derivatives = [1.0] * (len(locals) + 1)", "derivatives[k] = derivatives[k + 1] * locals[k]"
DOWN = "for k in reversed(range(len(locals))):"


def predict(id, says, why, section, name, right, wrong):
    return mistake("predict_slopes", id, says, why, section, (f'"{name}": {right}', f'"{name}": {wrong}'))


def chain(id, says, why, *edits, section="A chain", source="", line=""):
    return mistake("backward_chain", id, says, why, section, *edits, source=source, line=line)


# backward_power
TO_A, TO_B, SHARES_OF = "arrived * b * a ** (b - 1)", "arrived * np.log(a) * a**b", "return to_a, to_b"


def power(id, says, why, *edits, section=LOCAL, source="", line=""):
    return mistake("backward_power", id, says, why, section, *edits, source=source, line=line)


MISTAKES = [
    # predict_slopes
    predict(
        "only-x",
        "Your `together` counts the nudge of x alone.",
        "y moves as well, and as long as the nudges are small their effects add up.",
        PATHS,
        "together",
        0.7644,
        0.48,
    ),
    predict(
        "only-y",
        "Your `together` counts the nudge of y alone.",
        "x moves as well, and as long as the nudges are small their effects add up.",
        PATHS,
        "together",
        0.7644,
        0.28,
    ),
    predict(
        "subtracted",
        "Your `together` is the difference of the two effects.",
        "Both nudges go up and both slopes are positive, so each makes L larger.",
        PATHS,
        "together",
        0.7644,
        0.2,
    ),
    predict(
        "averaged",
        "Your `together` is the mean of the two effects.",
        "The effects of two nudges do not share the way: they add up.",
        PATHS,
        "together",
        0.7644,
        0.38,
    ),
    predict(
        "not-a-hundredth",
        "Your `together` is the sum of the slopes.",
        "A slope is the change for a nudge of 1; these nudges are 0.01.",
        "A nudge travels",
        "together",
        0.7644,
        76.0,
    ),
    predict(
        "new-value",
        "Your `together` is L's new value.",
        "Asked for is how far L moves: the new value less the old one, 48.",
        "A nudge travels",
        "together",
        0.7644,
        48.7644,
    ),
    predict(
        "sign-of-the-input",
        "Your `second_example` has lost the sign of the input.",
        "The first input of this example is −2: a nudge of the weight moves z down by twice as much.",
        "A chain",
        "second_example",
        -0.5379,
        0.5379,
    ),
    predict(
        "first-examples-error",
        "Your `second_example` multiplies the first example's slopes by −2.",
        "Each example has its own values on the way, and so its own slopes: for the second they multiply to 0.269 before the input.",
        "A chain",
        "second_example",
        -0.5379,
        -1.4621,
    ),
    predict(
        "input-left-out",
        "Your `second_example` lacks the last factor, the input.",
        "From w to z the slope is the input that the weight multiplies: here −2.",
        "A chain",
        "second_example",
        -0.5379,
        0.2689,
    ),
    predict(
        "sum-for-mean",
        "Your `both_examples` is the sum over the examples.",
        "The network's loss is the mean of the two examples' losses, so its slope is the mean of their slopes.",
        "A chain",
        "both_examples",
        0.0966,
        0.1932,
    ),
    predict(
        "other-weight",
        "Your `both_examples` is the slope along the weight from the second input.",
        "That one the chapter worked out. From the first input the last factors are 1 and −2.",
        "A chain",
        "both_examples",
        0.0966,
        0.6345,
    ),
    predict(
        "difference-turned",
        "Your `both_examples` has the wrong sign.",
        "The first example's slope is 0.731 and the second's is −0.538: the first one weighs more.",
        "A chain",
        "both_examples",
        0.0966,
        -0.0966,
    ),
    # backward_chain
    chain(
        "neighbours-only",
        "Each node has the slope of the one step after it, and the last one has 1.",
        "A local slope says how far the *next* node moves. Multiply it by the derivative of that next node, which covers the rest.",
        (STEP, "derivatives[k] = locals[k]"),
        section=UPSTREAM,
    ),
    chain(
        "one-left-out",
        "The last node is missing: your list has one number a step, and there is one node more.",
        "The last node moves exactly as far as itself: its derivative is 1, and it has a place in the list as well.",
        ("return derivatives", "return derivatives[:-1]"),
    ),
    chain(
        "first-node-left-out",
        "The first node is missing: your list has one number a step, and there is one node more.",
        "n steps lead through n + 1 nodes. The first node's derivative has all the factors.",
        ("return derivatives", "return derivatives[1:]"),
    ),
    chain(
        "from-the-start",
        "You walk forwards: your numbers are the derivatives of each node with respect to the first one.",
        "Asked for are those of the *last* node with respect to each one. Begin with 1 at the end, and walk back.",
        (BEGIN, BEGIN + "\n    n = len(locals)"),
        (DOWN, "for k in range(n):"),
        (STEP, "derivatives[k + 1] = derivatives[k] * locals[k]"),
        section=ORDER,
    ),
    chain(
        "not-turned-round",
        "The numbers are right and in the wrong order: the last node's comes first.",
        "You collect them on the way back. Turn the list round at the end, or put each in its place.",
        ("return derivatives", "return derivatives[::-1]"),
        section=ORDER,
    ),
    chain(
        "slopes-in-the-wrong-order",
        "The walk back takes the slopes from the first one on.",
        "The last step comes first on the way back: locals[-1], then the one before it.",
        (STEP, "derivatives[k] = derivatives[k + 1] * locals[len(locals) - 1 - k]"),
        section=ORDER,
    ),
    chain(
        "no-one-at-the-end",
        "All derivatives are 0.",
        "Every product has the 0 at the end as a factor. The last node's derivative with respect to itself is 1.",
        (BEGIN, "derivatives = [0.0] * (len(locals) + 1)"),
        section=SEED,
    ),
    chain(
        "last-slope-at-the-end",
        "Your walk begins with the last slope in the place of 1, so that slope is in every product once too often.",
        "The last node moves exactly as far as itself: begin with 1. The last slope belongs to the step that leads there.",
        (BEGIN, "derivatives = [1.0] * len(locals) + [locals[-1] if locals else 1.0]"),
        section=SEED,
    ),
    chain(
        "last-step-skipped",
        "The last step is skipped: the node before the last has the derivative 1.",
        "Its derivative is the slope of that last step, locals[-1], and it is a factor of all the others, too.",
        (DOWN, "for k in reversed(range(len(locals) - 1)):"),
    ),
    chain(
        "first-step-skipped",
        "The first node still has its 1: the walk stops one step too early.",
        "k runs down to 0: `reversed(range(n))`, or `range(n - 1, -1, -1)`.",
        (DOWN, "for k in range(len(locals) - 1, 0, -1):"),
        section=ORDER,
    ),
    chain(
        "added",
        "Along the chain the slopes are added.",
        "In each step a nudge is *multiplied* by the local slope. What adds up are the effects of different paths.",
        (STEP, "derivatives[k] = derivatives[k + 1] + locals[k]"),
    ),
    chain(
        "sum-of-slopes",
        "Each node has the sum of the slopes after it, and the last one has 1.",
        "In each step a nudge is *multiplied* by the local slope. What adds up are the effects of different paths.",
        (STEP, "derivatives[k] = sum(locals[k:])"),
    ),
    chain(
        "divided",
        "You divide by the local slopes.",
        "A nudge is multiplied by the slope of each step that it passes.",
        (STEP, "derivatives[k] = derivatives[k + 1] / locals[k]"),
    ),
    chain(
        "one-slope-short",
        "In each product the slope of the node's own step is missing.",
        "Node k reaches the end through the step to node k + 1 as well: its slope, locals[k], is a factor.",
        (STEP, "derivatives[k] = float(np.prod(locals[k + 1 :]))"),
    ),
    chain(
        "wrong-way",
        "Only the last two nodes are right, and the others have 0: the walk goes from the first node on.",
        "Each node needs the derivative of the next one, which has to be there already. Begin at the end.",
        (BEGIN, "derivatives = [0.0] * len(locals) + [1.0]"),
        (DOWN, "for k in range(len(locals)):"),
        section=ORDER,
    ),
    chain(
        "one-number",
        "One number comes back, the derivative with respect to the first node.",
        "The walk passes every node on its way. Keep what it has found at each.",
        ("return derivatives", "return derivatives[0]"),
    ),
    chain(
        "whole-product-everywhere",
        "Every node but the last has the product of all the slopes.",
        "A node's derivative has the slopes between it and the end, and no others.",
        (STEP, "derivatives[k] = float(np.prod(locals))"),
    ),
    chain(
        "returned-early",
        "The walk ends after one step: a return stands inside the loop.",
        "`return` ends the function. Move it below the loop.",
        ("    return derivatives", "        return derivatives"),
    ),
    chain(
        "step-before",
        "Each step takes the slope of the step before it.",
        "From node k to node k + 1 the slope is locals[k].",
        (STEP, "derivatives[k] = derivatives[k + 1] * locals[k - 1]"),
    ),
    chain(
        "sign-lost",
        "The numbers are right but for their signs: yours are all positive.",
        "A slope may be negative, and a product of slopes as well.",
        (STEP, "derivatives[k] = derivatives[k + 1] * abs(locals[k])"),
    ),
    chain(
        "locals-changed",
        "You change the list that you are given.",
        "Whoever called you still needs the slopes. Make a list of your own.",
        (BEGIN, "derivatives = locals\n    derivatives.append(1.0)"),
        (DOWN, "for k in reversed(range(len(locals) - 1)):"),
    ),
    chain(
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "Without a return a function gives None.",
        ("    return derivatives", ""),
    ),
    # forward
    mistake(
        "forward",
        "positions-for-values",
        "Your nodes compute with the positions of their inputs, not with the values there.",
        'In ("exp", 2) the 2 says where to look: the input is values[2].',
        "The picture",
        (MULTIPLY, "values.append(float(i * j))"),
        (EXP, "values.append(float(np.exp(rest[0])))"),
        (TANH, "values.append(float(np.tanh(rest[0])))"),
        (SQUARE, "values.append(float(rest[0] ** 2))"),
    ),
    mistake(
        "forward",
        "counted-from-one",
        "Your multiply, exp, tanh and square take the value one place before the one that is meant.",
        "Positions count from 0, as Python's do: the input at position i is values[i].",
        "The picture",
        (MULTIPLY, "values.append(values[i - 1] * values[j - 1])"),
        (EXP, "values.append(float(np.exp(values[rest[0] - 1])))"),
        (TANH, "values.append(float(np.tanh(values[rest[0] - 1])))"),
        (SQUARE, "values.append(values[rest[0] - 1] ** 2)"),
    ),
    mistake(
        "forward",
        "node-before",
        "Your exp, tanh and square take the value of the node just before them in the list.",
        "A node's input may stand anywhere before it: its position says where.",
        "The picture",
        (EXP, "values.append(float(np.exp(values[-1])))"),
        (TANH, "values.append(float(np.tanh(values[-1])))"),
        (SQUARE, "values.append(values[-1] ** 2)"),
    ),
    mistake(
        "forward",
        "multiply-adds",
        "Your multiply nodes add.",
        "The lines of add were copied, and the + has stayed.",
        LOCAL,
        (MULTIPLY, "values.append(values[i] + values[j])"),
    ),
    mistake(
        "forward",
        "multiply-first-twice",
        "Your multiply nodes take their first input twice.",
        "The second factor is the value of node j, which is often another.",
        LOCAL,
        (MULTIPLY, "values.append(values[i] * values[i])"),
    ),
    mistake(
        "forward",
        "square-doubles",
        "Your square nodes double their input.",
        "2x is the square's derivative; its value is x times x.",
        LOCAL,
        (SQUARE, "values.append(values[rest[0]] * 2)"),
    ),
    mistake(
        "forward",
        "square-swapped",
        "Your square nodes take 2 to the power of their input.",
        "The input is squared: it stands before the **, and the 2 behind it.",
        LOCAL,
        (SQUARE, "values.append(2 ** values[rest[0]])"),
    ),
    mistake(
        "forward",
        "square-root",
        "Your square nodes take the root of their input's size.",
        "To square is to multiply a number by itself: `** 2`, not `** 0.5`.",
        LOCAL,
        (SQUARE, "values.append(float(np.sqrt(abs(values[rest[0]]))))"),
    ),
    mistake(
        "forward",
        "xor-for-power",
        "`^` is not a power in Python.",
        "It works on the bits of whole numbers. A power is written **.",
        LOCAL,
        (SQUARE, "values.append(values[rest[0]] ^ 2)"),
        line=r"\^",
    ),
    mistake(
        "forward",
        "exp-times-e",
        "Your exp nodes multiply by e.",
        "exp is e to the power of the input: np.exp.",
        LOCAL,
        (EXP, "values.append(float(np.e * values[rest[0]]))"),
    ),
    mistake(
        "forward",
        "exp-base-two",
        "Your exp nodes take powers of 2.",
        "exp is e to the power of the input: np.exp.",
        LOCAL,
        (EXP, "values.append(float(2 ** values[rest[0]]))"),
    ),
    mistake(
        "forward",
        "exp-base-ten",
        "Your exp nodes take powers of 10.",
        "exp is e to the power of the input: np.exp.",
        LOCAL,
        (EXP, "values.append(float(10 ** values[rest[0]]))"),
    ),
    mistake(
        "forward",
        "exp-negative",
        "Your exp nodes have the sign of their input turned.",
        "The minus belongs to the sigmoid's formula; here it is e to the power of the input itself.",
        LOCAL,
        (EXP, "values.append(float(np.exp(-values[rest[0]])))"),
    ),
    mistake(
        "forward",
        "tan",
        "Your tanh nodes use the tangent of an angle.",
        "tanh is another function, the hyperbolic tangent: np.tanh.",
        LOCAL,
        (TANH, "values.append(float(np.tan(values[rest[0]])))"),
    ),
    mistake(
        "forward",
        "sigmoid-for-tanh",
        "Your tanh nodes compute the sigmoid.",
        "tanh runs from −1 to 1, and the sigmoid from 0 to 1.",
        LOCAL,
        (TANH, "values.append(float(1 / (1 + np.exp(-values[rest[0]]))))"),
    ),
    mistake(
        "forward",
        "tanh-derivative",
        "Your tanh nodes hold tanh's derivative.",
        "The value comes first; 1 − c² is for the way back.",
        LOCAL,
        (TANH, "values.append(float(1 - np.tanh(values[rest[0]]) ** 2))"),
    ),
    mistake(
        "forward",
        "inputs-left-out",
        "Your list has no places for the input nodes.",
        "Every node has a value, the inputs too: positions count all nodes.",
        "The picture",
        (RETURN, '    return [value for value, node in zip(values, nodes) if node[0] != "input"]'),
    ),
    mistake(
        "forward",
        "last-only",
        "You return the last node's value alone.",
        "The way back needs the values of all nodes.",
        "A chain",
        (RETURN, "    return values[-1]"),
    ),
    mistake(
        "forward",
        "reversed",
        "Your list runs from the last node to the first.",
        "Values stand in the order of the nodes.",
        ORDER,
        (RETURN, "    return values[::-1]"),
    ),
    mistake(
        "forward",
        "rounded",
        "Your values are rounded.",
        "The next node would compute with what rounding has left.",
        "A chain",
        (RETURN, "    return [round(value, 2) for value in values]"),
    ),
    mistake(
        "forward",
        "dict-returned",
        "You return a dict; a list is asked for.",
        "A list with a value for each node, in their order, is what the way back looks things up in.",
        "The picture",
        (RETURN, "    return dict(enumerate(values))"),
    ),
    mistake(
        "forward",
        "written-into-nodes",
        "It changes `nodes`, which is the caller's.",
        "The way back still has to know of what kind each node was. Keep the values in a list of their own.",
        "A chain",
        (RETURN, "    nodes[:] = values\n    return list(nodes)"),
    ),
    *(
        mistake(
            "forward",
            f"{kind}-not-handled",
            f"Your {kind} nodes get no value: the list is too short, and later positions are off.",
            f'Is the kind spelled as in the nodes, "{kind}", and does that branch append?',
            "The picture",
            (f'elif kind == "{kind}":', f'elif kind == "{kind.upper()}":'),
            line=r"\[",
        )
        for kind in ("multiply", "exp", "tanh", "square")
    ),
    mistake(
        "forward",
        "return-in-loop",
        "You return after the first node: the return stands inside the loop.",
        "Every node has a value. Indented like the `for`, the return waits until the loop is done.",
        "The picture",
        (RETURN, "        return values"),
    ),
    mistake(
        "forward",
        "only-multiply-handled",
        "Your exp, tanh and square nodes get no value yet: the list is too short, and positions are off.",
        "Each kind needs a branch of its own that appends; multiply has one.",
        "The picture",
        *((f'elif kind == "{kind}":', f'elif kind == "{kind.upper()}":') for kind in ("exp", "tanh", "square")),
        line=r"\[",
    ),
    mistake(
        "forward",
        "tanh-and-square-not-handled",
        "Your tanh and square nodes get no value yet: the list is too short, and positions are off.",
        "Each kind needs a branch of its own that appends; multiply and exp have one.",
        "The picture",
        *((f'elif kind == "{kind}":', f'elif kind == "{kind.upper()}":') for kind in ("tanh", "square")),
        line=r"\[",
    ),
    mistake(
        "forward",
        "tanh-of-half",
        "Your tanh nodes compute the tanh of half their input.",
        "Written with exponentials tanh has twice the input in them: (1 − e^(−2x)) / (1 + e^(−2x)). np.tanh does it.",
        LOCAL,
        (TANH, "values.append(float(np.tanh(values[rest[0]] / 2)))"),
    ),
    # backward
    mistake(
        "backward",
        "tanh-fed-the-input",
        "dLdv uses 1 − v², with tanh's input.",
        "1 − w² is written with tanh's output w.",
        FED,
        (DLDV, "dLdv = dLdw * (1 - v**2)"),
    ),
    mistake(
        "backward",
        "tanh-twice",
        "dLdv takes tanh of w, which is a tanh's output already.",
        "1 − w² is the derivative: w is tanh v.",
        FED,
        (DLDV, "dLdv = dLdw * (1 - np.tanh(w)**2)"),
    ),
    mistake(
        "backward",
        "tanh-not-squared",
        "dLdv uses 1 − w.",
        "tanh's derivative is 1 − w², with the square.",
        LOCAL,
        (DLDV, "dLdv = dLdw * (1 - w)"),
    ),
    mistake(
        "backward",
        "sigmoid-derivative",
        "dLdv uses w (1 − w): the derivative of a sigmoid.",
        "This node is a tanh: 1 − w².",
        LOCAL,
        (DLDV, "dLdv = dLdw * w * (1 - w)"),
    ),
    mistake(
        "backward",
        "tanh-plus",
        "dLdv uses 1 + w².",
        "tanh's derivative is 1 − w²: it is flat far out.",
        LOCAL,
        (DLDV, "dLdv = dLdw * (1 + w**2)"),
    ),
    mistake(
        "backward",
        "cosh-not-squared",
        "dLdv is divided by cosh v once.",
        "tanh's derivative is 1 / cosh² v, with the square; 1 − w² is the same number.",
        LOCAL,
        (DLDV, "dLdv = dLdw / np.cosh(v)"),
    ),
    mistake(
        "backward",
        "tanh-sign",
        "dLdv has the wrong sign: it uses w² − 1.",
        "tanh rises everywhere: 1 − w² is never negative.",
        LOCAL,
        (DLDV, "dLdv = dLdw * (w**2 - 1)"),
    ),
    mistake(
        "backward",
        "tanh-skipped",
        "dLdv is dLdw: the tanh between them is missing.",
        "The way from w back to v leads through the tanh, and is multiplied by its local derivative.",
        "A chain",
        (DLDV, "dLdv = dLdw"),
    ),
    mistake(
        "backward",
        "tanh-value",
        "dLdv is multiplied by the tanh itself.",
        "What multiplies is its derivative, 1 − w².",
        LOCAL,
        (DLDV, "dLdv = dLdw * w"),
    ),
    mistake(
        "backward",
        "v-upstream-twice",
        "dLdv takes what arrives twice: dLdw holds dLds already.",
        "Each step multiplies what has arrived at its own node by one local derivative: dLdw times 1 − w².",
        UPSTREAM,
        (DLDV, "dLdv = dLdw * dLds * (1 - w**2)"),
    ),
    mistake(
        "backward",
        "v-without-upstream",
        "dLdv is the local derivative 1 − w² alone.",
        "It says how w changes with v. How L does takes what has arrived at w as well.",
        UPSTREAM,
        (DLDV, "dLdv = 1 - w**2"),
    ),
    mistake(
        "backward",
        "c-without-upstream",
        "dLdc is 1: the local derivative alone.",
        "v changes with c at the rate 1; how L does takes what has arrived at v as well.",
        UPSTREAM,
        (DLDC, "dLdc = 1.0"),
    ),
    mistake(
        "backward",
        "c-multiplied",
        "dLdc is multiplied by c.",
        "c is added, not multiplied: an addition passes on what arrives.",
        LOCAL,
        (DLDC, "dLdc = dLdv * c"),
    ),
    mistake(
        "backward",
        "c-times-u",
        "dLdc is multiplied by u, as if u and c were a product.",
        "v = u + c is an addition: it passes on what arrives, unchanged.",
        LOCAL,
        (DLDC, "dLdc = dLdv * u"),
    ),
    mistake(
        "backward",
        "c-before-tanh",
        "dLdc is what arrives at w: the tanh is skipped.",
        "c is an input of v, and v comes before the tanh.",
        "A chain",
        (DLDC, "dLdc = dLdw"),
    ),
    mistake(
        "backward",
        "u-path-through-v-missing",
        "dLdu lacks the path through v.",
        "u is used twice, in L and in v. Paths add.",
        PATHS,
        (DLDU, "dLdu = s"),
    ),
    mistake(
        "backward",
        "u-overwritten",
        "dLdu lacks the path that leads to L directly.",
        "u is used twice, in L and in v. The second share is added to the first; it does not replace it.",
        OVERWRITTEN,
        (DLDU, "dLdu = dLdv"),
    ),
    mistake(
        "backward",
        "u-paths-multiplied",
        "dLdu multiplies its two paths.",
        "Along a path factors multiply; paths are added.",
        PATHS,
        (DLDU, "dLdu = s * dLdv"),
    ),
    mistake(
        "backward",
        "u-own-factor",
        "In dLdu the path through the product takes u, not the other factor s.",
        "L = u s changes with u at the rate s.",
        OTHER,
        (DLDU, "dLdu = u + dLdv"),
    ),
    mistake(
        "backward",
        "u-times-u",
        "dLdu takes the value of L, u s, where the other factor belongs.",
        "L = u s changes with u at the rate s.",
        OTHER,
        (DLDU, "dLdu = u * s + dLdv"),
    ),
    mistake(
        "backward",
        "u-through-c",
        "In dLdu the path through v is multiplied by c.",
        "v = u + c is an addition: it passes on what arrives, unchanged.",
        LOCAL,
        (DLDU, "dLdu = s + dLdv * c"),
    ),
    mistake(
        "backward",
        "u-tanh-skipped",
        "In dLdu the path through v leaves out the tanh.",
        "What arrives at u along it is what has arrived at v: dLdv, not dLdw.",
        "A chain",
        (DLDU, "dLdu = s + dLdw"),
    ),
    mistake(
        "backward",
        "u-too-early",
        "dLdb and dLda are made from dLdu before it is complete.",
        "Both paths into u have to be added up before u passes anything on.",
        EARLY,
        (DLDU, "dLdu = s"),
        (DLDA, DLDA + "\n    dLdu = dLdu + dLdv"),
    ),
    mistake(
        "backward",
        "b-own-factor",
        "dLdb is multiplied by b.",
        "u = a b changes with b at the rate a: the other factor.",
        OTHER,
        (DLDB, "dLdb = dLdu * b"),
    ),
    mistake(
        "backward",
        "b-times-product",
        "dLdb is multiplied by u, the value of the product.",
        "u = a b changes with b at the rate a: the other factor.",
        OTHER,
        (DLDB, "dLdb = dLdu * u"),
    ),
    mistake(
        "backward",
        "b-without-upstream",
        "dLdb is a: the local derivative alone.",
        "u changes with b at the rate a; how L does takes what has arrived at u as well.",
        UPSTREAM,
        (DLDB, "dLdb = a"),
    ),
    mistake(
        "backward",
        "b-not-multiplied",
        "dLdb is dLdu, unchanged.",
        "u = a b is a product: what arrives at u is multiplied by the other factor, a.",
        OTHER,
        (DLDB, "dLdb = dLdu"),
    ),
    mistake(
        "backward",
        "b-through-v-only",
        "dLdb takes what arrives at v in place of what arrives at u.",
        "b reaches L through u, and u has two paths.",
        PATHS,
        (DLDB, "dLdb = dLdv * a"),
    ),
    mistake(
        "backward",
        "a-overwritten",
        "dLda lacks the path through s.",
        "a is used twice, in u and in s. The second share is added to the first; it does not replace it.",
        OVERWRITTEN,
        (DLDA, "dLda = dLdu * b"),
    ),
    mistake(
        "backward",
        "a-path-through-u-missing",
        "dLda lacks the path through u.",
        "a is used twice, in u and in s. Paths add.",
        PATHS,
        (DLDA, "dLda = dLds"),
    ),
    mistake(
        "backward",
        "a-own-factor",
        "In dLda the path through u is multiplied by a.",
        "u = a b changes with a at the rate b: the other factor.",
        OTHER,
        (DLDA, "dLda = dLds + dLdu * a"),
    ),
    mistake(
        "backward",
        "a-without-upstream",
        "dLda adds up local derivatives: b from u, 1 from s.",
        "Each path also takes what has arrived at its far end: dLdu and dLds.",
        UPSTREAM,
        (DLDA, "dLda = 1 + b"),
    ),
    mistake(
        "backward",
        "a-half-upstream",
        "In dLda the path through s is 1: what arrives at s is missing.",
        "s = a + w passes on what arrives at s, which is dLds.",
        UPSTREAM,
        (DLDA, "dLda = 1 + dLdu * b"),
    ),
    mistake(
        "backward",
        "a-paths-multiplied",
        "dLda multiplies its two paths.",
        "Along a path factors multiply; paths are added.",
        PATHS,
        (DLDA, "dLda = dLds * dLdu * b"),
    ),
    mistake(
        "backward",
        "a-times-a",
        "In dLda the path through s is multiplied by a.",
        "s = a + w is an addition: it passes on what arrives, unchanged.",
        LOCAL,
        (DLDA, "dLda = dLds * a + dLdu * b"),
    ),
    mistake(
        "backward",
        "a-and-b-swapped",
        "dLda and dLdb each take their own factor in u = a b.",
        "A product passes on to each input what arrives, times the other one.",
        OTHER,
        (DLDB, "dLdb = dLdu * b"),
        (DLDA, "dLda = dLds + dLdu * a"),
    ),
    # backward_graph
    mistake(
        "backward_graph",
        "overwritten",
        "At nodes that are used several times you keep the last share that arrives and lose the others.",
        "Paths add: what arrives is added to what is there already, += in place of =.",
        OVERWRITTEN,
        (ADD_I, "i, j = inputs\n            derivatives[i] = upstream\n"),
        (ADD_J, "            derivatives[j] = upstream\n        elif"),
        (MUL_I, "derivatives[i] = upstream * values[j]"),
        (MUL_J, "derivatives[j] = upstream * values[i]"),
        (EXP_B, "derivatives[i] = upstream * values[k]"),
        (TANH_B, "derivatives[i] = upstream * (1 - values[k] ** 2)"),
        (SQUARE_B, "derivatives[i] = upstream * 2 * values[i]"),
    ),
    mistake(
        "backward_graph",
        "overwritten-at-add",
        "Your add nodes replace what is at their inputs already, and lose it.",
        "An addition passes on what arrives, and its share is added to what is there: += in place of =.",
        OVERWRITTEN,
        (ADD_I, "i, j = inputs\n            derivatives[i] = upstream\n"),
        (ADD_J, "            derivatives[j] = upstream\n        elif"),
    ),
    mistake(
        "backward_graph",
        "overwritten-at-multiply",
        "Your multiply nodes replace what is at their inputs already, and lose it.",
        "Paths add: what arrives is added to what is there already, += in place of =.",
        OVERWRITTEN,
        (MUL_I, "derivatives[i] = upstream * values[j]"),
        (MUL_J, "derivatives[j] = upstream * values[i]"),
    ),
    mistake(
        "backward_graph",
        "overwritten-at-one-input",
        "Your exp, tanh and square nodes replace what is at their input already, and lose it.",
        "Paths add: what arrives is added to what is there already, += in place of =.",
        OVERWRITTEN,
        (EXP_B, "derivatives[i] = upstream * values[k]"),
        (TANH_B, "derivatives[i] = upstream * (1 - values[k] ** 2)"),
        (SQUARE_B, "derivatives[i] = upstream * 2 * values[i]"),
    ),
    mistake(
        "backward_graph",
        "seed-at-the-first-node",
        "You put the seed at the first node.",
        "The seed is what arrives at the last node: derivatives[-1]. From there the walk goes back.",
        SEED,
        ("derivatives[-1] = seed", "derivatives[0] = seed"),
    ),
    mistake(
        "backward_graph",
        "first-share-kept",
        "At nodes that are used several times you keep the first share that arrives and lose the others.",
        "Every consumer is a path of its own, and paths add.",
        OVERWRITTEN,
        source=SHARES
        + """
    derivatives = [None] * len(nodes)
    derivatives[-1] = seed
    for k in reversed(range(len(nodes))):
        if derivatives[k] is not None:
            for i, local in shares(k):
                if derivatives[i] is None:
                    derivatives[i] = derivatives[k] * local
    return [d or 0.0 for d in derivatives]
""",
    ),
    mistake(
        "backward_graph",
        "shares-multiplied",
        "At nodes that are used several times you multiply the shares.",
        "Along a path factors multiply; where paths meet they are added.",
        PATHS,
        source=SHARES
        + """
    derivatives = [None] * len(nodes)
    derivatives[-1] = seed
    for k in reversed(range(len(nodes))):
        if derivatives[k] is not None:
            for i, local in shares(k):
                derivatives[i] = derivatives[k] * local * (1 if derivatives[i] is None else derivatives[i])
    return [d or 0.0 for d in derivatives]
""",
    ),
    mistake(
        "backward_graph",
        "seed-ignored",
        "Your derivatives start from 1 at the last node; the seed is not used.",
        "What arrives at the last node is the seed, and every derivative has it as a factor.",
        SEED,
        ("derivatives[-1] = seed", "derivatives[-1] = 1.0"),
    ),
    mistake(
        "backward_graph",
        "seed-missing",
        "All your derivatives are 0: nothing arrives at the last node.",
        "The way back needs something to start from: the seed, at the last node.",
        SEED,
        ("derivatives[-1] = seed", "seed"),
    ),
    mistake(
        "backward_graph",
        "seed-twice",
        "The seed is in your derivatives twice.",
        "It arrives once, at the last node; every other derivative has it from there.",
        SEED,
        (BACK, "    return [d * seed for d in derivatives]"),
    ),
    mistake(
        "backward_graph",
        "seed-everywhere",
        "Every node starts with the seed.",
        "The seed arrives at the last node only; the others start from 0 and wait for their consumers.",
        SEED,
        ("[0.0] * len(nodes)", "[seed] * len(nodes)"),
    ),
    mistake(
        "backward_graph",
        "ones-to-start",
        "Your nodes start from 1.",
        "What arrives is added up, so a node starts from 0: one that nothing uses keeps it.",
        SEED,
        ("[0.0]", "[1.0]"),
    ),
    mistake(
        "backward_graph",
        "seed-at-the-ends",
        "You send the seed into every node that nothing uses.",
        "The seed arrives at the last node only. A node that nothing uses has no part in the end: its derivative is 0.",
        SEED,
        (
            ARRIVED,
            ARRIVED
            + '\n        if not any(k in node[1:] for node in nodes if node[0] != "input"):\n            upstream = derivatives[k] = seed',
        ),
    ),
    mistake(
        "backward_graph",
        "upstream-missing",
        "Your derivatives are sums of local derivatives: what arrives at each node is left out.",
        "A local derivative says how the next node changes. How the end does takes what has arrived there as well.",
        UPSTREAM,
        (ARRIVED, "upstream = 1.0"),
    ),
    mistake(
        "backward_graph",
        "seed-for-upstream",
        "Every node passes on the seed, in place of what has arrived at it.",
        "What arrives at a node is the sum of its consumers' shares; only at the last node is it the seed.",
        UPSTREAM,
        (ARRIVED, "upstream = seed"),
    ),
    mistake(
        "backward_graph",
        "next-node-for-upstream",
        "Every node passes on what has arrived at the node after it in the list.",
        "A node's own derivative is what it passes on; the next one in the list may not even use it.",
        UPSTREAM,
        (ARRIVED, "upstream = derivatives[min(k + 1, len(nodes) - 1)]"),
    ),
    mistake(
        "backward_graph",
        "forward-order",
        "You walk from the first node to the last, so most nodes pass on before anything has arrived.",
        "A node is complete when all its consumers have been visited, and they stand after it: walk backwards.",
        ORDER,
        (LOOP, "for k in range(len(nodes)):"),
    ),
    mistake(
        "backward_graph",
        "last-node-skipped",
        "The walk starts one node too late: the last node passes nothing on.",
        "The last position is len(nodes) − 1, and that is where the seed arrives.",
        ORDER,
        (LOOP, "for k in reversed(range(len(nodes) - 1)):"),
    ),
    mistake(
        "backward_graph",
        "visited-once-too-early",
        "Your walk goes on from a node when it first reaches it, before all its consumers have been visited.",
        "What arrives later is added but never passed on. Walk the list backwards: then every consumer comes first.",
        EARLY,
        source=SHARES
        + """
    derivatives, seen = [0.0] * len(nodes), set()

    def visit(k):
        if k not in seen:
            seen.add(k)
            for i, local in shares(k):
                derivatives[i] += derivatives[k] * local
                visit(i)

    derivatives[-1] = seed
    visit(len(nodes) - 1)
    return derivatives
""",
    ),
    mistake(
        "backward_graph",
        "passed-on-again",
        "Your walk visits a node each time something arrives, and passes on all that it holds by then.",
        "The earlier shares go on a second time. Wait until a node is complete, or pass on only what is new.",
        EARLY,
        source=SHARES
        + """
    derivatives = [0.0] * len(nodes)

    def visit(k):
        for i, local in shares(k):
            derivatives[i] += derivatives[k] * local
            visit(i)

    derivatives[-1] = seed
    visit(len(nodes) - 1)
    return derivatives
""",
    ),
    mistake(
        "backward_graph",
        "forward-mode",
        "Your derivatives are those of each node by the first input.",
        "Asked for are the derivatives of the last node by each node: the seed starts at the end.",
        "What it costs",
        source=SHARES
        + """
    derivatives = [0.0] * len(nodes)
    derivatives[0] = seed
    for k in range(len(nodes)):
        derivatives[k] += sum(derivatives[i] * local for i, local in shares(k))
    return derivatives
""",
    ),
    mistake(
        "backward_graph",
        "own-factor",
        "At multiply nodes each input's share is multiplied by its own value.",
        "A product changes with one input at the rate of the other one.",
        OTHER,
        (MUL_I, "derivatives[i] += upstream * values[i]"),
        (MUL_J, "derivatives[j] += upstream * values[j]"),
    ),
    mistake(
        "backward_graph",
        "product-value",
        "At multiply nodes the shares are multiplied by the value of the product.",
        "A product changes with one input at the rate of the other one.",
        OTHER,
        (MUL_I, "derivatives[i] += upstream * values[k]"),
        (MUL_J, "derivatives[j] += upstream * values[k]"),
    ),
    mistake(
        "backward_graph",
        "one-factor-for-both",
        "At multiply nodes both inputs get the share that belongs to the first.",
        "Each input's share is multiplied by the other input: two different numbers.",
        OTHER,
        (MUL_J, "derivatives[j] += upstream * values[j]"),
    ),
    mistake(
        "backward_graph",
        "multiply-first-only",
        "Your multiply nodes pass nothing to their second input.",
        "Two arrows lead to a multiply node, and both are walked back.",
        LOCAL,
        (MUL_J, "pass"),
    ),
    mistake(
        "backward_graph",
        "multiply-like-add",
        "Your multiply nodes pass on what arrives, unchanged, as add does.",
        "Each input's share is multiplied by the other input.",
        LOCAL,
        (MUL_I, "derivatives[i] += upstream"),
        (MUL_J, "derivatives[j] += upstream"),
    ),
    mistake(
        "backward_graph",
        "multiply-positions",
        "At multiply nodes the shares are multiplied by positions, not by the values there.",
        "i and j say where to look: the other factor is values[j] or values[i].",
        OTHER,
        (MUL_I, "derivatives[i] += upstream * j"),
        (MUL_J, "derivatives[j] += upstream * i"),
    ),
    mistake(
        "backward_graph",
        "same-node-once",
        "Where both inputs are the same node, you count only one of the two.",
        "Two arrows lead to it, and each brings a share.",
        SAME,
        *TWICE,
    ),
    mistake(
        "backward_graph",
        "add-like-multiply",
        "Your add nodes multiply what arrives by the other input.",
        "An addition passes on what arrives to both inputs, unchanged.",
        LOCAL,
        (ADD_I, "i, j = inputs\n            derivatives[i] += upstream * values[j]\n"),
        (ADD_J, "            derivatives[j] += upstream * values[i]\n        elif"),
    ),
    mistake(
        "backward_graph",
        "add-value",
        "At add nodes the shares are multiplied by the value of the sum.",
        "A sum changes with each input at the rate 1: it passes on what arrives.",
        LOCAL,
        (ADD_I, "i, j = inputs\n            derivatives[i] += upstream * values[k]\n"),
        (ADD_J, "            derivatives[j] += upstream * values[k]\n        elif"),
    ),
    mistake(
        "backward_graph",
        "add-own-value",
        "At add nodes each share is multiplied by the value of the input it goes to.",
        "A sum changes with each input at the rate 1: it passes on what arrives.",
        LOCAL,
        (ADD_I, "i, j = inputs\n            derivatives[i] += values[i] * upstream\n"),
        (ADD_J, "            derivatives[j] += values[j] * upstream\n        elif"),
    ),
    mistake(
        "backward_graph",
        "add-halves",
        "Your add nodes split what arrives between their inputs.",
        "Both get all of it: a sum changes with each input at the rate 1.",
        LOCAL,
        (ADD_I, "i, j = inputs\n            derivatives[i] += upstream / 2\n"),
        (ADD_J, "            derivatives[j] += upstream / 2\n        elif"),
    ),
    mistake(
        "backward_graph",
        "add-first-only",
        "Your add nodes pass nothing to their second input.",
        "Two arrows lead to an add node, and both are walked back.",
        LOCAL,
        (ADD_J, "        elif"),
    ),
    *(
        mistake(
            "backward_graph",
            f"{kind}-not-handled",
            f"Your {kind} nodes pass nothing on.",
            f'What arrives stops there. Is the kind spelled as in the nodes, "{kind}"?',
            LOCAL,
            (f'if kind == "{kind}":', f'if kind == "{kind.upper()}":'),
        )
        for kind in ("add", "multiply", "exp", "tanh", "square")
    ),
    mistake(
        "backward_graph",
        "exp-of-upstream",
        "At exp nodes you take exp of what arrives.",
        "What arrives is multiplied by the local derivative, which is the node's own value.",
        LOCAL,
        (EXP_B, "derivatives[i] += float(np.exp(upstream))"),
    ),
    mistake(
        "backward_graph",
        "exp-fed-the-input",
        "At exp nodes what arrives is multiplied by the node's input.",
        "exp is its own derivative: the factor is the node's own value.",
        FED,
        (EXP_B, "derivatives[i] += upstream * values[i]"),
    ),
    mistake(
        "backward_graph",
        "exp-twice",
        "At exp nodes you take exp of the node's value, which is an exp already.",
        "The local derivative is the value itself.",
        FED,
        (EXP_B, "derivatives[i] += upstream * float(np.exp(values[k]))"),
    ),
    mistake(
        "backward_graph",
        "exp-power-rule",
        "At exp nodes you use the rule for powers, x e^(x − 1).",
        "Here the variable is the exponent: exp is its own derivative.",
        LOCAL,
        (EXP_B, "derivatives[i] += upstream * values[i] * float(np.exp(values[i] - 1))"),
    ),
    mistake(
        "backward_graph",
        "exp-unchanged",
        "Your exp nodes pass on what arrives, unchanged.",
        "exp is its own derivative: what arrives is multiplied by the node's value.",
        LOCAL,
        (EXP_B, "derivatives[i] += upstream * 1.0"),
    ),
    mistake(
        "backward_graph",
        "tanh-fed-the-input",
        "At tanh nodes you use 1 − a² with the node's input a.",
        "1 − c² is written with tanh's output: the node's own value.",
        FED,
        (TANH_B, "derivatives[i] += upstream * (1 - values[i] ** 2)"),
    ),
    mistake(
        "backward_graph",
        "tanh-twice",
        "At tanh nodes you take tanh of the node's value, which is a tanh already.",
        "1 − c² is the derivative: c is the value itself.",
        FED,
        (TANH_B, "derivatives[i] += upstream * float(1 - np.tanh(values[k]) ** 2)"),
    ),
    mistake(
        "backward_graph",
        "tanh-not-squared",
        "At tanh nodes you use 1 − c.",
        "tanh's derivative is 1 − c², with the square.",
        LOCAL,
        (TANH_B, "derivatives[i] += upstream * (1 - values[k])"),
    ),
    mistake(
        "backward_graph",
        "sigmoid-derivative",
        "At tanh nodes you use c (1 − c): the derivative of a sigmoid.",
        "tanh's is 1 − c².",
        LOCAL,
        (TANH_B, "derivatives[i] += upstream * values[k] * (1 - values[k])"),
    ),
    mistake(
        "backward_graph",
        "tanh-value",
        "At tanh nodes what arrives is multiplied by the node's value.",
        "exp is its own derivative, tanh is not: 1 − c².",
        LOCAL,
        (TANH_B, "derivatives[i] += upstream * values[k]"),
    ),
    mistake(
        "backward_graph",
        "tanh-plus",
        "At tanh nodes you use 1 + c².",
        "tanh's derivative is 1 − c²: it is flat far out.",
        LOCAL,
        (TANH_B, "derivatives[i] += upstream * (1 + values[k] ** 2)"),
    ),
    mistake(
        "backward_graph",
        "square-without-two",
        "At square nodes the factor 2 is missing.",
        "The square's derivative is 2a: a · a is used twice.",
        LOCAL,
        (SQUARE_B, "derivatives[i] += upstream * values[i]"),
    ),
    mistake(
        "backward_graph",
        "square-fed-the-output",
        "At square nodes you use 2 c with the node's own value c.",
        "The square's derivative is 2a with its input a.",
        FED,
        (SQUARE_B, "derivatives[i] += upstream * 2 * values[k]"),
    ),
    mistake(
        "backward_graph",
        "square-two-only",
        "At square nodes what arrives is multiplied by 2 and by nothing else.",
        "The square's derivative is 2a: the input belongs in.",
        LOCAL,
        (SQUARE_B, "derivatives[i] += upstream * 2"),
    ),
    mistake(
        "backward_graph",
        "square-of-upstream",
        "At square nodes you square what arrives.",
        "What arrives is multiplied by the local derivative, 2a.",
        LOCAL,
        (SQUARE_B, "derivatives[i] += upstream ** 2"),
    ),
    mistake(
        "backward_graph",
        "inputs-left-at-zero",
        "The derivatives of the input nodes are 0: nothing is passed on to them.",
        "The inputs are what one asks for in the end. They get their shares as every node does.",
        "The picture",
        (BACK, '    return [0.0 if node[0] == "input" else d for d, node in zip(derivatives, nodes)]'),
    ),
    mistake(
        "backward_graph",
        "inputs-left-out",
        "Your list has no places for the input nodes.",
        "Every node has a derivative, the inputs above all: positions count all nodes.",
        "The picture",
        (BACK, '    return [d for d, node in zip(derivatives, nodes) if node[0] != "input"]'),
    ),
    mistake(
        "backward_graph",
        "inputs-only",
        "You return the derivatives of the input nodes alone.",
        "Every node has one, and all of them are asked for, in the order of the nodes.",
        "The picture",
        (BACK, '    return [d for d, node in zip(derivatives, nodes) if node[0] == "input"]'),
    ),
    mistake(
        "backward_graph",
        "reversed",
        "Your list runs from the last node to the first.",
        "The walk runs backwards, but the answer stands in the order of the nodes.",
        ORDER,
        (BACK, "    return derivatives[::-1]"),
    ),
    mistake(
        "backward_graph",
        "dict-returned",
        "You return a dict; a list is asked for.",
        "A list with a derivative for each node, in their order.",
        "The picture",
        (BACK, "    return dict(enumerate(derivatives))"),
    ),
    mistake(
        "backward_graph",
        "nodes-used-up",
        "It changes `nodes`, which is the caller's.",
        "Whoever calls it is left with another graph. Read nodes[k], and leave the list as it was.",
        ORDER,
        ("kind, *inputs = nodes[k]", "kind, *inputs = nodes.pop()"),
    ),
    mistake(
        "backward_graph",
        "float32",
        "Your derivatives are float32.",
        "Half of the digits are gone; the course works in float64 throughout.",
        ORDER,
        (BACK, "    return np.array(derivatives, dtype=np.float32)"),
    ),
    mistake(
        "forward",
        "multiply-subtracts",
        "Your multiply nodes subtract.",
        "A multiply node's value is the product of its two inputs.",
        "The picture",
        ("values[i] * values[j]", "values[i] - values[j]"),
    ),
    mistake(
        "forward",
        "multiply-divides",
        "Your multiply nodes divide.",
        "A multiply node's value is the product of its two inputs.",
        "The picture",
        ("values[i] * values[j]", "values[i] / values[j]"),
    ),
    mistake(
        "forward",
        "exp-and-tanh-swapped",
        "exp nodes take tanh, and tanh nodes take exp.",
        "Each kind has its own branch.",
        "The picture",
        ("np.exp(", "np.sinc("),
        ("np.tanh(", "np.exp("),
        ("np.sinc(", "np.tanh("),
    ),
    mistake(
        "forward",
        "sinh",
        "Your tanh nodes take sinh: half the difference of exp(v) and exp(−v).",
        "tanh divides that by half their sum.",
        "The picture",
        ("np.tanh(", "np.sinh("),
    ),
    *(
        mistake(
            "backward_graph",
            f"{kind}-without-upstream",
            f"At {kind} nodes what arrives from above is not multiplied in.",
            "The local derivative is one factor of the chain; what has arrived at the node is the other.",
            "The order",
            (local, without),
        )
        for kind, local, without in (
            ("exp", "upstream * values[k]", "values[k]"),
            ("tanh", "upstream * (1 - values[k] ** 2)", "1 - values[k] ** 2"),
            ("square", "upstream * 2 * values[i]", "2 * values[i]"),
        )
    ),
    mistake(
        "backward_graph",
        "multiply-without-upstream",
        "At multiply nodes what arrives from above is not multiplied in.",
        "The local derivative is one factor of the chain; what has arrived at the node is the other.",
        "The order",
        ("upstream * values[j]", "values[j]"),
        ('upstream * values[i]\n        elif kind == "exp"', 'values[i]\n        elif kind == "exp"'),
    ),
    mistake(
        "backward_graph",
        "add-without-upstream",
        "At add nodes what arrives from above is not passed on: each input gets 1.",
        "An addition passes on what arrives, to both its inputs.",
        "The order",
        ("derivatives[i] += upstream\n", "derivatives[i] += 1.0\n"),
        ("derivatives[j] += upstream\n", "derivatives[j] += 1.0\n"),
    ),
    mistake(
        "backward",
        "c-times-v",
        "dLdc is multiplied by v.",
        "v = u + c is an addition: it passes on what arrives, unchanged.",
        "Several paths",
        ("dLdc = dLdv", "dLdc = dLdv * v"),
    ),
    mistake(
        "backward",
        "tanh-divided",
        "dLdv is divided by 1 − w².",
        "Local derivatives multiply what arrives.",
        "Several paths",
        ("dLdw * (1 - w**2)", "dLdw / (1 - w**2)"),
    ),
    mistake(
        "backward",
        "a-through-b",
        "In dLda the path through u begins at dLdb.",
        "The path to a goes through u: it is dLdu that arrives there.",
        "Several paths",
        ("dLda = dLds + dLdu * b", "dLda = dLds + dLdb * b"),
    ),
    power(
        "arrived-left-out",
        "What has arrived at c is not multiplied in.",
        "The local derivative is one factor of the chain; what has arrived at the node is the other.",
        (TO_A, "b * a ** (b - 1)"),
        (TO_B, "np.log(a) * a**b"),
        section=UPSTREAM,
    ),
    power(
        "exponent-kept",
        "In to_a the exponent is still b.",
        "The slope of a power has an exponent that is smaller by 1: that of a³ is 3a².",
        (TO_A, "arrived * b * a**b"),
    ),
    power(
        "factor-left-out",
        "In to_a the factor b is missing.",
        "The slope of a power has the old exponent in front: that of a³ is 3a².",
        (TO_A, "arrived * a ** (b - 1)"),
    ),
    power(
        "new-exponent-in-front",
        "In to_a the factor is b − 1, where b belongs.",
        "The exponent comes in front first and is made smaller afterwards: the slope of a³ is 3a².",
        (TO_A, "arrived * (b - 1) * a ** (b - 1)"),
    ),
    power(
        "logarithm-left-out",
        "In to_b the logarithm is missing.",
        "e to the power of a product passes on its own value; the product then passes on to b the other factor, ln a.",
        (TO_B, "arrived * a**b"),
    ),
    power(
        "logarithm-alone",
        "In to_b the value of c is missing: only ln a is there.",
        "On the way back to b stands an exp node, and it multiplies what arrives by its own value, c.",
        (TO_B, "arrived * np.log(a)"),
    ),
    power(
        "other-base",
        "In to_b the logarithm has the base 10.",
        "The base that belongs to e is e: `np.log` is that logarithm.",
        (TO_B, "arrived * np.log10(a) * a**b"),
    ),
    power(
        "divided",
        "In to_b you divide by the logarithm.",
        "Local derivatives multiply what arrives: ln a is the other factor of the product b ln a.",
        (TO_B, "arrived * a**b / np.log(a) if a != 1 else 0.0"),
    ),
    power(
        "same-way-as-a",
        "In to_b the exponent is smaller by 1, as it is in to_a.",
        "An exp node passes on its own value, with its exponent as it is.",
        (TO_B, "arrived * np.log(a) * a ** (b - 1)"),
    ),
    power(
        "other-order",
        "You return the share of b first.",
        "The order is `to_a, to_b`.",
        (SHARES_OF, "return to_b, to_a"),
    ),
    power(
        "a-only",
        "You return the share of a and not that of b.",
        "Return both: `return to_a, to_b`.",
        (SHARES_OF, "return to_a"),
    ),
]
