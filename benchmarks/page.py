"""How soon an exercise in the page answers: a cold visit up to the first diagnosis, and each further check.

    python benchmarks/page.py [--visits 3]

Opens a chapter of the built book in headless Chromium, once as it is and once with the processor slowed four times, each visit in a
browser that has nothing in its cache. Prints medians, what a reader loads who presses *Check* and who does not, compressed as a web server would.
"""

import argparse
import gzip
import http.server
import io
import shutil
import sys
import threading
import time
from functools import partial
from pathlib import Path
from statistics import median

from backprop.course import find_root

NAME, TASK = "06-backward-propagation", "weight_gradient"
WRONG = "def weight_gradient(delta, came_in):\n    return delta @ came_in.T"
SLOWED = 4
PACKED = (".whl", ".zip", ".png", ".woff", ".woff2")


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves files, compressed where that helps, and counts the bytes that it sends."""

    protocol_version = "HTTP/1.1"
    sent, kept = 0, {}

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix in PACKED:
            Compressing.sent += path.stat().st_size if path.is_file() else 0
            return super().send_head()
        data = self.kept.setdefault(path, gzip.compress(path.read_bytes(), 6))
        Compressing.sent += len(data)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def log_message(self, *_):
        pass


def visit(browser, site, slowed):
    """One cold visit. Returns seconds to the first diagnosis, seconds of a further check, bytes before the press and in all."""
    Compressing.sent = 0
    context = browser.new_context(viewport={"width": 360, "height": 780})
    page = context.new_page()
    if slowed:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    start = time.perf_counter()
    page.goto(f"{site}/book/{NAME}.html")
    page.wait_for_function("!!customElements.get('backprop-task')")
    loaded, check = Compressing.sent, f"document.querySelector('#task-{TASK}').check()"
    page.evaluate(f"code => {{ document.querySelector('#task-{TASK}').value = code }}", WRONG)
    assert "not divided by m" in page.evaluate(check)
    first, start = time.perf_counter() - start, time.perf_counter()
    page.evaluate(check)
    again = time.perf_counter() - start
    context.close()
    return first, again, loaded, Compressing.sent


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--visits", type=int, default=3, help="Visits of each kind (default 3); medians are printed.")
    options = parser.parse_args()
    html = find_root() / "_build" / "html"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not (html / "_static" / "python").is_dir() or not chromium:
        sys.exit("This needs Chromium and the built book with Python for its pages: backprop book")
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as player,
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(html))) as server,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        site = f"http://127.0.0.1:{server.server_address[1]}"
        print(f"{'processor':12} {'first diagnosis':>16} {'further check':>14} {'page':>9} {'with Python':>12}")
        for slowed in (False, True):
            visits = [visit(browser, site, slowed) for _ in range(options.visits)]
            first, again, page, all_ = (median(column) for column in zip(*visits))
            print(
                f"{'slowed 4 x' if slowed else 'as it is':12} {first:14.1f} s {again:12.2f} s {page / 1e6:6.2f} MB {all_ / 1e6:9.2f} MB",
                flush=True,
            )
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
