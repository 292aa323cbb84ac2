from pathlib import Path

import pytest

from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.readers.hetrec import read_hetrec

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def hetrec_folder() -> Path:
    folder = DATA / "hetrec2011-lastfm-2k"
    if not folder.is_dir():
        pytest.skip(f"the HetRec 2011 Last.fm data is not in {folder}")
    return folder


@pytest.fixture(scope="session")
def split_folder() -> Path:
    folder = DATA / "split-80-20"
    if not folder.is_dir():
        pytest.skip(f"the public split is not in {folder}")
    return folder


@pytest.fixture(scope="session")
def real(hetrec_folder: Path) -> GraphFrames:
    return read_hetrec(hetrec_folder)
