"""Why Python or NumPy raised an error, in a sentence or two: their own words say what, with sizes and types, and seldom why."""

import re


def why(error):
    """What an error means, true of every code that raises it; "" where nothing is known of it.

    >>> why({"type": "KeyError", "message": "'Z1'"})
    'The dict has no Z1. Is it spelled as it was put in, with the same capitals, and into this dict?'
    """
    said = f"{error['type']}: {error['message']}"
    for pattern, words in WHY:
        found = re.search(pattern, said)
        if found:
            return words(*found.groups()) if callable(words) else words.format(*found.groups())
    return ""


def _product(right, left):
    return (
        f"`@` joins the columns of the left factor to the rows of the right one: here {left} meets {right}. "
        "One of the two wants a .T, or the order is the other one, or both."
    )


def _broadcast(shapes):
    """Which axes do not meet, counted from the right as NumPy lines them up."""
    first, second, *more = ([int(n) for n in re.findall(r"\d+", shape)] for shape in re.findall(r"\(.*?\)", shapes))
    rule = "Entry by entry, shapes are lined up from the right, and two sizes fit where they are equal or one of them is 1"
    for back, (a, b) in enumerate(zip(reversed(first), reversed(second)), 1):
        if not more and a != b and 1 not in (a, b):
            axis = "the last axis" if back == 1 else f"axis {len(first) - back}" if len(first) == len(second) else f"axis −{back}"
            meet = f"Here {a} meets {b} along {axis}."
            break
    else:
        meet = ""
    inner = len(first) == len(second) == 2 and not more and first[1] == second[0] > 1 and 1 not in (first[0], second[1])
    lost = min(len(first), len(second)) == 1 < max(len(first), len(second))
    hint = (
        "A matrix product is written `@`, not `*`."
        if inner
        else "Was an axis lost, which keepdims=True keeps, or is a matrix product meant, `@`?"
        if lost
        else "Which of the two has the shape that you do not expect?"
    )
    return " ".join(part for part in (f"{rule}.", meet, hint) if part)


