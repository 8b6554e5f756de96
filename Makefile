# `make` builds everything and grades a small class; `make test` runs every test. Both start from a bare checkout.
# CONTRIBUTING says what the other targets run.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NAME   := 06-backward-propagation
BOOK   := _build/html/index.html
CLASS  := reports/$(NAME).html

SOLUTIONS := $(wildcard solutions/*/*.py solutions/*/*.ipynb)
CHAPTERS  := $(wildcard book/*)

.PHONY: all test quick nightly test-oldest benchmark requirements clean
all: $(BOOK) $(VENV)/released $(CLASS)
	@$(BIN)/python -m backprop where $(NAME)

$(VENV)/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The course needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements.txt
# Compiled with the name that packages have in a sandbox, so that no submission reads there where they were installed.
	@folder=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'); \
		$(BIN)/python -m compileall -qq -f -j 0 -s "$$folder" -p /packages/0 "$$folder" || true
	@touch $@

$(BOOK): $(VENV)/installed _config.yml _toc.yml $(CHAPTERS)
	$(BIN)/backprop book
	@touch $@

$(VENV)/released: $(VENV)/installed $(SOLUTIONS) _config.yml $(wildcard backprop/checking/*.py) backprop/grading/release.py backprop/grading/expected.py
	$(BIN)/backprop release
	@touch $@

# Only simulated students are simulated again and cleaned away: never among real submissions, and never those.
REAL := $(shell ls submitted 2>/dev/null | grep -qv '^student-[0-9][0-9][0-9][0-9]$$' && echo yes)

$(CLASS): $(VENV)/released $(wildcard backprop/*.py backprop/checking/*.py backprop/grading/*.py)
ifeq ($(REAL),)
	$(BIN)/backprop class $(NAME) --students 20 --seed 1
	$(BIN)/backprop grade $(NAME) --force $(shell command -v bwrap >/dev/null || echo --unsandboxed)
else
	@echo "submitted/ holds more than the simulated class: it is left alone, and so are its grades."
endif

test: $(VENV)/installed
	$(BIN)/python -m pytest

# For the loop of editing: what reads the code, the judge and its catalogue.
quick: $(VENV)/installed
	$(BIN)/python -m pytest tests/test_doors.py tests/test_judge.py tests/test_catalogue.py

# Every processor's kernels that this machine can run, all of it.
nightly: $(VENV)/installed
	NIGHTLY=1 $(BIN)/python -m pytest -n 0 tests/test_processors.py

# The student's door under the lowest versions that pyproject.toml allows, in a virtual environment of its own.
test-oldest: $(VENV)/installed
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/oldest
	$(BIN)/uv pip install --quiet --python $(VENV)/oldest/bin/python --resolution lowest-direct .
	$(BIN)/uv pip install --quiet --python $(VENV)/oldest/bin/python pytest hypothesis pyyaml nbclient
	$(VENV)/oldest/bin/python -m pytest -c tests/oldest.ini tests/test_catalogue.py tests/test_judge.py tests/test_visible_check.py

benchmark: $(VENV)/installed
	$(BIN)/python benchmarks/grade.py --scale
	$(BIN)/python benchmarks/book.py --pages
	$(BIN)/python benchmarks/page.py

# Pin every direct and indirect dependency, and the package itself last.
requirements:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra course --extra cluster --extra postgresql --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make requirements" --no-annotate --quiet $(UPGRADE) pyproject.toml -o requirements.txt
	printf '%s\n' '# The course itself.' '-e .' >> requirements.txt

clean:
	rm -rf _build handout
ifeq ($(REAL),)
	rm -rf autograded feedback submitted reports .backprop gradebook.db gradebook.db-journal
else
	@echo "submitted/ holds more than the simulated class: submissions and gradebook are kept. Remove them yourself."
endif
