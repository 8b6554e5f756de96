"""Who is blamed for a wrong answer: an earlier function that is called, and none that merely could be."""

import pytest
from judging import CHAPTERS, ROOT

from backprop import course
from backprop.checking.reach import reached
from backprop.grading.examine import Examiner

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


STEP_BY_STEP = """def backward_propagation(X, W_B, Y_true):
    forward = forward_propagation(X, W_B)
    delta2 = forward["Y_pred"] - Y_true
    delta1 = back_through(W_B["W2"], delta2, forward["Z1"])
    L = np.sum(np.logaddexp(0, forward["Z2"]) - Y_true * forward["Z2"]) / X.shape[1]
    return {"dLdW1": weight_gradient(delta1, X), "dLdb1": bias_gradient(delta1),
            "dLdW2": weight_gradient(delta2, forward["A"]), "dLdb2": bias_gradient(delta2)}, L
"""


@pytest.mark.parametrize("step", [None, "weight_gradient", "bias_gradient", "back_through"])
def test_a_walk_made_of_ones_own_steps_is_right_and_a_wrong_step_is_blamed(step):
    """In the notebook and where it is graded; a walk that is written out is not touched by a wrong step."""
    name = "06-backward-propagation"
    chapter, public = CHAPTERS[name], course.load(ROOT / "exercises" / name / "checks.py", "steps_06").check
    wrong = {step: chapter.mistakes(step)[0].apply(chapter.sources[step])} if step else {}
    own = {**chapter.sources, **wrong, "backward_propagation": STEP_BY_STEP}
    shown = public.verdict(chapter.functions(**own)["backward_propagation"])
    graded = Examiner(chapter, b"k" * 32, sandboxed=False).examine("somebody", list(enumerate(own.values())))["exercises"]
    for found in (vars(shown), graded["backward_propagation"]):
        assert found["diagnoses"] == (["upstream"] if step else []), found["lines"]
        assert found["lines"][0].startswith(f"{step} comes first: mend it") if step else found["status"] == "right"
    assert public.verdict(chapter.functions(**wrong)["backward_propagation"]).status == "right"
