"""How fast the book builds: from stored outputs, and with every notebook executed, the same book in one run.

    python benchmarks/book.py [--pages]

Builds from nothing twice and prints the ratio and the parts. `--pages` also opens every page in headless Chromium with
the processor slowed four times, and prints when its mathematics can be read.
"""

import argparse
import http.server
import shutil
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from statistics import median

import yaml

from backprop.book import build
from backprop.course import find_root

SLOWED = 4


def copy(root, folder, execute):
    """A copy of the course whose book is built with or without executing its notebooks."""
    shutil.copytree(
        root,
        folder,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", "_build", "submitted", "autograded", "feedback", "reports", ".backprop", "gradebook.db*", "tests"
        ),
    )
    path = folder / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["execute"] = {"execute_notebooks": execute, "timeout": 300}
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder


def timed(root):
    start = time.perf_counter()
    page = build.build(root)
    return time.perf_counter() - start, page.parent


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_):
        pass


def pages(html):
    """For every page, when its first formula stands there in its own letters and when all is loaded, in milliseconds."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Chromium is not installed: apt install chromium")
    note = """window.seen = {};
        const painted = then => requestAnimationFrame(() => setTimeout(then));
        const look = () => document.querySelector('mjx-math')
                && [...document.fonts].some(font => font.family.includes('MJXTEX-I') && font.status === 'loaded')
            ? painted(() => { seen.formula = performance.now() })
            : requestAnimationFrame(look);
        look();
        addEventListener('load', () => painted(() => { seen.load = performance.now() }))"""
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        print(f"\nmilliseconds after the request, processor slowed {SLOWED} times, median of 3:")
        print(f"{'page':34}{'first formula':>14}{'all loaded':>12}")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(html)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for path in sorted((html / "book").glob("*.html")):
            seen = []
            for _ in range(3):
                page = browser.new_page()
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
                page.add_init_script(note)
                page.goto(f"http://127.0.0.1:{server.server_address[1]}/book/{path.name}")
                page.wait_for_function("seen.load && (seen.formula || !document.querySelector('mjx-math'))", timeout=120_000)
                seen.append(page.evaluate("seen"))
                page.close()
            first = f"{median(s['formula'] for s in seen):.0f}" if "formula" in seen[0] else "none"
            print(f"{path.stem:34}{first:>14}{median(s['load'] for s in seen):12.0f}", flush=True)
        browser.close()


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--pages", action="store_true")
    options = options.parse_args()
    root = find_root(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        stored, html = timed(copy(root, Path(folder) / "stored", "off"))
        forced, _ = timed(copy(root, Path(folder) / "forced", "force"))
        count = len(list((root / "book").glob("*.ipynb")))
        print(
            f"{count} chapters; from stored outputs {stored:.1f} s, executing them {forced:.1f} s: {forced / stored:.1f} times faster; "
            f"executing alone takes {forced - stored:.1f} s"
        )
        if options.pages:
            pages(html)


if __name__ == "__main__":
    main()
