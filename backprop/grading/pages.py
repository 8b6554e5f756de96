"""The course's own pages: templates that lie beside this file, each with a policy that allows its one style sheet."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

from backprop.checking.wire import printable


def template(name: str, **filters: Callable):
    """A Jinja template that escapes what it is given and knows `printable`, `policy` and these filters."""
    from jinja2 import Environment, FileSystemLoader  # a second that an unchanged class need not spend

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
    environment.filters.update(printable=printable, policy=policy, **filters)
    return environment.get_template(name)


def policy(style: str) -> str:
    """The Content-Security-Policy of a page that needs this style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
