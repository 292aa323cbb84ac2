"""Somebody else's graph is read by a mapping, and written back to, and stays theirs.

On both kinds of store: a server, and the address of an embedded store that somebody has open.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, NotFoundError, StoreQueryError, TastegraphError
from tastegraph.graph.content import read_content
from tastegraph.graph.mapped import write_back
from tastegraph.graph.store.settings import Settings
from tastegraph.runtime.progress import Advance
from tests.contract.own_graph import (
    MOVIE_MAPPING,
    SHOP_MAPPING,
    Theirs,
    movies,
    shop,
    theirs,
)
from tests.contract.trained import train_small

SECTIONS = {
    "listens": "MATCH (p:Person)-[:REVIEWED]->(m:Movie) RETURN p.name AS user, m.title AS artist"
}


@pytest.fixture
def their(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Theirs]:
    with theirs(settings) as found:
        if found.auth:
            monkeypatch.setenv("TASTEGRAPH_SOURCE_USERNAME", found.auth[0])
            monkeypatch.setenv("TASTEGRAPH_SOURCE_PASSWORD", found.auth[1])
        yield found


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    """Ours, a new folder."""
    with Graph(Settings.of(tmp_path / "ours"), quiet=True) as opened:
        yield opened


def mapping(folder: Path, text: str) -> Path:
    file = folder / "mapping.toml"
    file.write_text(text, encoding="utf-8")
    return file


def load(graph: Graph, their: Theirs, file: Path) -> dict[str, tuple[int, int, int, str]]:
    report = graph.load(their.uri, mapping=file, source_database=their.database)
    return {kind: tuple(rest) for kind, *rest in report.itertuples(index=False)}


def relations(graph: Graph, type_: str) -> dict[tuple[object, object], object]:
    return {pair: values[0] for pair, values in read_content(graph.store).relations[type_].items()}


def test_movies(their: Theirs, graph: Graph, tmp_path: Path) -> None:
    movies(their)
    before = their.digest()
    report = load(graph, their, mapping(tmp_path, MOVIE_MAPPING))
    # A review of 45 is none; Angela's two of one movie are one listen of two plays.
    assert relations(graph, "LISTENED") == {
        ("Jess", "The Matrix"): 1,
        ("James", "The Matrix"): 1,
        ("James", "Speed"): 1,
        ("Angela", "Cloud Atlas"): 2,
    }
    content = read_content(graph.store)
    assert set(content.relations["FRIEND"]) == {("Jess", "James"), ("Paul", "Angela")}
    # Who acts in a movie is what it is tagged with, by nobody whom they know.
    assert {pair: sorted(tags[0]) for pair, tags in content.relations["TAGGED"].items()} == {
        ("catalogue", "The Matrix"): ["Carrie", "Keanu"],
        ("catalogue", "Speed"): ["Keanu"],
    }
    assert set(content.nodes["User"]) == {"Jess", "James", "Angela", "Paul", "catalogue"}
    assert set(content.nodes["Artist"]) == {"The Matrix", "Speed", "Cloud Atlas", "Memento"}
    assert report["listens"][:3] == (5, 4, 0)
    assert report["friendships"] == (3, 2, 0, "both directions are one friendship: 1")
    assert their.digest() == before
    # Again it is the same, and with --replace what they removed goes.
    assert load(graph, their, mapping(tmp_path, MOVIE_MAPPING)) == report
    their.run("MATCH (:Person {name: 'James'})-[r:REVIEWED]->(:Movie {title: 'Speed'}) DELETE r")
    graph.load(
        their.uri, mapping=tmp_path / "mapping.toml", replace=True, source_database=their.database
    )
    assert len(relations(graph, "LISTENED")) == 3


STRANGE = """
[users]
label = "Our `People`"
id = "customer no."
[artists]
label = "Ware: das Übliche"
id = "SELECT"
name = "it's called"
[listens]
type = ["HAS BOUGHT", "GOT`"]
direction = "in"
plays = "how many"
time = "at"
[tags]
property = "key words"
by = 0
"""


def test_names_that_need_backticks_and_values_of_any_type(
    their: Theirs, graph: Graph, tmp_path: Path
) -> None:
    their.run("UNWIND [1, 2, 3.0, null] AS id CREATE (:`Our ``People```  {`customer no.`: id})")
    their.run(
        "UNWIND [[10, 'A', ['x', 'y z']], [11, null, ['x']], [12, 'C', null]] AS each "
        "CREATE (w:`Ware: das Übliche` {SELECT: each[0], `it's called`: each[1]}) "
        "SET w.`key words` = each[2]"
    )
    for type_, who, what, many in [
        *(("HAS BOUGHT", 1, 10, 2), ("HAS BOUGHT", 1, 10, 3), ("GOT``", 2, 10, None)),
        *(("GOT``", 3, 11, 0), ("GOT``", 3, 12, 1.5), ("HAS BOUGHT", None, 12, 1)),
        ("HAS BOUGHT", 2, 12, "lots"),
    ]:
        their.run(
            "MATCH (p:`Our ``People```), (w:`Ware: das Übliche` {SELECT: $what}) "
            "WHERE coalesce(p.`customer no.`, 0) = coalesce($who, 0) "
            f"CREATE (w)-[r:`{type_}`]->(p) "
            "SET r.`how many` = $many, r.at = '2021-01-31T12:00:00Z'",
            who=who,
            what=what,
            many=many,
        )
    notes: list[str] = []
    graph.note = notes.append
    report = load(graph, their, mapping(tmp_path, STRANGE))
    assert relations(graph, "LISTENED") == {(1, 10): 5, (2, 10): 1, (3, 12): 2}
    reason = report["listens"][3]
    assert report["listens"][:3] == (7, 3, 3)
    assert "plays is no number from 0 to 100,000,000: 1" in reason
    assert "user is missing: 1" in reason
    assert "0 plays: 1" in reason
    assert "1 listens have no plays: each counts one" in notes
    content = read_content(graph.store)
    assert content.nodes["Artist"][11][0] == "11"
    assert set(content.relations["TAGGED"]) == {(0, 10), (0, 11)}
    assert content.relations["LISTENED"][1, 10][1:] == ("2021-01-31T12:00:00Z",) * 2


def test_queries_of_their_own(their: Theirs, graph: Graph, tmp_path: Path) -> None:
    movies(their)
    own = MOVIE_MAPPING.replace(
        'type = "REVIEWED"\nleast = { rating = 50 }', f'cypher = "{SECTIONS["listens"]}"'
    )
    load(graph, their, mapping(tmp_path, own))
    assert relations(graph, "LISTENED")["Jess", "Cloud Atlas"] == 1
    with pytest.raises(InputError, match="must give the columns user, artist, and gives usr, art"):
        load(graph, their, mapping(tmp_path, own.replace("AS user", "AS usr")))


def test_a_query_that_writes_is_refused_and_writes_nothing(
    their: Theirs, graph: Graph, tmp_path: Path
) -> None:
    movies(their)
    before = their.digest()
    writes = "CREATE (:Person {name: 'Mallory'}) RETURN 'a' AS user, 'b' AS artist"
    own = MOVIE_MAPPING.replace(
        'type = "REVIEWED"\nleast = { rating = 50 }', f'cypher = "{writes}"'
    )
    with pytest.raises(StoreQueryError, match="is only read"):
        load(graph, their, mapping(tmp_path, own))
    assert their.digest() == before


NOT_THERE = [
    ('label = "Movie"', 'label = "Movies"', "[artists].*label 'Movies'; did you mean 'Movie'"),
    ('"REVIEWED"', '"REVIEWS"', "[listens].*type 'REVIEWS'; did you mean 'REVIEWED'"),
    ('id = "title"', 'id = "titel"', "[artists] id.*property 'titel'; did you mean 'title'"),
    ("rating =", "ratings =", "[listens].*property 'ratings'; did you mean 'rating'"),
    ('"REVIEWED"', '"FOLLOWS"', "not lead where the mapping says, but from (:Person) to (:Person)"),
    ('direction = "in"', "", "[tags].*from (:Person) to (:Movie).*direction"),
    ('"FOLLOWS"', '"XYZ"', "[friends].*'XYZ'; there are 'ACTED_IN', 'FOLLOWS', 'REVIEWED'"),
]


def test_what_is_not_there_is_said_with_what_is(
    their: Theirs, graph: Graph, tmp_path: Path
) -> None:
    movies(their)
    for was, now, said in NOT_THERE:
        pattern = ".*".join(map(re.escape, said.split(".*")))
        with pytest.raises(NotFoundError, match=pattern):
            load(graph, their, mapping(tmp_path, MOVIE_MAPPING.replace(was, now, 1)))
    assert not graph.settings.exists


def test_the_store_itself_is_no_source(their: Theirs, settings: Settings, tmp_path: Path) -> None:
    movies(their)
    before = their.digest()
    file = mapping(tmp_path, MOVIE_MAPPING)
    with Graph(settings, quiet=True) as same:
        for ask in (same.load, same.write_back):
            with pytest.raises(InputError, match="is the store itself"):
                ask(their.uri, mapping=file, source_database=their.database)
    assert their.digest() == before


@contextmanager
def trained(their: Theirs, graph: Graph, folder: Path) -> Iterator[Path]:
    shop(their)
    file = mapping(folder, SHOP_MAPPING)
    load(graph, their, file)
    train_small(graph.store)
    yield file


def written(their: Theirs) -> tuple[int, int, int]:
    counts = [
        their.run(f"MATCH (n:{label}) WHERE n.taste IS NOT NULL RETURN count(n)")[0][0]
        for label in ("Person", "Product")
    ]
    return *counts, their.run("MATCH (:Person)-[r:RECOMMENDED]->() RETURN count(r)")[0][0]


def test_what_is_written_back_is_what_the_model_gives(
    their: Theirs, graph: Graph, tmp_path: Path
) -> None:
    with trained(their, graph, tmp_path) as file:
        before = their.digest()
        rows = graph.write_back(their.uri, mapping=file, source_database=their.database)
        assert rows.values.tolist() == [
            ["user vectors", 30, 0],
            ["artist vectors", 24, 0],
            ["recommendations", 90, 0],
        ]
        best = graph.recommend("p3@shop", k=3, exact=True)
        found = their.run(
            "MATCH (:Person {email: 'p3@shop'})-[r:RECOMMENDED]->(x:Product) "
            "RETURN r.rank, x.sku, r.score, r.model ORDER BY r.rank"
        )
        assert [row[:2] for row in found] == [[*row] for row in best[["rank", "artist"]].values]
        assert [row[2] for row in found] == pytest.approx(best["score"].tolist(), abs=1e-5)
        assert {row[3] for row in found} == {graph.info().set_index("kind").loc["model", "count"]}
        ours = graph.store.values("MATCH (a:Artist {id: 'sku-4'}) RETURN a.embedding")[0][0]
        there = their.run("MATCH (x:Product {sku: 'sku-4'}) RETURN x.taste")[0][0]
        assert there == pytest.approx(ours, abs=1e-6)
        assert their.digest("taste", "RECOMMENDED") == before
        # Again it is the same graph, and what was there is there when all is taken out.
        after = their.digest()
        again = graph.write_back(their.uri, mapping=file, source_database=their.database)
        assert again["removed"].tolist() == [0, 0, 0]
        assert their.digest() == after
        gone = graph.write_back(their.uri, remove=True, source_database=their.database)
        assert gone["removed"].tolist() == [30, 24, 90]
        assert their.digest() == before
        assert their.run("MATCH (n) WHERE 'TastegraphWriteBack' IN labels(n) RETURN n") == []
        nothing = graph.write_back(their.uri, remove=True, source_database=their.database)
        assert nothing["removed"].tolist() == [0, 0, 0]


def test_who_fell_out_loses_what_they_had(their: Theirs, graph: Graph, tmp_path: Path) -> None:
    with trained(their, graph, tmp_path) as file:
        graph.write_back(their.uri, mapping=file, source_database=their.database)
        graph.forget("p3@shop")
        rows = graph.write_back(their.uri, mapping=file, source_database=their.database)
        assert rows.values.tolist() == [
            ["user vectors", 29, 1],
            ["artist vectors", 24, 0],
            ["recommendations", 87, 3],
        ]
        assert written(their) == (29, 24, 87)
        # Another mapping takes away what the one before has written.
        other = SHOP_MAPPING.replace('"taste"', '"taste2"').replace("recommended", "# recommended")
        graph.write_back(
            their.uri, mapping=mapping(tmp_path, other), source_database=their.database
        )
        assert written(their) == (0, 0, 0)


class _InterruptedError(Exception):
    """Somebody pulls the plug."""


def test_an_interrupted_run_touches_nothing_else_and_is_completed(
    their: Theirs, graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_back, "BATCH", 7)
    with trained(their, graph, tmp_path) as file:
        before = their.digest()
        for last in (1, 6, 10):
            graph.progress = breaking_off(last)
            with pytest.raises(_InterruptedError):
                graph.write_back(their.uri, mapping=file, source_database=their.database)
            assert sum(written(their)) > 0
            assert their.digest("taste", "RECOMMENDED") == before
        graph.progress = breaking_off(10**9)
        graph.write_back(their.uri, mapping=file, source_database=their.database)
        assert written(their) == (30, 24, 90)
        graph.write_back(their.uri, remove=True, source_database=their.database)
        assert their.digest() == before


def breaking_off(last: int):
    """Progress that ends the work of writing back after so many batches."""

    @contextmanager
    def progress(label: str, total: int) -> Iterator[Advance]:
        left = iter(range(last))

        def advance(steps: int) -> None:
            if label == "Writing back" and next(left, None) is None:
                raise _InterruptedError

        yield advance

    return progress


@pytest.mark.parametrize("name", ["nick", "price"])
def test_a_property_of_theirs_is_not_overwritten(
    their: Theirs, graph: Graph, tmp_path: Path, name: str
) -> None:
    with trained(their, graph, tmp_path):
        before = their.digest()
        file = mapping(tmp_path, SHOP_MAPPING.replace('"taste"', f'"{name}"'))
        with pytest.raises(InputError, match=f"property '{name}' that is not tastegraph's"):
            graph.write_back(their.uri, mapping=file, source_database=their.database)
        file = mapping(tmp_path, SHOP_MAPPING.replace('"RECOMMENDED"', '"BOUGHT"'))
        with pytest.raises(InputError, match="relationships 'BOUGHT' that are not tastegraph's"):
            graph.write_back(their.uri, mapping=file, source_database=their.database)
        assert their.digest() == before
        assert their.run("MATCH (n) WHERE 'TastegraphWriteBack' IN labels(n) RETURN n") == []


def test_a_mapping_is_proposed(their: Theirs, graph: Graph, tmp_path: Path) -> None:
    shop(their)
    text = graph.propose_mapping(their.uri, source_database=their.database)
    assert "(:Person)-[:BOUGHT]->(:Product) {quantity} 150" in text
    proposed = load(graph, their, mapping(tmp_path, text))
    ids = set(read_content(graph.store).nodes["Artist"])
    with Graph(Settings.of(tmp_path / "other"), quiet=True) as other:
        assert load(other, their, mapping(tmp_path, SHOP_MAPPING)) == proposed
        assert set(read_content(other.store).nodes["Artist"]) == ids
    movies(their)
    text = graph.propose_mapping(their.uri, source_database=their.database)
    assert "(:Person)-[:REVIEWED]->(:Movie) {rating} 6" in text


def test_nothing_to_propose(their: Theirs, graph: Graph) -> None:
    their.run("CREATE (:Person {name: 'a'})-[:KNOWS]->(:Person {name: 'b'})")
    with pytest.raises(TastegraphError, match="nobody listens to anything here"):
        graph.propose_mapping(their.uri, source_database=their.database)
