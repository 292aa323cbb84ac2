"""Every query file runs as it is, with its own examples, and none makes Neo4j complain."""

import re

import pytest
from neo4j import GraphDatabase, ResultSummary

from tastegraph.graph.query_files import NamedQuery, query, query_names
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.graph.store.neo4j_dialect import Neo4jDialect
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.where_conditions import read_conditions
from tastegraph.models.serving.fast_or_exact import recommend_query
from tastegraph.models.serving.one_user_in_database import recommend_one
from tests.contract.trained import Trained

LANGUAGES = ("CYPHER 5 ", "CYPHER 25 ")

# Nobody has a community before `communities --write`.
ACCEPTED = {
    "property `community` does not exist",
}


def of(trained: Trained, name: str) -> NamedQuery:
    """The query as the store takes it."""
    return query(name, trained.store.dialect.cypher_25)


def every(trained: Trained) -> list[NamedQuery]:
    """All queries: where the store takes Cypher 25, those as well."""
    newer = query_names(cypher_25=True) if trained.store.dialect.cypher_25 else []
    return [*map(query, query_names()), *(query(name, cypher_25=True) for name in newer)]


def examples(trained: Trained, asked: NamedQuery) -> dict[str, object]:
    """Example values, and the store's own names for its indexes."""
    return asked.examples | INDEX_PARAMETERS


@pytest.mark.parametrize("name", query_names())
def test_answers_with_its_examples(trained: Trained, name: str) -> None:
    asked = of(trained, name)
    # What is called as in the examples is in the real data alone.
    found = {"number": 1} if "number" in asked.examples else {}
    columns, rows = trained.store.table(asked.cypher, examples(trained, asked) | found)
    assert columns == asked.columns or not rows
    # Nobody has hidden anything.
    assert rows or name == "hidden-artists"
    assert all(isinstance(row[columns[0]], int | str) for row in rows)
    if "k" in asked.examples:
        assert len(rows) <= asked.examples["k"]


def numbers(row: dict[str, object]) -> dict[str, float]:
    return {name: value for name, value in row.items() if isinstance(value, float)}


def test_pasted_they_answer_the_same(trained: Trained) -> None:
    for asked in every(trained):
        found = trained.store.rows(asked.text)
        filled = trained.store.rows(asked.cypher, asked.examples)
        # A database adds up in no particular order.
        assert len(found) == len(filled), asked.name
        for row, other in zip(found, filled, strict=True):
            assert numbers(row) == pytest.approx(numbers(other)), asked.name
            assert row == other | numbers(row), asked.name


@pytest.mark.parametrize("name", [name for name in query_names() if "k" in query(name).examples])
def test_gives_as_many_as_are_asked_for(trained: Trained, name: str) -> None:
    asked = of(trained, name)
    values = examples(trained, asked)
    if "text" in values:
        values["text"] = word_of(trained, "Artist" if name == "search-artists" else "Tag")
    assert len(trained.store.rows(asked.cypher, values | {"k": 1})) == 1
    assert trained.store.rows(asked.cypher, values | {"k": 0}) == []


def test_nobody_of_that_id_is_no_error(trained: Trained) -> None:
    for asked in every(trained):
        name = asked.name
        nobody = {key: -1 for key in asked.examples if key.endswith("Id")}
        if nobody:
            found = trained.store.rows(asked.cypher, examples(trained, asked) | nobody)
            assert found == ([{"artists": 0}] if name == "count-fitting" else [])


def test_full_text_finds_whole_words(trained: Trained) -> None:
    for label, name in (("Artist", "search-artists"), ("Tag", "search-tags")):
        word = word_of(trained, label)
        values = examples(trained, query(name)) | {"text": word}
        rows = trained.store.rows(query(name).cypher, values)
        assert rows
        assert all(word in re.findall(r"\w+", row["name"].lower()) for row in rows)


def test_top_tags_count_what_artists_carry(trained: Trained) -> None:
    found = trained.store.rows(query("top-tags").cypher, {"k": 1_000})
    carried = trained.store.rows(
        "MATCH (t:Tag)<-[h:HAS_TAG]-() RETURN t.id AS tag, t.name AS name, sum(h.count) AS times, "
        "count(h) AS artists ORDER BY times DESC, tag"
    )
    assert found == carried


