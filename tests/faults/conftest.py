"""Data on disk to load, what the graph holds afterwards, and an empty folder to work in."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.ingest.target import target_content
from tastegraph.loaders.source import read_source
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.loaders.write_files import write_hetrec


@dataclass(frozen=True)
class Data:
    """Two sources with ids in common.

    path, frames            the first source on disk and read
    other, other_frames     the second, with more of everything
    wanted                  the graph after an undisturbed load of the first
    merged                  the graph after undisturbed loads of the first and then the second
    """

    path: Path
    frames: GraphFrames
    other: Path
    other_frames: GraphFrames
    wanted: GraphContent
    merged: GraphContent


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    folder = tmp_path_factory.mktemp("sources")
    write_hetrec(generate(60, 120, 7), folder / "first")
    write_hetrec(generate(90, 150, 8), folder / "second")
    frames, other_frames = read_source(folder / "first"), read_source(folder / "second")
    wanted = target_content(GraphContent(), frames, replace=False)
    merged = target_content(wanted, other_frames, replace=False)
    return Data(folder / "first", frames, folder / "second", other_frames, wanted, merged)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder in which commands run; nothing may appear in it."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


@pytest.fixture
def mounted(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of its own, mounted with the options of the test."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small file system")
    folder = tmp_path / "mounted"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", request.param, "tmpfs", str(folder)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"mount does not work here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
