"""The same data give the same, in whatever order files have them, and however often."""

import csv
import io
import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.ingest.target import target_content
from tastegraph.loaders.readers.tables import read_tables
from tastegraph.loaders.source import read_source
from tastegraph.loaders.write_files import write_tables
from tests.loaders.folders import assert_equal_frames
from tests.loaders.test_write_files import sources

SOURCES = sources(tag_is_name=True, breaks="\0")


def shuffle(file: Path, order: random.Random) -> None:
    """Write the rows and the columns of a CSV in another order."""
    header, *rows = csv.reader(io.StringIO(file.read_bytes().decode(), newline=""))
    columns = order.sample(range(len(header)), len(header))
    order.shuffle(rows)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([each[at] for at in columns] for each in (header, *rows))
    file.write_bytes(text.getvalue().encode())


@settings(max_examples=40)
@given(SOURCES, st.randoms(use_true_random=False))
def test_rows_and_columns_in_any_order(frames: GraphFrames, order: random.Random) -> None:
    with TemporaryDirectory() as folder:
        made = Path(folder, "made")
        write_tables(frames, made)
        for file in sorted(made.iterdir()):
            shuffle(file, order)
        assert_equal_frames(read_tables(made), frames)


@settings(max_examples=40)
@given(SOURCES)
def test_a_second_load_of_the_same_asks_for_the_same_graph(frames: GraphFrames) -> None:
    once = target_content(GraphContent(), frames, replace=False)
    assert target_content(once, frames, replace=False) == once
    assert target_content(once, frames, replace=True) == once


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(["Air", "Björk", "Can"]), st.integers(0, 90_000)), min_size=1
    ),
    st.randoms(use_true_random=False),
)
def test_files_of_a_history_in_any_order(
    plays: list[tuple[str, int]], order: random.Random
) -> None:
    rows = [
        {
            "endTime": f"2024-01-01 {at // 60:02}:{at % 60:02}",
            "artistName": artist,
            "trackName": "T",
        }
        | {"msPlayed": milliseconds}
        for at, (artist, milliseconds) in enumerate([("Air", 90_000), *plays])
    ]
    with TemporaryDirectory() as folder:
        whole, parts = Path(folder, "a", "ana"), Path(folder, "b", "ana")
        whole.mkdir(parents=True)
        parts.mkdir(parents=True)
        (whole / "StreamingHistory0.json").write_text(json.dumps(rows))
        order.shuffle(rows)
        cut = order.randint(1, len(rows))
        for number, some in zip((1, 0), (rows[:cut], rows[cut:] or rows[:0]), strict=True):
            (parts / f"StreamingHistory{number}.json").write_text(json.dumps(some))
        assert_equal_frames(read_source(parts), read_source(whole))
