"""Judge functions as grading does, with what an exercise's cases have in common worked out once a process."""

from functools import cache

from backprop import course
from backprop.checking import answers, visible
from backprop.checking.judge import judge
from backprop.grading.examine import likely
from backprop.grading.expected import noise_in, results_of, traces, traces_in

ROOT = course.find_root()
CHAPTERS = {name: course.Chapter(ROOT, name) for name in course.assignments(ROOT)}
EXERCISES = [(name, e) for name, chapter in CHAPTERS.items() for e in chapter.exercises]


def exercise_of(name, function):
    """The exercise of a chapter that asks for a function."""
    return next(e for e in CHAPTERS[name].exercises if e.name == function)


@cache
def drawn(name, function, seed):
    """The cases of an exercise for a seed, and their right answers."""
    exercise = exercise_of(name, function)
    cases = exercise.cases(seed)
    return cases, answers.call(exercise, CHAPTERS[name].reference[function], cases)


@cache
def catalogue(name, function, seed):
    """Every known mistake of an exercise with its traces for a seed."""
    chapter, exercise = CHAPTERS[name], exercise_of(name, function)
    cases, expected = drawn(name, function, seed)
    ordinary = [case for case in cases if not case.edge]
    return [
        (m, traces(ordinary, results_of(chapter, exercise, m, ordinary), expected, noise(name, function).get(m.id, {})))
        for m in chapter.mistakes(function)
    ]


@cache
def released(name, function):
    """What an assignment's ``expected.json`` holds of a function."""
    return visible.loads((CHAPTERS[name].folder / "expected.json").read_text(encoding="utf-8"))["exercises"][function]


@cache
def noise(name, function):
    """What of each mistake's answers is nothing but rounding, as the release found it."""
    return noise_in(left(name, function), exercise_of(name, function))


@cache
def left(name, function):
    """The traces of each mistake in ``expected.json``."""
    return traces_in(released(name, function))


def verdict(name, exercise, function, seed, **more):
    """What a function gets for the cases of a seed."""
    cases, _ = drawn(name, exercise.name, seed)
    return verdict_on(name, exercise, answers.call(exercise, function, cases), seed, **more)


def verdict_on(name, exercise, given, seed, upstream=(), stored=()):
    """What answers to the cases of a seed get."""
    cases, expected = drawn(name, exercise.name, seed)

    def likely_ones(telling):
        for mistake, its in catalogue(name, exercise.name, seed):
            known = left(name, exercise.name)[mistake.id], noise(name, exercise.name).get(mistake.id, {})
            if likely(CHAPTERS[name], exercise, mistake, telling, cases, expected, *known):
                yield mistake, its

    return judge(exercise, cases, expected, given, likely_ones, upstream, stored)
