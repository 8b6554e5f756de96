"""Known mistakes in measuring and checking gradients. Private: never goes out with the exercise."""

from backprop.checking import Mistake


def mistake(exercise, id, says, why, section, *edits, source="", line=""):
    return Mistake(id, exercise, says, why, f"08-gradient-checking#{section}", edits=edits, source=source, line=line)


DIFFERENCES, COMPLEX, RELATIVE = "Forward and central differences", "The complex step", "Relative error"
BACK, FAILS, ALWAYS, ONE = (
    "An entry not put back",
    "Where the complex step does not apply",
    "A checker that always says yes",
    "One entry only",
)
ABSOLUTE, SMALL, LARGE, DIRECTION = (
    "Absolute instead of relative error",
    "A step too small",
    "A step too large",
    "One direction instead of every entry",
)
CENTRAL, RETURN, LOOP = "(f(x + step) - f(x - step)) / (2 * h)", "    return gradient", "for index in np.ndindex(x.shape):\n"
STEP, IMAGINARY, IMAG = "step[index] = h", "step[index] = 1j * h", "f(x + step).imag / h"
ROOM = "gradient = np.zeros(x.shape)\n"
RATIO, SIZE = "float(np.linalg.norm(a - b) / size)", "size = np.linalg.norm(a) + np.linalg.norm(b)"
ZERO = "    if size == 0:\n        return 0.0\n"
ANSWER = "return relative_error(numerical_gradient(f, x, 1e-5), grad(x)) < 1e-5"
MEASURED = "claimed, measured = grad(x), numerical_gradient(f, x, 1e-5)\n    "


def numerical(id, says, why, section, *edits, source="", line=""):
    return mistake("numerical_gradient", id, says, why, section, *edits, source=source, line=line)


def imaginary(id, says, why, section, *edits, source="", line=""):
    return mistake("complex_step_gradient", id, says, why, section, *edits, source=source, line=line)


def error(id, says, why, section, *edits, source="", line=""):
    return mistake("relative_error", id, says, why, section, *edits, source=source, line=line)


def checker(id, says, why, section, answer, line=""):
    return mistake("check_gradient", id, says, why, section, (ANSWER, answer), line=line)


