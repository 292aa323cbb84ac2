"""Templates, and what they may call."""

from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from tastegraph.web.pages.words import change, number


@cache
def environment() -> Environment:
    """Everything that is shown is text: nothing of the data is ever taken for HTML."""
    made = Environment(
        loader=PackageLoader("tastegraph.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"count": count, "part": part, "number": number, "change": change}
    made.globals |= {"static": static}
    return made


def render(template: str, **values: Any) -> str:
    """The page ``template``."""
    return environment().get_template(f"{template}.html").render(**values)


def count(value: float | None) -> str:
    """A number of things, in groups of three digits."""
    return "0" if value is None else f"{value:,.0f}"


def part(value: object) -> str:
    """``value`` as one part of a path, whatever is in it; dots alone would lead elsewhere."""
    quoted = quote(str(value), safe="")
    return quoted.replace(".", "%2E") if set(quoted) == {"."} else quoted


@cache
def static(name: str) -> str:
    """Where a file is that pages load; another file of the same name is at another address."""
    content = (resources.files("tastegraph.web.static") / name).read_bytes()
    return f"/static/{name}?{sha256(content).hexdigest()[:12]}"
