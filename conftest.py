"""How tests are spread over processes; a notebook's cells, which are tests too, stay together."""

import os
import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import warm
from jupyter_client.provisioning import KernelProvisionerFactory
from xdist.scheduler import LoadScopeScheduling

# Test files whose tests share one class graded, or pages read. A notebook's cells share a kernel.
TOGETHER = {"test_hostile.py", "test_lived_in.py", "test_book.py", "test_pages.py", "test_term.py"}
# But not these, which share nothing.
APART = re.compile("::test_in_a_browser")
# Those whose tests share what a chapter's mistakes give.
BY_CHAPTER = {"test_catalogue.py", "test_judge.py"}
# The longest, first, so that no process ends alone with it; but the book is built before others wait for it.
FIRST = [
    "test_lived_in.py",
    "test_make_on_a_fresh_clone",
    "test_hostile.py",
    "test_pages.py",
    "test_term.py",
    "test_sandbox.py",
    "test_cluster.py",
    "test_grading.py",
    "test_processors.py",
    "test_book.py",
    "test_report.py",
    "test_visible_check.py",
    "test_catalogue.py",
]


class Together(LoadScopeScheduling):
    """Each test goes wherever there is room, but for those that belong together."""

    def _split_scope(self, nodeid):
        file = Path(nodeid.split("::")[0])
        if file.suffix == ".ipynb" or (file.name in TOGETHER and not APART.search(nodeid)):
            return str(file)
        chapter = re.search(r"\[(?:.*-)?(\d\d)-", nodeid) if file.name in BY_CHAPTER else None
        return f"judging {chapter[1]}" if chapter else nodeid


def pytest_configure():
    """Whoever starts a kernel, nbval or a test, starts a warm one; what Python compiles it keeps, for the hundreds that are started."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if warm.HERE:
        factory = KernelProvisionerFactory.instance()
        factory.provisioners["warm"] = EntryPoint("warm", "warm:Kernel", factory.GROUP_NAME)
        factory.default_provisioner_name = "warm"


def pytest_unconfigure():
    warm.end()


def pytest_xdist_make_scheduler(config, log):
    """Called by xdist."""
    return Together(config, log)


def pytest_xdist_auto_num_workers(config):
    """Three for two processors: much of what is tested waits, for a browser, a sandbox or a clock."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_collection_modifyitems(items):
    """Put the longest first."""
    items.sort(key=lambda item: next((n for n, name in enumerate(FIRST) if name in item.nodeid), len(FIRST)))