def test_the_index_finds_what_a_scan_finds(trained: Trained) -> None:
    scan, index = query("similar-artists-exact"), of(trained, "similar-artists")
    for artist in (1, 2, 150):
        values = {"artistId": artist, "k": 10, "dot": False}
        expected = trained.store.rows(scan.cypher, values)
        found = trained.store.rows(index.cypher, values | INDEX_PARAMETERS)
        assert [row["artist"] for row in found] == [row["artist"] for row in expected]
        cosines = [row["similarity"] for row in expected]
        assert [row["similarity"] for row in found] == pytest.approx(cosines, abs=1e-4)


def word_of(trained: Trained, label: str) -> str:
    """A whole word of some name."""
    names = trained.store.values(f"MATCH (n:{label}) RETURN n.name ORDER BY n.id")
    words = (word for (name,) in names for word in re.findall(r"\w+", name.lower()))
    return next(word for word in words if re.fullmatch("[a-z]{4,}", word))


def test_neo4j_has_nothing_to_say(
    request: pytest.FixtureRequest, kind: str, trained: Trained
) -> None:
    if kind == "embedded":
        pytest.skip("ArcadeDB sends no notifications")
    auth = request.getfixturevalue("neo4j_auth") if kind == "neo4j" else None
    told = []
    with GraphDatabase.driver(trained.store.place, auth=auth) as driver:
        for asked in [of(trained, name) for name in query_names()]:
            for language in LANGUAGES if trained.store.dialect.cypher_25 else ("",):
                summary = driver.execute_query(
                    in_language(asked.cypher, language, "EXPLAIN "),
                    examples(trained, asked),
                    database_=trained.store.database,
                ).summary
                told += [f"{asked.name}: {text}" for text in notifications(summary)]
    assert [text for text in told if not any(word in text for word in ACCEPTED)] == []


def in_language(cypher: str, language: str, before: str = "") -> str:
    """The query in a language of Cypher, which it may name itself."""
    named = "CYPHER 25\n" in cypher
    plain = cypher.replace("CYPHER 25\n", "")
    return f"{'CYPHER 25 ' if named else language}{before}{plain}"


@pytest.mark.parametrize(
    "conditions",
    [("listeners<=4",), ("band=tail",), ("listeners>2", "listeners<21", "band=middle")],
)
def test_filters_of_the_index_find_all_that_fit(
    trained: Trained, conditions: tuple[str, ...]
) -> None:
    store = trained.store
    where = read_conditions(store, conditions)
    options = RecommendOptions(5, trained.card.weights, where=where)
    chosen = recommend_query(store, options, exact=False)
    assert chosen == (
        of(trained, "recommend-fast") if store.dialect.cypher_25 else query("recommend")
    )
    for user in (1, 2, 33):
        found, exact = (recommend_one(store, user, options, exact) for exact in (False, True))
        assert len(found) == options.k
        assert found["artist"].tolist() == exact["artist"].tolist()
        assert found["score"].tolist() == pytest.approx(exact["score"].tolist(), abs=1e-4)


def test_an_index_that_cannot_filter_is_not_asked(trained: Trained) -> None:
    store = trained.store
    if not store.dialect.cypher_25:
        pytest.skip("no index of this store filters")
    store.dialect.drop_vector_indexes(store)
    Neo4jDialect((5, 26)).create_vector_indexes(store, trained.card.dimensions)
    try:
        assert recommend_query(store, RecommendOptions(), exact=False).name == "recommend"
    finally:
        store.dialect.drop_vector_indexes(store)
        store.dialect.create_vector_indexes(store, trained.card.dimensions)
    assert recommend_query(store, RecommendOptions(), exact=False).name == "recommend-fast"


def notifications(summary: ResultSummary) -> list[str]:
    """What the server says about a query, beside its success."""
    objects = summary.gql_status_objects
    return [f"{one.gql_status}: {one.status_description}" for one in objects if one.is_notification]
