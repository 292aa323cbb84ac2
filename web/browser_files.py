"""All that Neo4j Browser is given, as files: guides, style, saved scripts.

They are made when they are asked for, from the query files that are installed, and so never
lag behind them. Those in ``docs/`` are to be read there; a test holds that they are the same.
"""

import io
import zipfile
from importlib import resources

from tastegraph.graph.query_files import query
from tastegraph.web.browser_guide import SCRIPTS, STYLE, guide_adoc, guide_html
from tastegraph.web.chapters import CHAPTERS, TITLE

GUIDE = "browser-guide.html"
GUIDE_ADOC = "browser-guide.adoc"

# The earliest time that a ZIP file can tell: the same queries give the same file.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def browser_files(address: str | None = None) -> dict[str, bytes]:
    """Content by name; ``address`` is where they are served, if they are."""
    return {
        GUIDE: guide_html(address).encode(),
        GUIDE_ADOC: guide_adoc(address).encode(),
        STYLE: (resources.files("tastegraph.web") / STYLE).read_bytes(),
        SCRIPTS: scripts(),
    }


def scripts() -> bytes:
    """A ZIP file of all queries, in a folder a chapter, as Browser imports it.

    Browser calls a script by its first line, of which it shows some 25 letters.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for chapter in CHAPTERS:
            for name in chapter.queries:
                entry = zipfile.ZipInfo(f"{TITLE}, {chapter.title}/{name}.cypher", _NO_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, f"// {name}\n//\n{query(name).text}")
    return packed.getvalue()
