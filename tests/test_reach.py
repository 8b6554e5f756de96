"""Who is blamed for a wrong answer: an earlier function that is called, and none that merely could be."""

import pytest
from judging import CHAPTERS, ROOT

from backprop import course
from backprop.checking.reach import reached

NAMES = ["relu", "sigmoid"]


@pytest.mark.parametrize(
    "sources, found",
    [
        (["def f(X): return relu(X)"], ["relu"]),
        (["def f(X): return g(X)", "def g(X): return sigmoid(X)"], ["sigmoid"]),
        (["act = relu", "def f(X): return act(X)"], ["relu"]),
        (["%matplotlib inline\ndef f(X): return relu(X)"], ["relu"]),
        (["def f(X): return X", "def g(X): return relu(X)"], []),
        (["class A:\n    def f(self, X): return relu(X)\nf = A().f"], ["relu"]),
        (["def f(X): return eval('re' + 'lu')(X)"], NAMES),
        (["def f(X): return X", "def g(:"], NAMES),
        (["def f(X): return X", "("], NAMES),
        (["import others"], NAMES),
    ],
)
def test_what_code_reaches(sources, found):
    assert reached("f", sources, NAMES) == found


def test_a_function_that_is_not_called_is_not_blamed():
    """ReLU written out in the backward pass: what is wrong there is its own, however wrong `relu` is."""
    name = "06-backward-propagation"
    chapter, public = CHAPTERS[name], course.load(ROOT / "exercises" / name / "checks.py", "reach_07").check
    relu, mistake = (
        "def relu(Z):\n    return Z",
        ("np.sum(dLdZ2, axis=1, keepdims=True) / m", "np.sum(dLdZ2, axis=1, keepdims=True)"),
    )
    own = chapter.sources["forward_propagation"].replace("relu(Z1)", "np.maximum(Z1, 0)")
    wrong = chapter.sources["backward_propagation"].replace(*mistake)
    for forward, blamed in ((chapter.sources["forward_propagation"], ["upstream"]), (own, ["mean-missing-dLdb2"])):
        space = chapter.functions(relu=relu, forward_propagation=forward, backward_propagation=wrong)
        assert public.verdict(space["backward_propagation"]).diagnoses == blamed
