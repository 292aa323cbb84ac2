"""A lake of Parquet becomes what the same rows in files do."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import EngineError, InputError, UsageError
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.readers.tables import read_tables
from tastegraph.runtime.progress import silent
from tastegraph.spark.cluster import Cluster, cluster
from tastegraph.spark.engine import Spark
from tastegraph.spark.lake import read_lake

NAMES = ["Björk", "bjo\u0308rk ", "Low", "low", "Can"]
LISTENS = pd.DataFrame(
    {
        "user": [1, 1, 1, 2, 2, None, 3, 3, 3, 4],
        "artist": [NAMES[at] for at in (0, 0, 1, 2, 3, 2, 4, 4, 4, 4)],
        "plays": [3, 4, 0, 1, 2, 5, 0, 0, 7, 1],
    }
).astype({"user": "Int64"})
TIMES = ["2021-01-31 12:00", "2020-01-01", "no time", None, "1612096496000"] * 2
FRIENDS = pd.DataFrame({"user": [1, 2, 2, 9], "friend": [2, 1, 2, 1]})
TAGS = pd.DataFrame(
    {"user": [1, 1, 2], "artist": ["Can", "Can", "Low"], "tag": ["krautrock", "krautrock", "slow"]}
)
ARTISTS = pd.DataFrame({"artist": ["Björk", "Low", "Can"], "name": ["Björk", "Low", "CAN"]})

LAKES = {
    "listens alone": {"listens": LISTENS},
    "all tables": {"listens": LISTENS, "friends": FRIENDS, "tags": TAGS},
    "named artists": {"listens": LISTENS, "artists": ARTISTS, "tags": TAGS},
    "rows count": {"listens": LISTENS[["user", "artist"]]},
    "numbers": {"listens": LISTENS.assign(artist=range(7, 17)).astype({"user": "float64"})},
    "times": {"listens": LISTENS.assign(time=TIMES)},
    "numbers as times": {
        "listens": LISTENS.assign(
            time=[1612096496, 1612096496000, 1612096496000000, 20210131, 5, 0, 1, 2, 3, 4]
        )
    },
    "days": {"listens": LISTENS.assign(time=[date(2021, 1, 30)] * 9 + [date(1969, 1, 1)])},
    "first and last": {
        "listens": LISTENS.assign(first_heard=TIMES, last_heard=pd.Timestamp("2022-02-02 02:02"))
    },
    "other titles": {
        "listens": LISTENS.rename(columns={"user": "USERID", "plays": "weight"}).assign(
            **{"a.b `c`": 1}
        )
    },
}


@pytest.fixture(scope="module")
def workers(spark: Spark) -> Iterator[Cluster]:
    with cluster(spark) as found:
        yield found


def write(tables: dict[str, pd.DataFrame], folder: Path) -> Path:
    """Each table as a folder of three files, as Spark writes them."""
    for name, frame in tables.items():
        (folder / name).mkdir(parents=True)
        for part in range(3):
            frame.iloc[part::3].to_parquet(folder / name / f"part-{part}.parquet", index=False)
    return folder


def as_files(tables: dict[str, pd.DataFrame], folder: Path) -> Path:
    folder.mkdir()
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def content(frames: GraphFrames) -> dict[str, object]:
    return {
        name: value.to_dict("list") if isinstance(value, pd.DataFrame) else value
        for name, value in vars(frames).items()
        if name != "notes"
    }


def in_words(frames: GraphFrames) -> list[list[object]]:
    """The report, without what the tables are called."""
    return [[str(cell).replace(".parquet", "") for cell in astuple(row)] for row in frames.report]


@pytest.mark.parametrize("name", LAKES)
def test_the_frames_are_those_of_files(workers: Cluster, tmp_path: Path, name: str) -> None:
    lake = read_lake(workers, str(write(LAKES[name], tmp_path / "lake")))
    files = read_tables(as_files(LAKES[name], tmp_path / "files"))
    assert in_words(lake) == in_words(files)
    got, wanted = content(lake), content(files)
    del got["report"], wanted["report"]
    assert got == wanted
    assert len(lake.notes) == len(files.notes)


def test_titles_may_be_told(workers: Cluster, tmp_path: Path) -> None:
    titles = {"user": "who", "artist": "band", "plays": "n"}
    odd = LISTENS.rename(columns=titles)
    lake = write({"listens": odd}, tmp_path / "lake")
    with pytest.raises(InputError, match="listens, line 1: no column userID or user"):
        read_lake(workers, str(lake))
    with pytest.raises(InputError, match="listens, line 1: no column at"):
        read_lake(workers, str(lake), columns=titles | {"time": "at"})
    got = read_lake(workers, str(lake), columns=titles)
    wanted = read_tables(as_files({"listens": LISTENS}, tmp_path / "files"))
    pd.testing.assert_frame_equal(got.listens, wanted.listens)


@pytest.mark.parametrize("cell", [-1, 1.5, 2e8, None])
def test_plays_that_are_none_are_refused(workers: Cluster, tmp_path: Path, cell: float) -> None:
    wrong = LISTENS.assign(plays=[*LISTENS["plays"][:-1], cell])
    with pytest.raises(InputError, match=r"listens: plays is \".*\", not a whole number from 0"):
        read_lake(workers, str(write({"listens": wrong}, tmp_path / "lake")))


def test_plays_as_text_are_refused(workers: Cluster, tmp_path: Path) -> None:
    wrong = LISTENS.assign(plays="1.000")
    with pytest.raises(InputError, match="plays is string, and a lake's plays are numbers"):
        read_lake(workers, str(write({"listens": wrong}, tmp_path / "lake")))


def test_what_is_no_lake_is_told(workers: Cluster, tmp_path: Path, made: Path) -> None:
    with pytest.raises(InputError, match="has no table of listens"):
        read_lake(workers, str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="is an export, which one machine reads"):
        read_lake(workers, str(made))
    twice = write({"listens": LISTENS}, tmp_path / "twice")
    as_files({"listens": LISTENS}, tmp_path / "files").joinpath("listens.parquet").rename(
        twice / "listens.parquet"
    )
    with pytest.raises(InputError, match=r"listens and listens\.parquet, which are one table"):
        read_lake(workers, str(twice))
    (tmp_path / "text" / "listens").mkdir(parents=True)
    (tmp_path / "text" / "listens" / "a.parquet").write_text("user,artist\n1,2\n")
    with pytest.raises(EngineError, match=r"a\.parquet"):
        read_lake(workers, str(tmp_path / "text"))
    nobody = write({"listens": LISTENS[:0]}, tmp_path / "empty")
    with pytest.raises(InputError, match="listens holds no listens"):
        read_lake(workers, str(nobody))


def test_it_comes_into_the_graph_and_again_changes_nothing(spark: Spark, tmp_path: Path) -> None:
    lake = write(LAKES["all tables"], tmp_path / "lake")
    notes: list[str] = []
    with Graph(Settings.of(tmp_path / "store"), note=notes.append, progress=silent) as graph:
        report = graph.load(lake, engine=spark)
        assert report.set_index("kind").at["listens", "loaded"] == 4
        assert not graph.load(lake, engine=spark).empty
        assert "0 nodes and relationships added, 0 changed, 0 removed" in notes[-1]
        graph.load(as_files(LAKES["all tables"], tmp_path / "files"))
        assert "0 nodes and relationships added, 0 changed, 0 removed" in notes[-1]


@pytest.mark.parametrize("said", [{"format": "spotify"}, {"listens": "x.csv"}, {"user": "me"}])
def test_options_of_files_are_refused(tmp_path: Path, said: dict[str, str]) -> None:
    with (
        Graph(Settings.of(tmp_path / "store"), note=lambda _: None, progress=silent) as graph,
        pytest.raises(UsageError, match="--engine spark loads"),
    ):
        graph.load(tmp_path, engine=Spark("local[2]"), **said)
