"""``python -m tastegraph.web.prepare_java``: prepares Java for the embedded store while installing.

``serve`` does the same beside its answers where nobody has.
"""

import sys

from tastegraph.api.connection import note_on_stderr
from tastegraph.graph.store.arcade_server import java_cache
from tastegraph.graph.store.make_java_cache import JavaCacheMaker
from tastegraph.runtime.notes import Note


def java_cache_maker(note: Note) -> JavaCacheMaker | None:
    """What makes the next start of the embedded store faster; None where that is switched off."""
    cache = java_cache()
    if cache is None:
        return None
    return JavaCacheMaker(cache, [sys.executable, "-m", "tastegraph.web.rehearsal"], note)


def main() -> None:
    """Make the cache of this Java, unless it is there or can't be made, which is no error."""
    maker = java_cache_maker(note_on_stderr)
    if maker is not None and not maker.is_made:
        with maker:
            maker.make()


if __name__ == "__main__":
    main()