MISTAKES = [
    numerical(
        "forward",
        "You measure with forward differences: from x to x + h.",
        "Their error falls with h only; with a point on either side of x the terms with h cancel, and h² is left.",
        DIFFERENCES,
        (CENTRAL, "(f(x + step) - f(x)) / h"),
    ),
    numerical(
        "one-number",
        "You return one number: x + h steps along all entries of x at once.",
        "A gradient has an entry for each entry of x: step along one, measure, and go on to the next.",
        DIRECTION,
        source="def numerical_gradient(f, x, h):\n    return (f(x + h) - f(x - h)) / (2 * h)\n",
    ),
    numerical(
        "backward",
        "You measure from x − h to x: a one-sided difference.",
        "Its error falls with h only; with a point on either side of x the terms with h cancel, and h² is left.",
        DIFFERENCES,
        (CENTRAL, "(f(x) - f(x - step)) / h"),
    ),
    numerical(
        "divided-by-h",
        "Your slopes are twice too large: you divide by h.",
        "From x − h to x + h the distance is 2h.",
        DIFFERENCES,
        (CENTRAL, "(f(x + step) - f(x - step)) / h"),
    ),
    numerical(
        "brackets-missing",
        "You divide by 2 and then multiply by h.",
        "`/ 2 * h` is worked from left to right; the distance is in brackets: `/ (2 * h)`.",
        DIFFERENCES,
        (CENTRAL, "(f(x + step) - f(x - step)) / 2 * h"),
    ),
    numerical(
        "not-divided",
        "You return differences, not slopes: the division by 2h is missing.",
        "A slope is the change of f for each unit of x.",
        DIFFERENCES,
        (CENTRAL, "f(x + step) - f(x - step)"),
    ),
    numerical(
        "sign-flipped",
        "All your slopes have the wrong sign: you take the forward value from the backward one.",
        "The slope is positive where f is larger at x + h.",
        DIFFERENCES,
        (CENTRAL, "(f(x - step) - f(x + step)) / (2 * h)"),
    ),
    numerical(
        "added",
        "You add the two values; it is their difference that makes the slope.",
        "In the sum the slopes cancel and twice f(x) is left.",
        DIFFERENCES,
        (CENTRAL, "(f(x + step) + f(x - step)) / (2 * h)"),
    ),
    numerical(
        "half-steps",
        "You step by h / 2 to either side.",
        "The points stand at x − h and x + h, a distance of 2h apart.",
        DIFFERENCES,
        (STEP, "step[index] = h / 2"),
        (CENTRAL, "(f(x + step) - f(x - step)) / h"),
    ),
    numerical(
        "fixed-step",
        "You step by a number of your own, whatever h is.",
        "The step is an argument because it has to suit f: sometimes it is large.",
        "Rounding and the best step",
        (STEP, "h = 1e-5\n        step[index] = h"),
    ),
    numerical(
        "relative-step",
        "You make the step larger for large entries: h times |x|.",
        "That can be wise, but here every entry is to be stepped by h itself.",
        "Rounding and the best step",
        (STEP, "step[index] = h * abs(x[index])"),
        (CENTRAL, "(f(x + step) - f(x - step)) / (2 * step[index])"),
    ),
    numerical(
        "complex-step",
        "You take complex steps; here it is central differences.",
        "With a large step both have an error of h²/6 times the third derivative, but of opposite sign.",
        COMPLEX,
        (CENTRAL, "f(x + 1j * step).imag / h"),
    ),
    numerical(
        "higher-order",
        "You use a formula with four points.",
        "It is more accurate, but not the central difference that is asked for.",
        DIFFERENCES,
        (CENTRAL, "(8 * (f(x + step) - f(x - step)) - f(x + 2 * step) + f(x - 2 * step)) / (12 * h)"),
    ),
    numerical(
        "all-at-once",
        "All entries of your gradient are the same: you step along all entries of x at once.",
        "That is the slope along the direction of ones. For one entry of the gradient, one entry of x moves.",
        DIRECTION,
        (STEP, "step[...] = h"),
    ),
    numerical(
        "rows-at-once",
        "You step along a whole row (or block) of x at a time: the loop runs over the first axis only.",
        "`len(x)` counts the first axis. Every entry takes its own step; `np.ndindex(x.shape)` gives their indices.",
        DIRECTION,
        (LOOP, "for index in range(len(x)):\n"),
    ),
    numerical(
        "two-axes-only",
        "Two loops, over rows and columns, want an x with two axes.",
        "x can have any shape. `np.ndindex(x.shape)` gives the index of every entry.",
        DIRECTION,
        (LOOP, "for index in [(i, j) for i in range(x.shape[0]) for j in range(x.shape[1])]:\n"),
        line="shape",
    ),
    numerical(
        "step-never-taken-back",
        "The first entry is right, the later ones are not: the steps of the entries before are still in your step.",
        "Every entry is measured at x itself. Begin each with a step that is zero elsewhere.",
        BACK,
        (LOOP + "        step = np.zeros(x.shape)\n", "step = np.zeros(x.shape)\n    " + LOOP),
    ),
    numerical(
        "copy-not-put-back",
        "After each entry your copy of x stays one step back, so the later ones are measured at another point.",
        "Write the old value back before the next entry's turn.",
        BACK,
        source="def numerical_gradient(f, x, h):\n    gradient, point = np.zeros(x.shape), x.copy()\n"
        "    for index in np.ndindex(x.shape):\n        point[index] += h\n        plus = f(point)\n"
        "        point[index] -= 2 * h\n        gradient[index] = (plus - f(point)) / (2 * h)\n    return gradient\n",
    ),
    numerical(
        "x-not-put-back",
        "You step in x itself and leave it one step back, for the later entries and for the caller.",
        "Write the old value back before the next entry's turn, or work on a copy.",
        BACK,
        source="def numerical_gradient(f, x, h):\n    gradient = np.zeros(x.shape)\n"
        "    for index in np.ndindex(x.shape):\n        x[index] += h\n        plus = f(x)\n"
        "        x[index] -= 2 * h\n        gradient[index] = (plus - f(x)) / (2 * h)\n    return gradient\n",
    ),
    numerical(
        "put-back-by-arithmetic",
        "The slopes are right, but x is not as it was.",
        "To add h, take 2h away and add h again does not bring every digit back: floating point rounds each time. Keep the old value and write it back, or work on a copy.",
        BACK,
        source="def numerical_gradient(f, x, h):\n    gradient = np.zeros(x.shape)\n"
        "    for index in np.ndindex(x.shape):\n        x[index] += h\n        plus = f(x)\n"
        "        x[index] -= 2 * h\n        gradient[index] = (plus - f(x)) / (2 * h)\n"
        "        x[index] += h\n    return gradient\n",
    ),
    numerical(
        "one-array-two-names",
        "Your gradient is zero: both points are the same array, once forwards and once back.",
        "`plus = x` gives x another name, no copy. `x.copy()` makes another array.",
        BACK,
        source="def numerical_gradient(f, x, h):\n    gradient = np.zeros(x.shape)\n"
        "    for index in np.ndindex(x.shape):\n        plus, minus = x, x\n        plus[index] += h\n"
        "        minus[index] -= h\n        gradient[index] = (f(plus) - f(minus)) / (2 * h)\n    return gradient\n",
    ),
    numerical(
        "return-in-loop",
        "Only the first entry is filled in: the return stands inside the loop.",
        "A return ends the function at once. It belongs behind the loop.",
        DIFFERENCES,
        (RETURN, "        return gradient"),
    ),
    numerical(
        "only-the-last",
        "You return one number: the slope along the last entry.",
        "Each entry has its own slope; collect them in an array of x's shape.",
        DIFFERENCES,
        (RETURN, "    return gradient[index]"),
    ),
    numerical(
        "summed",
        "You return one number: all slopes summed.",
        "Each entry has its own slope, in an array of x's shape.",
        DIRECTION,
        (RETURN, "    return gradient.sum()"),
    ),
    numerical(
        "flat",
        "Your gradient is flat: one axis, whatever the shape of x.",
        "A gradient has the shape of what it is the gradient of.",
        DIRECTION,
        (RETURN, "    return gradient.ravel()"),
    ),
    numerical(
        "whole-numbers",
        "Your gradient holds whole numbers: the digits behind the point are gone.",
        "An array of integers cuts off what does not fit. `np.zeros(x.shape)` holds floats.",
        DIFFERENCES,
        (ROOM, "gradient = np.zeros(x.shape, dtype=int)\n"),
    ),
    numerical(
        "float32",
        "Your gradient is float32.",
        "Half of the digits are gone, and small steps need them all.",
        "Float32",
        (ROOM, "gradient = np.zeros(x.shape, dtype=np.float32)\n"),
    ),
    numerical(
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The gradient has to be handed to the caller.",
        DIFFERENCES,
        (RETURN, ""),
    ),
    # complex_step_gradient
    imaginary(
        "real-part",
        "You take the real part.",
        "The real part is f(x) up to h²; the slope is in the imaginary part.",
        COMPLEX,
        (IMAG, "f(x + step).real / h"),
    ),
    imaginary(
        "not-divided",
        "The division by h is missing.",
        "The imaginary part is h times the slope.",
        COMPLEX,
        (IMAG, "f(x + step).imag"),
    ),
    imaginary(
        "divided-by-2h",
        "Your slopes are half of the right ones: you divide by 2h.",
        "There is one step only, of length h.",
        COMPLEX,
        (IMAG, "f(x + step).imag / (2 * h)"),
    ),
    imaginary(
        "divided-by-h-squared",
        "You divide by h twice.",
        "The imaginary part is h times the slope: once is enough.",
        COMPLEX,
        (IMAG, "f(x + step).imag / h**2"),
    ),
    imaginary(
        "modulus",
        "You take the length of the complex number.",
        "The length is |f(x)| up to h²; the slope is in the imaginary part.",
        COMPLEX,
        (IMAG, "np.abs(f(x + step)) / h"),
    ),
    imaginary(
        "angle",
        "You take the angle of the complex number.",
        "The angle is the imaginary part divided by f(x); the imaginary part itself is asked for.",
        COMPLEX,
        (IMAG, "np.angle(f(x + step)) / h"),
    ),
    imaginary(
        "real-step",
        "Your gradient is zero: the step is real, so f has no imaginary part.",
        "The step is `1j * h`, and the array it stands in must be able to hold it.",
        COMPLEX,
        (IMAGINARY, "step[index] = h"),
    ),
    imaginary(
        "array-of-floats",
        "Your gradient is zero, and NumPy warns: the imaginary step is lost in an array of floats.",
        "An array of floats keeps the real part only. `x.astype(complex)` makes one that holds both.",
        FAILS,
        ("step = np.zeros(x.shape, dtype=complex)", "step = np.zeros(x.shape)"),
        (IMAGINARY, "step[index] = np.complex128(1j * h)"),
    ),
    imaginary(
        "array-of-floats-error",
        "You write a complex number into an array of floats.",
        "An array of floats cannot hold it. `x.astype(complex)` or `dtype=complex` makes one that can.",
        FAILS,
        ("step = np.zeros(x.shape, dtype=complex)", "step = np.zeros(x.shape)"),
        line=r"^(?!.*\bfloat\().*\]\s*[-+]?=",
    ),
    imaginary(
        "central-difference",
        "You take a difference; with a tiny step both values are the same.",
        "The complex step needs none: f at x + ih, its imaginary part, divided by h.",
        COMPLEX,
        (IMAGINARY, "step[index] = h"),
        (IMAG, "((f(x + step) - f(x - step)) / (2 * h)).real"),
    ),
    imaginary(
        "sign-flipped",
        "All your slopes have the wrong sign: you step by −ih.",
        "The step is +ih.",
        COMPLEX,
        (IMAGINARY, "step[index] = -1j * h"),
    ),
    imaginary(
        "fixed-step",
        "You step by a number of your own, whatever h is.",
        "The step is an argument.",
        COMPLEX,
        (IMAGINARY, "h = 1e-20\n        step[index] = 1j * h"),
    ),
    imaginary(
        "all-at-once",
        "All entries of your gradient are the same: you step along all entries of x at once.",
        "That is the slope along the direction of ones. For one entry of the gradient, one entry of x moves.",
        DIRECTION,
        (IMAGINARY, "step[...] = 1j * h"),
    ),
    imaginary(
        "rows-at-once",
        "You step along a whole row (or block) of x at a time: the loop runs over the first axis only.",
        "`len(x)` counts the first axis; `np.ndindex(x.shape)` gives the index of every entry.",
        DIRECTION,
        (LOOP, "for index in range(len(x)):\n"),
    ),
    imaginary(
        "step-never-taken-back",
        "The steps of earlier entries are still there when the next one is measured.",
        "Begin each entry with a step that is zero elsewhere: the imaginary parts add up otherwise.",
        BACK,
        (LOOP + "        step = np.zeros(x.shape, dtype=complex)\n", "step = np.zeros(x.shape, dtype=complex)\n    " + LOOP),
    ),
    imaginary(
        "complex-result",
        "Your gradient is an array of complex numbers.",
        "The imaginary part of f is a real number, and so is the slope.",
        COMPLEX,
        (ROOM, "gradient = np.zeros(x.shape, dtype=complex)\n"),
    ),
    imaginary(
        "whole-value",
        "You divide the whole complex number by h.",
        "The slope is in the imaginary part alone.",
        COMPLEX,
        (ROOM, "gradient = np.zeros(x.shape, dtype=complex)\n"),
        (IMAG, "f(x + step) / h"),
    ),
    imaginary(
        "return-in-loop",
        "Only the first entry is filled in: the return stands inside the loop.",
        "A return ends the function at once. It belongs behind the loop.",
        COMPLEX,
        (RETURN, "        return gradient"),
    ),
    imaginary(
        "flat",
        "Your gradient is flat: one axis, whatever the shape of x.",
        "A gradient has the shape of what it is the gradient of.",
        DIRECTION,
        (RETURN, "    return gradient.ravel()"),
    ),
    imaginary(
        "float32",
        "Your gradient is float32.",
        "Half of the digits are gone.",
        "Float32",
        (ROOM, "gradient = np.zeros(x.shape, dtype=np.float32)\n"),
    ),
    imaginary(
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The gradient has to be handed to the caller.",
        COMPLEX,
        (RETURN, ""),
    ),
    imaginary(
        "one-number",
        "You return one number: x + 1j * h steps along all entries of x at once.",
        "A gradient has an entry for each entry of x: step along one, measure, and go on to the next.",
        DIRECTION,
        source="def complex_step_gradient(f, x, h):\n    return f(x + 1j * h).imag / h\n",
    ),
    # relative_error
    error(
        "absolute",
        "You return the length of the difference itself.",
        "Most likely it compares with an absolute tolerance. Divide the difference by the size of what is compared.",
        ABSOLUTE,
        (RATIO, "float(np.linalg.norm(a - b))"),
    ),
    error(
        "first-only",
        "You divide by the length of a alone.",
        "Then it matters which is named first, and an a of zeros divides by zero.",
        RELATIVE,
        (SIZE, "size = np.linalg.norm(a)"),
        (ZERO, ""),
    ),
    error(
        "second-only",
        "You divide by the length of b alone.",
        "Then it matters which is named first, and a b of zeros divides by zero.",
        RELATIVE,
        (SIZE, "size = np.linalg.norm(b)"),
        (ZERO, ""),
    ),
    error(
        "larger-only",
        "You divide by the larger of the two lengths.",
        "A sensible choice, but here it is their sum: the result is then at most 1.",
        RELATIVE,
        (SIZE, "size = max(np.linalg.norm(a), np.linalg.norm(b))"),
    ),
    error(
        "length-of-sum",
        "You divide by the length of a + b.",
        "Where a and b point opposite ways their sum is short; the lengths are added.",
        RELATIVE,
        (SIZE, "size = np.linalg.norm(a + b)"),
    ),
    error(
        "mean-length",
        "Your result is twice too large: you divide by the mean of the two lengths.",
        "It is their sum.",
        RELATIVE,
        (SIZE, "size = (np.linalg.norm(a) + np.linalg.norm(b)) / 2"),
    ),
    error(
        "lengths-multiplied",
        "You divide by the product of the lengths.",
        "The product scales with the square; the sum is asked for.",
        RELATIVE,
        (SIZE, "size = np.linalg.norm(a) * np.linalg.norm(b)"),
    ),
    error(
        "squares",
        "You leave out the roots: sums of squares are not lengths.",
        "The ratio of squares is another number, and a tolerance on it is a much looser one.",
        RELATIVE,
        (RATIO, "float(np.sum((a - b) ** 2) / (np.sum(a**2) + np.sum(b**2)))"),
    ),
    error(
        "difference-of-lengths",
        "You compare the lengths, not the arrays.",
        "Two arrays of one length may point different ways.",
        ONE,
        (RATIO, "float(abs(np.linalg.norm(a) - np.linalg.norm(b)) / size)"),
    ),
    error(
        "sum-of-differences",
        "You sum the differences as they are: those of different signs cancel.",
        "The length is the root of the sum of the squares.",
        RELATIVE,
        (RATIO, "float(abs(np.sum(a - b)) / size)"),
    ),
    error(
        "absolute-values",
        "You sum absolute values; the length is the root of the sum of squares.",
        "That is another length, and gives another number.",
        RELATIVE,
        (RATIO, "float(np.sum(np.abs(a - b)) / (np.sum(np.abs(a)) + np.sum(np.abs(b))))"),
    ),
    error(
        "largest-entry",
        "You take the largest entries; the length is the root of the sum of squares.",
        "That is another length, and gives another number.",
        RELATIVE,
        (RATIO, "float(np.max(np.abs(a - b)) / (np.max(np.abs(a)) + np.max(np.abs(b))))"),
    ),
    error(
        "entry-by-entry",
        "You return the relative error of each entry.",
        "One number is asked for, made of the lengths of whole arrays.",
        RELATIVE,
        (RATIO, "np.abs(a - b) / (np.abs(a) + np.abs(b))"),
    ),
    error(
        "worst-entry",
        "You return the largest of the entries' relative errors.",
        "An entry near zero among large ones would decide alone. Take the lengths of whole arrays.",
        RELATIVE,
        (RATIO, "float(np.max(np.abs(a - b) / (np.abs(a) + np.abs(b))))"),
    ),
    error(
        "mean-of-entries",
        "You return the mean of the entries' relative errors.",
        "An entry near zero would count as much as a large one. Take the lengths of whole arrays.",
        RELATIVE,
        (RATIO, "float(np.mean(np.abs(a - b) / (np.abs(a) + np.abs(b))))"),
    ),
    error(
        "spectral",
        "`np.linalg.norm(…, 2)` is another norm for matrices, and knows no array of three axes.",
        "Without the 2 it takes the root of the sum of the squares of all entries.",
        RELATIVE,
        (SIZE, "size = np.linalg.norm(a, 2) + np.linalg.norm(b, 2)"),
        (RATIO, "float(np.linalg.norm(a - b, 2) / size)"),
        line="norm",
    ),
    error(
        "constant-below",
        "You add 1e-8 below, so that nothing divides by zero.",
        "Beside tiny arrays that constant is everything: their relative error comes out as nearly zero. Ask for the case of two zeros.",
        ABSOLUTE,
        (RATIO, "float(np.linalg.norm(a - b) / (size + 1e-8))"),
    ),
    error(
        "tiny-constant-below",
        "You add 1e-12 below, so that nothing divides by zero.",
        "Small as it is, it shows beside gradients of 1e-9, and the formula has none. Ask for the case of two zeros.",
        ABSOLUTE,
        (RATIO, "float(np.linalg.norm(a - b) / (size + 1e-12))"),
    ),
    error(
        "floor-below",
        "You never divide by less than 1e-8.",
        "Beside tiny arrays that floor is everything: their relative error comes out as nearly zero. Ask for the case of two zeros.",
        ABSOLUTE,
        (RATIO, "float(np.linalg.norm(a - b) / max(size, 1e-8))"),
    ),
    error(
        "any-zero",
        "You return 0 as soon as one of the arrays is zero.",
        "Zero against something that is not is as wrong as can be: the error is 1. Only two zeros agree.",
        "Where the gradient is zero",
        ("size == 0", "not a.any() or not b.any()"),
    ),
    error(
        "zero-by-zero",
        "For two arrays of zeros you divide zero by zero: the result is NaN.",
        "They agree, so their relative error is 0. Ask for that case before dividing.",
        RELATIVE,
        (ZERO, ""),
    ),
    error(
        "one-for-zeros",
        "For two arrays of zeros you return 1.",
        "They agree, so their relative error is 0.",
        RELATIVE,
        (ZERO, ZERO.replace("0.0", "1.0")),
    ),
    error(
        "nan-hidden",
        "For an array that holds NaN you return 0, as if all were well.",
        "`size > 0` is False for NaN, like every comparison with it, so the case of two zeros swallows that of NaN; `np.nan_to_num` "
        "does the same. Ask for a size of exactly 0.",
        ALWAYS,
        ("if size == 0:", "if not size > 0:"),
    ),
    error(
        "percent",
        "You return per cent.",
        "The number lies between 0 and 1.",
        RELATIVE,
        (RATIO, "float(100 * np.linalg.norm(a - b) / size)"),
    ),
    error(
        "in-place",
        "It changes a, which is the caller's.",
        "`a - b` makes a new array, `a -= b` does not.",
        RELATIVE,
        (RATIO, "float(np.linalg.norm(a.__isub__(b)) / size)"),
    ),
    error(
        "nothing-returned",
        "Nothing comes back: the return is missing.",
        "The number has to be handed to the caller.",
        RELATIVE,
        (f"    return {RATIO}", f"    error = {RATIO}"),
        (ZERO, "    if size == 0:\n        return None\n"),
    ),
    error(
        "brackets-missing",
        "The brackets around the sum of the lengths are missing.",
        "|a − b| / |a| + |b| divides by |a| alone, and then adds |b|.",
        RELATIVE,
        (RATIO, "float(np.linalg.norm(a - b) / np.linalg.norm(a) + np.linalg.norm(b))"),
    ),
    error(
        "arrays-compared-with-if",
        "`if a == b` takes one answer; for two arrays there is one an entry.",
        "np.array_equal(a, b) gives one answer. What matters here is whether both are zero: look at what you divide by.",
        RELATIVE,
        (ZERO, "    if a == b:\n        return 0.0\n"),
        line=r"\bif\b",
    ),
    # check_gradient
    checker(
        "grad-not-called",
        "A function stands where its value belongs.",
        "grad is a function, handed over by its name, and so is f. With brackets and x it is called: what grad claims at x is grad(x).",
        ALWAYS,
        "return relative_error(numerical_gradient(f, x, 1e-5), grad) < 1e-5",
    ),
    checker(
        "always-yes",
        "Your checker accepts every gradient, wrong ones too.",
        "Either its tolerance lets everything through (a relative error is never above 1), or it compares something with itself. "
        "Give it a gradient of the wrong sign: it must refuse.",
        ALWAYS,
        "return True",
    ),
    checker(
        "always-no",
        "Your checker refuses every gradient, right ones too.",
        "A measured slope is never exact. Is the tolerance below what the measurement gives, or the step so small that rounding "
        "rules, or so large that the formula is off, or float32 at work, or one slope taken for every entry's? In float64 a central "
        "difference with a step of 1e-5 agrees to about 1e-9.",
        SMALL,
        "return False",
    ),
    checker(
        "inverted",
        "Your checker says True to wrong gradients and False to right ones.",
        "The error is to be small: `<`, not `>`.",
        ALWAYS,
        ANSWER.replace(" < ", " > "),
    ),
    checker(
        "step-too-large",
        "Your checker refuses right gradients, except of a parabola.",
        "Most likely its step is so large that the formula's own error shows; a parabola has no third derivative, so there it does not.",
        LARGE,
        ANSWER.replace("x, 1e-5", "x, 0.1"),
    ),
    checker(
        "absolute",
        "Your checker accepts wrong gradients where values are small, and refuses right ones where they are large.",
        "Most likely it compares with an absolute tolerance. Divide the difference by the size of what is compared.",
        ABSOLUTE,
        MEASURED + "return bool(np.max(np.abs(measured - claimed)) < 1e-6)",
    ),
    checker(
        "allclose",
        "Your checker accepts wrong gradients where values are small.",
        "Most likely a constant in the comparison does not shrink with the gradient: `np.allclose` adds atol=1e-8 unless told otherwise, and so does a constant below the fraction.",
        ABSOLUTE,
        MEASURED + "return bool(np.allclose(measured, claimed))",
    ),
    checker(
        "loose-allclose",
        "Your checker accepts gradients that are slightly wrong, and wrong ones of small values.",
        "Most likely a relative and an absolute tolerance, as loose as 1e-2, let through what they should find.",
        ALWAYS,
        MEASURED + "return bool(np.allclose(measured, claimed, rtol=2e-2, atol=1e-5))",
    ),
    checker(
        "loose",
        "Your checker accepts a gradient that is one per cent too large.",
        "Most likely its tolerance is too loose. Measurement and right gradient agree to about 1e-9; 1e-5 leaves room on both sides.",
        RELATIVE,
        ANSWER.replace("< 1e-5", "< 1e-2"),
    ),
    checker(
        "very-loose",
        "Your checker accepts a gradient that is twice too large.",
        "A factor of two is a relative error of only a third. Measurement and right gradient agree to about 1e-9; 1e-5 leaves room on both sides.",
        RELATIVE,
        ANSWER.replace("< 1e-5", "< 0.5"),
    ),
    checker(
        "nan-accepted",
        "Your checker accepts a gradient that holds NaN.",
        "NaN compares with nothing: `error > tolerance` is False for it, and so is every search for an entry that is too far off. "
        "Ask whether the error is small enough, and see that relative_error does not turn NaN into 0.",
        ALWAYS,
        "return bool(not relative_error(numerical_gradient(f, x, 1e-5), grad(x)) > 1e-5)",
    ),
    checker(
        "sign-of-difference",
        "Your checker accepts gradients that are too large in every entry that is off.",
        "Most likely it compares the difference without its absolute value: a negative one is below every tolerance.",
        ALWAYS,
        MEASURED + "return bool(np.all((measured - claimed) / np.linalg.norm(measured) < 1e-5))",
    ),
    checker(
        "first-entry-only",
        "Your checker accepts a gradient with a wrong entry.",
        "Most likely it looks at the first only: a return inside a loop ends it at the first turn, and `[0]` takes the first row or entry. Every entry counts, or a random direction that mixes them all.",
        ONE,
        MEASURED + "return bool(abs(measured.flat[0] - claimed.flat[0]) < 1e-5 * abs(measured.flat[0]))",
    ),
    checker(
        "one-entry-enough",
        "Your checker accepts a gradient of which only a part is right.",
        "Every entry has to agree: `all`, not `any`, no True before the last one was seen, and no single entry picked out of many.",
        ONE,
        MEASURED + "return bool(np.any(np.abs(measured - claimed) < 1e-5 * np.abs(measured)))",
    ),
    checker(
        "norms-only",
        "Your checker accepts gradients of the right length that point another way.",
        "Most likely it compares |a| with |b|. What counts is the length of the difference, |a − b|.",
        ONE,
        MEASURED + "a, b = np.linalg.norm(measured), np.linalg.norm(claimed)\n    return bool(abs(a - b) < 1e-5 * (a + b))",
    ),
    checker(
        "sums-only",
        "Your checker accepts a gradient whose entries are out of order.",
        "Most likely it looks at a sum or a mean of the entries, which is the slope along the direction of ones. In such a sum differences cancel. Compare entry by entry, or along a random direction.",
        ONE,
        MEASURED + "a, b = measured.sum(), claimed.sum()\n    return bool(abs(a - b) < 1e-5 * np.linalg.norm(measured))",
    ),
    checker(
        "direction-only",
        "Your checker accepts gradients that are too large, as long as they point the right way.",
        "The cosine of the angle does not see a factor; a missing mean and a missing 2 are factors.",
        ONE,
        MEASURED
        + "c = np.sum(measured * claimed) / np.linalg.norm(measured) / max(np.linalg.norm(claimed), 1e-300)\n    return bool(c > 1 - 1e-6)",
    ),
    checker(
        "signs-only",
        "Your checker accepts whatever points up where it should: are only signs compared?",
        "How steep is as much a part of a gradient as which way.",
        ONE,
        MEASURED + "return bool(np.all(np.sign(measured) == np.sign(claimed)))",
    ),
    checker(
        "sizes-only",
        "Your checker accepts gradients with the wrong sign: are absolute values compared?",
        "Take the absolute value of the difference, not the difference of the absolute values.",
        ALWAYS,
        "return relative_error(np.abs(numerical_gradient(f, x, 1e-5)), np.abs(grad(x))) < 1e-5",
    ),
    checker(
        "finite-only",
        "Your checker accepts every gradient that holds no NaN.",
        "That is little to ask: compare it with measured slopes.",
        ALWAYS,
        "return bool(np.all(np.isfinite(grad(x))))",
    ),
    checker(
        "elsewhere",
        "Your checker accepts a gradient that is right at other points and wrong at x.",
        "Does it look at x, or at a point of its own? A gradient may be right on one side of a kink and wrong on the other.",
        "Kinks",
        ANSWER.replace("(f, x, 1e-5), grad(x)", "(f, np.ones(x.shape), 1e-5), grad(np.ones(x.shape))"),
    ),
    checker(
        "error-returned",
        "You return the error itself.",
        "True or False is asked for: compare it with a tolerance.",
        RELATIVE,
        ANSWER.replace(" < 1e-5", ""),
    ),
    checker(
        "entry-by-entry",
        "You return an array of answers, one for each entry.",
        "One answer for the whole gradient: `np.all` makes one of many.",
        ONE,
        MEASURED + "return np.abs(measured - claimed) < 1e-5 * np.abs(measured)",
    ),
    checker(
        "asserts",
        "Your checker stops with an AssertionError where it should answer False.",
        "An answer can be acted upon by whoever asked; an error ends their program.",
        ALWAYS,
        ANSWER.replace("return ", "assert ") + "\n    return True",
        line="assert|raise",
    ),
    checker(
        "nothing-returned",
        "Nothing comes back: the answer is worked out, or printed, but not returned.",
        "Whoever calls the checker needs its answer.",
        ALWAYS,
        ANSWER.replace("return ", "right = "),
    ),
    checker(
        "one-slope-for-all",
        "Your checker answers as one does that steps along all entries of x at once, and compares that one slope with every entry.",
        "For one entry of the gradient, one entry of x moves. Along a direction v, the slope is compared with the sum of gradient times v.",
        DIRECTION,
        "return bool(np.allclose((f(x + 1e-5) - f(x - 1e-5)) / 2e-5, grad(x)))",
    ),
    checker(
        "global-generator",
        "The answers are right, but a global random generator is drawn from, or seeded.",
        "Whoever draws from it next gets other numbers because of your check. Take one of your own: `np.random.default_rng(0)`.",
        DIRECTION,
        "v = np.random.standard_normal(x.shape)\n    claimed, measured = np.sum(grad(x) * v), (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5\n"
        "    return bool(abs(measured - claimed) < 1e-5 * (abs(measured) + abs(claimed)))",
    ),
    checker(
        "x-changed",
        "The answers are right, but x is not as it was.",
        "A step that is added and taken away again does not bring every digit back: floating point rounds. Work on a copy, or on `x + step`, which is a new array.",
        BACK,
        "step = np.random.default_rng(0).standard_normal(x.shape) * 1e-5\n    x += step\n    plus = f(x)\n    x -= 2 * step\n"
        "    minus = f(x)\n    x += step\n    claimed, measured = np.sum(grad(x) * step), (plus - minus) / 2\n"
        "    return bool(abs(measured - claimed) < 1e-5 * abs(measured))",
    ),
]
