"""Where what can be made again is kept."""

from pathlib import Path

from platformdirs import user_cache_path

from tastegraph.runtime.environment import CACHE


def cache_folder() -> Path:
    """The folder that TASTEGRAPH_CACHE names, or the user's cache folder."""
    return Path(CACHE.value) if CACHE.value else user_cache_path("tastegraph", appauthor=False)