WHY = (
    # products and shapes
    (r"^ValueError: matmul: .*\(size (\d+) is different from (\d+)\)", _product),
    (r"^ValueError: shapes .* not aligned: (\d+) \(dim \d+\) != (\d+)", lambda left, right: _product(right, left)),
    (
        r"^ValueError: matmul: .* does not have enough dimensions",
        "`@` multiplies arrays, and one side here is a single number: `*` multiplies by that.",
    ),
    (r"^ValueError: operands could not be broadcast together with shapes (.+)", _broadcast),
    (
        r"^ValueError: non-broadcastable output operand with shape (\(.*?\)) doesn't match the broadcast shape (\(.*?\))",
        "`+=`, `-=` and their like write into the array on the left: it has shape {0}, and the result has {1}.",
    ),
    (
        r"^ValueError: could not broadcast input array from shape (\(.*?\)) into shape (\(.*?\))",
        "What is written has shape {0}, and the place that it is written to has {1}.",
    ),
    (r"^ValueError: cannot reshape array of size (\d+) into shape (\(.*?\))", "Shape {1} does not hold {0} entries."),
    (
        r"^AxisError: axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "Axes are counted from 0, and this array has {1} of them: there is no axis {0}.",
    ),
    (
        r"^ValueError: setting an array element with a sequence",
        "An entry of an array holds one number, and several are written into it; or rows of different lengths are made an array.",
    ),
    # one number where there are many, and the reverse
    (
        r"^TypeError: only (?:length-1|size-1|0-dimensional) arrays can be converted",
        "Something that takes one number, such as float(), int() or a function of `math`, was given an array. "
        "NumPy's own functions, np.exp and its like, take every entry.",
    ),
    (
        r"^TypeError: (?:float|int)\(\) argument must be .*, not '(\w+)'",
        "A {0} is no real number: which number of it, or in it, is meant?",
    ),
    (
        r"^ValueError: The truth value of an array",
        "`if`, `and`, `or` and max want one yes or no, and an array has one for each entry. np.where and np.maximum decide "
        "entry by entry; .all() and .any() make one answer of many.",
    ),
    (
        r"^TypeError: can't multiply sequence by non-int",
        "A list or tuple times a number would be repeated, and 0.5 times is no number of repeats. np.array(…) makes an array of "
        "it, which multiplies every entry.",
    ),
    (
        r"^TypeError: unsupported operand type\(s\) for .*'(?:list|tuple)'|^TypeError: can only concatenate (?:list|tuple)",
        "Lists and tuples do no arithmetic. np.array(…) makes an array of one.",
    ),
    (
        r"^TypeError: unsupported operand type\(s\) for .*'dict'",
        'A dict does no arithmetic: an array in it is had by its name, as in W_B["W1"].',
    ),
    (
        r"^TypeError: unsupported operand type\(s\) for .*'(?:numpy.ufunc|\w*function\w*|method)'",
        "A function does no arithmetic: with brackets and what it takes, it is called, and its value can be used.",
    ),
    (
        r"^TypeError: Cannot interpret '(\S+)' as a data type",
        "A second argument is taken for the kind of the numbers. A shape of two sizes is one argument, a tuple in brackets of its own.",
    ),
    # powers
    (
        r"^TypeError: (?:ufunc 'bitwise_xor'|unsupported operand type\(s\) for \^)",
        "`^` works on the bits of whole numbers. A power is written **.",
    ),
    # None
    (
        r"^(?:TypeError|AttributeError): .*'NoneType'",
        "Something here is None, as a function gives that ends without a return, or a method that changes an array where it stands.",
    ),
    # names
    (
        r"^KeyError: '?([^']*)'?$",
        "The dict has no {0}. Is it spelled as it was put in, with the same capitals, and into this dict?",
    ),
    (
        r"^UnboundLocalError: .*variable '(\w+)'",
        "{0} is given its value further down, or in a branch that was not run: inside a function such a name is the function's own.",
    ),
    (
        r"^NameError: name '(\w+)' is not defined",
        "Nothing is called {0} at that line. Is it spelled as where it was made, and made, or imported, before it is used? "
        "What stands in another notebook is not known in this one.",
    ),
    (
        r"^AttributeError: (?:module )?'([\w.]+)'.* has no attribute '(\w+)'",
        "What stands before the dot is {0}, and that has no {1}. Is the name spelled right, and is {0} what you expect there?",
    ),
    # indices
    (
        r"^IndexError: index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        "Positions are counted from 0: along axis {1}, with size {2}, there is no {0}.",
    ),
    (
        r"^IndexError: too many indices for array: array is (\d+)-dim.*, but (\d+)",
        "This array has {0} axes, and {1} positions are given.",
    ),
    (
        r"^IndexError: (list|tuple) index out of range",
        "This {0} is shorter than you expect: positions run from 0 to its length less one.",
    ),
    (
        r"^IndexError: (?:only integers|arrays used as indices)|^TypeError: (?:list|tuple) indices must be integers",
        "A position in an array or a list is a whole number: not a float, nor a name, by which one asks a dict.",
    ),
    (r"^TypeError: object of type '(\w+)' has no len", "Only what has several parts has a length, and a {0} is one thing."),
    (
        r"^TypeError: '(\w+)' object is not iterable",
        "`for`, sum, list and += on a list go through several parts, and a {0} is one thing.",
    ),
    # calls
    (
        r"^TypeError: (?:\S*\.)?(\S+)\(\) missing \d+ required",
        "{0} is called with too few arguments: the line with its `def` says which it takes, and in which order.",
    ),
    (
        r"^TypeError: (?:\S*\.)?(\S+)\(\) takes (?:from )?(\d+).* but (\d+) (?:was|were) given",
        lambda name, least, given: (
            f"{name} is called with {'fewer' if int(given) < int(least) else 'more'} arguments than it takes: the line with its "
            "`def`, or its documentation, says which, and in which order."
        ),
    ),
    (
        r"^TypeError: (\w+)\(\) got an unexpected keyword",
        "{0} has no argument of that name: the line with its `def` says which it has.",
    ),
    (
        r"^TypeError: '([\w.]+)' object is not callable",
        "Brackets behind a name call it, and this is no function but of the kind {0}. Is a `*` missing, or [ ] meant, or did "
        "the name hold a function before?",
    ),
    (
        r"^TypeError: '(\w+)' object is not subscriptable",
        "[ ] asks for a part of something, and what stands before it, a {0}, has none.",
    ),
    (
        r"^ValueError: (?:not enough|too many) values to unpack",
        "On the left of = there are not as many names as the right side gives parts.",
    ),
    (r"^TypeError: cannot unpack non-iterable (\w+)", "Several names on the left of = want several parts, and a {0} comes as one."),
    (
        r"^(?:UFuncTypeError|TypeError): .*dtype\('<U",
        "There is text among the numbers: a name, perhaps, in place of what it stands for.",
    ),
    (
        r"^UFuncTypeError: Cannot cast",
        "`+=`, `-=` and their like write into the array on the left, which holds whole numbers and cannot take others.",
    ),
    # arithmetic
    (r"^ZeroDivisionError", "Something is divided by 0."),
    (
        r"^RecursionError",
        "It calls itself, or another one that calls it, too often: is there an earlier function of the same name?",
    ),
)
