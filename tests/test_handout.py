"""What a student is given: complete without the course, nothing private in it, the same bytes every time, and it says how to begin."""

import base64
import csv
import hashlib
import importlib.metadata
import io
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from types import SimpleNamespace

import pytest

from backprop import course as courses
from backprop import notebook
from backprop.book import handout, pages, runtime, wheel
from backprop.book.archive import pack
from backprop.checking import page
from backprop.course import CourseError
from backprop.grading.release import START
from conftest import NAME, ROOT, run

NAMES = courses.assignments(ROOT)
# A Python that has packages and no course: what is installed for development comes by way of `site`.
BARE = f"import sys; sys.path.append({sysconfig.get_path('purelib')!r}); "
PRIVATE = re.compile(r"grading|solution|(?<!checking/)mistakes|variants|hostile|secret|backprop/book|\.db|\.pyc")


def bare(code, cwd, *words):
    """Run code in a Python to which the course is not installed."""
    return subprocess.run([sys.executable, "-I", "-S", "-c", BARE + code, *words], cwd=cwd, capture_output=True, text=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every assignment's zip, unpacked."""
    folder = tmp_path_factory.mktemp("handout")
    handout.beside_pages(ROOT, folder)
    for path in folder.glob("*.zip"):
        zipfile.ZipFile(path).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def installed(made, tmp_path_factory):
    """The folder into which pip has put an assignment's wheel."""
    folder = tmp_path_factory.mktemp("installed")
    (file,) = (made / NAME).glob("*.whl")
    words = ["install", "--quiet", "--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check", "--target"]
    subprocess.run([sys.executable, "-m", "pip", *words, folder, file], check=True)
    return folder


@pytest.fixture
def course(bare_course):
    """A scratch course with the door that hands out."""
    shutil.copytree(ROOT / "backprop" / "book", bare_course / "backprop" / "book", ignore=shutil.ignore_patterns("__pycache__"))
    return bare_course


def solved(folder, name):
    """Put the reference solutions into an assignment's notebook as it was handed out."""
    path, chapter = folder / f"{name}.ipynb", courses.Chapter(ROOT, name)
    nb = notebook.read(path)
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        cell.source = chapter.cells[about.grade_id] if about.get("solution") else cell.source
    path.write_text(notebook.dumps(nb), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_holds_what_a_student_needs_and_nothing_else(made, name):
    names = zipfile.ZipFile(made / f"{name}.zip").namelist()
    file = wheel.make(ROOT).name
    wanted = [f"{name}.ipynb", "checks.py", "expected.json", "README.txt", "requirements.txt", file]
    assert sorted(names) == sorted(f"{name}/{one}" for one in wanted)
    for one in (f"{name}.ipynb", "checks.py", "expected.json"):
        assert (made / name / one).read_bytes() == (ROOT / "exercises" / name / one).read_bytes()
    inside = zipfile.ZipFile(made / name / file).namelist()
    assert not [one for one in [*names, *inside] if PRIVATE.search(one)]
    assert {one.split("/")[1] for one in inside if one.startswith("backprop/")} == {*wheel.GROUND, "checking"}
    assert "backprop/checking/digits.npz" in inside


def test_the_same_files_give_the_same_bytes(made, tmp_path):
    """Beside a page, from the command, and in a page's own Python; another content has another version."""
    handout.beside_pages(ROOT, tmp_path)
    for name in NAMES:
        assert (tmp_path / f"{name}.zip").read_bytes() == (made / f"{name}.zip").read_bytes(), name
    for name in runtime.MANIFEST:
        (tmp_path / name).write_bytes(b"")
    runtime.put(tmp_path, tmp_path / "python", ROOT)
    (file,) = (made / NAME).glob("*.whl")
    assert (tmp_path / "python" / runtime.COURSE).read_bytes() == file.read_bytes()
    (tmp_path / "LICENSE").write_text("")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text.replace("numpy>=2.0", "numpy>=2.1"), encoding="utf-8")
    assert wheel.make(tmp_path).name != file.name
    with pytest.raises(CourseError, match=r"pyproject\.toml does not say"):
        wheel.make(tmp_path / "python")


def test_a_wheel_is_what_pip_and_its_record_say(made, installed):
    (file,) = (made / NAME).glob("*.whl")
    with zipfile.ZipFile(file) as opened:
        record = next(name for name in opened.namelist() if name.endswith(".dist-info/RECORD"))
        rows = list(csv.reader(io.StringIO(opened.read(record).decode())))
        assert sorted(row[0] for row in rows) == sorted(opened.namelist())
        for name, digest, size in rows:
            data = opened.read(name)
            if name != record:
                right = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                assert (digest, int(size)) == (f"sha256={right}", len(data)), name
    (found,) = importlib.metadata.distributions(path=[str(installed)])
    asked = {re.split("[<>=]", line)[0] for line in found.requires}
    assert asked == {"click", "ipykernel", "matplotlib", "nbformat", "notebook", "numpy"}
    assert all(">=" in line for line in found.requires)
    assert found.metadata["Name"] == "backprop-course" and found.metadata["Requires-Python"] == ">=3.11"
    assert found.version == file.name.split("-")[1]
    assert [one.value for one in found.entry_points] == ["backprop.__main__:main"]
    requirements = (made / NAME / "requirements.txt").read_text().splitlines()
    assert f"./{file.name}" in requirements and set(found.requires) <= set(requirements)


@pytest.mark.parametrize("name", NAMES)
def test_without_an_installation_the_first_cell_finds_the_wheel_beside_it(made, name, tmp_path):
    """As in Colab and on a hub: the first function, right, is checked; and the digits are read out of the wheel."""
    folder = tmp_path / "content"
    folder.mkdir()
    for path in (made / name).iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    cells = [cell for cell in notebook.read(solved(folder, name)).cells if cell.cell_type == "code"]
    (folder / "cells.json").write_text(json.dumps([cell.source for cell in cells[:3]]))
    code = """
import json
sys.path.insert(0, "")
for cell in json.load(open("cells.json")):
    exec(cell, globals())
import backprop
from backprop.checking.digits import digits
print(backprop.__file__, digits()[0].shape)
"""
    done = bare(code, folder)
    assert done.returncode == 0, done.stderr
    assert "All right." in done.stdout and "py3-none-any.whl" in done.stdout and "(64, 2" in done.stdout


@pytest.mark.parametrize("gone, says", [("*.whl", "No module named 'backprop'"), ("checks.py", "No module named 'checks'")])
def test_where_a_file_is_missing_the_first_cell_says_what_to_do(made, tmp_path, gone, says):
    for path in (made / NAME).iterdir():
        if not path.match(gone):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    done = bare(f"sys.path.insert(0, ''); exec({START!r})", tmp_path)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1 and says in last and "Put all files that came with this notebook into its folder" in last


@pytest.mark.parametrize("name", NAMES)
def test_every_assignment_starts_with_the_cell_that_finds_its_checks(name):
    for kind in ("solutions", "exercises"):
        code = [cell for cell in notebook.read(ROOT / kind / name / f"{name}.ipynb").cells if cell.cell_type == "code"]
        assert code[0].source == START and code[0].metadata.nbgrader.grade_id == "import-numpy-as-np"
        assert code[0].metadata.nbgrader.locked


def test_a_page_runs_the_first_cell():
    """It passes over cells that wait for a check or draw."""
    assert not page._names(START) & {"check", "matplotlib"}


def test_what_is_installed_checks_a_notebook_and_knows_no_more(made, installed, tmp_path):
    command = f"sys.path.insert(0, {str(installed)!r}); from backprop.__main__ import main; main(prog_name='backprop')"
    for path in (made / NAME).iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    done = bare(command, tmp_path, "check", f"{NAME}.ipynb")
    assert done.returncode == 1 and "Not attempted yet" in done.stdout and "Traceback" not in done.stdout + done.stderr
    solved(tmp_path, NAME)
    done = bare(command, tmp_path, "check", f"{NAME}.ipynb")
    assert done.returncode == 0 and done.stdout.count("All right.") == len(courses.Chapter(ROOT, NAME).exercises), done.stdout
    done = bare(command, tmp_path, "check", "--receipt", f"{NAME}.ipynb")
    assert done.returncode == 0 and "version of the checks: " in done.stdout
    done = bare(command, tmp_path, "--help")
    listed = re.findall(r"^\w.+:$|^  (?!-)\w+", done.stdout.partition("Options:")[2], re.M)
    assert done.returncode == 0 and listed == ["For students:", "  check"]
    done = bare(command, ROOT, "grade", NAME)
    assert done.returncode == 1 and "backprop check NOTEBOOK" in done.stderr and "Traceback" not in done.stderr


def test_ten_lines_say_how_to_begin_what_to_hand_in_and_whom_to_ask(course):
    config = course / "_config.yml"
    said = []
    for name, term, contact, address in (("", "", "", ""), ("Networks I", "Spring", "ada@x.edu", "https://x.org/book/")):
        text = config.read_text(encoding="utf-8")
        for key, value in {"name": name, "term": term, "contact": contact, "baseurl": address}.items():
            text = text.replace(f'{key}: ""', f'{key}: "{value}"')
        config.write_text(text, encoding="utf-8")
        (path,) = handout.write(course, [NAME])
        said.append(zipfile.ZipFile(path).read(f"{NAME}/README.txt").decode())
    for text in said:
        assert (
            len(text.splitlines()) <= 12 and "{" not in text and "None" not in text and not re.search(r"– *(–|\n)|: *;|; *\n", text)
        )
        for words in (
            "python3 -m venv .venv",
            "-m pip install -r requirements.txt",
            f"jupyter notebook {NAME}.ipynb",
            ".venv\\Scripts\\",
        ):
            assert words in text
        assert f"Hand in {NAME}.ipynb" in text and "Colab" in text
    assert said[0].startswith("Exercises for chapter 6: backward propagation – Backpropagation\n")
    assert said[1].startswith("Exercises for chapter 6: backward propagation – Networks I – Spring\n")
    assert said[1].endswith("4. Help: ada@x.edu; https://x.org/book/book/students.html\n")


def test_the_command_writes_one_zip_a_chapter_or_one_for_all(course):
    run("backprop", "handout", NAME, "03-activations", cwd=course)
    assert sorted(path.name for path in (course / "handout").iterdir()) == ["03-activations.zip", f"{NAME}.zip"]
    run("backprop", "handout", "--together", NAME, "03-activations", cwd=course)
    both = zipfile.ZipFile(course / "handout" / "exercises.zip").namelist()
    apart = [n for one in ("03-activations", NAME) for n in zipfile.ZipFile(course / "handout" / f"{one}.zip").namelist()]
    assert both == apart


def test_nothing_is_handed_out_that_is_not_as_released(course):
    folder = course / "exercises" / NAME
    for leftover in (".venv/lib/x.py", ".ipynb_checkpoints/y.ipynb", "__pycache__/z.pyc", "backprop_course-0.1-py3-none-any.whl"):
        (folder / leftover).parent.mkdir(parents=True, exist_ok=True)
        (folder / leftover).write_text("")
    (folder / "data.csv").write_text("1")
    (path,) = handout.write(course, [NAME])
    names = [name.partition("/")[2] for name in zipfile.ZipFile(path).namelist()]
    assert "data.csv" in names and len(names) == 7
    path.unlink()

    def refuses(says, *names):
        done = run("backprop", "handout", *names, cwd=course, ok=False)
        assert done.returncode == 1 and says in done.stderr and "Traceback" not in done.stderr, done.stderr
        assert not list((course / "handout").iterdir())

    refuses("There is no assignment 'nothing'. There are: 00-", NAME, "nothing")
    solved(folder, NAME)
    refuses(f"holds an answer to relu where its stub should be. Nothing was written. Run: backprop release {NAME}")
    (folder / f"{NAME}.ipynb").write_text("{")
    refuses("not valid JSON")
    with open(course / "solutions" / NAME / "checks.py", "a") as file:
        file.write("#")
    refuses(f"exercises/{NAME} has other checks than solutions/{NAME}", NAME)
    (folder / "checks.py").unlink()
    refuses("checks.py is missing", NAME)


@pytest.mark.parametrize("text", ["course: [", "course: 3", "- a", "course: {contact: {a: b}}"])
def test_texts_that_cannot_be_read_are_said(tmp_path, text):
    (tmp_path / "_config.yml").write_text(text)
    if "contact" in text:  # whatever stands there is shown as it stands
        assert courses.texts(tmp_path)["contact"] == "{'a': 'b'}"
        return
    with pytest.raises(CourseError, match=r"_config\.yml cannot be read"):
        courses.texts(tmp_path)


def test_every_page_says_whose_course_it_is(tmp_path):
    for contact, foot, ask in (
        ("", "A &lt;b&gt;", "whoever teaches the course"),
        ("ada@x.edu", 'A &lt;b&gt; · <a href="mailto:ada@x.edu">ada@x.edu</a>', "ada@x.edu"),
        ("https://x.org/?a&b", 'A &lt;b&gt; · <a href="https://x.org/?a&amp;b">https://x.org/?a&amp;b</a>', "https://x.org/?a&b"),
        ("Room 3, Mondays", "A &lt;b&gt; · Room 3, Mondays", "Room 3, Mondays"),
    ):
        (tmp_path / "_config.yml").write_text(f"title: A <b>\ncourse: {{contact: '{contact}'}}")
        config = SimpleNamespace(html_theme_options={"kept": 1})
        pages.say_whose(SimpleNamespace(srcdir=tmp_path), config)
        assert config.html_theme_options == {"kept": 1, "extra_footer": foot} and config.myst_substitutions == {"ask": ask}


def test_what_stands_above_the_themes_own_options_counts(tmp_path):
    """A repository's address reaches the theme, and none is there where none is given: Jupyter Book would name its own."""
    from jupyter_book.config import get_final_config

    for url in ("", "https://github.com/someone/course"):
        text = (ROOT / "_config.yml").read_text(encoding="utf-8").replace('  url: ""', f'  url: "{url}"', 1)
        (tmp_path / "_config.yml").write_text(text, encoding="utf-8")
        options = get_final_config(
            user_yaml=tmp_path / "_config.yml", sourcedir=tmp_path, cli_config={"latex_individualpages": False}
        )[0]["html_theme_options"]
        assert options["repository_url"] == url and options["home_page_in_toc"] is True and options["show_navbar_depth"] == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_and_its_exercises_have_its_number(name):
    titles = [
        notebook.read(ROOT / where / f"{name}.ipynb").cells[0].source.split("\n")[0] for where in ("book", f"exercises/{name}")
    ]
    assert titles[0].startswith(f"# {int(name[:2])}. ") and titles[1].startswith(f"# Exercises for chapter {int(name[:2])}: ")


def test_a_zip_is_packed_alike_whatever_the_time():
    with zipfile.ZipFile(io.BytesIO(pack([("a", b"b")]))) as opened:
        assert [(info.filename, info.date_time[0]) for info in opened.infolist()] == [("a", 2020)] and opened.read("a") == b"b"
