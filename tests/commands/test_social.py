"""The social graph on the command line: columns, notes, and what is said where there is nothing."""

import json
from pathlib import Path

import networkx as nx
import pytest

from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tests.commands.running import Ask, empty_store, from_csv
from tests.contract.frames import frames

COLUMNS = {
    ("friends", 2): ["user", "similarity", "shared_count", "shared", "unheard_count", "unheard"],
    ("path", 2, 50): ["path", "step", "from", "to", "by", "shared_count", "shared"],
    ("suggest-friends", 2): [
        *("rank", "user", "score", "common", "similarity"),
        *("common_count", "common_friends", "shared_count", "shared"),
    ],
    ("communities",): ["community", "size", "inside", "tags", "artists", "central"],
    ("communities", "--members"): ["community", "user", "friends", "inside"],
    ("influence",): ["rank", "user", "friends", "pagerank", "betweenness"],
}


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """No model, no tags; 3 and 4 have no friends, 5 and 6 are apart."""
    place = tmp_path_factory.mktemp("lonely") / "store"
    source = frames(
        users=[1, 2, 3, 4, 5, 6],
        artists=[(1, "Air"), (2, "Beck")],
        listens=[(1, 1, 5), (2, 1, 1), (3, 2, 1)],
        friendships=[(1, 2), (5, 6)],
    )
    with open_store(Settings.of(place)) as store:
        ingest(store, source)
        yield Ask(store.place)


@pytest.fixture(scope="module")
def friendless(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """A graph without friendships."""
    place = tmp_path_factory.mktemp("friendless") / "store"
    with open_store(Settings.of(place)) as store:
        ingest(store, frames([1, 2], [(1, "Air")], [], [(1, 1, 5), (2, 1, 1)]))
        yield Ask(store.place)


@pytest.mark.parametrize("words", COLUMNS, ids=str)
def test_columns(ask: Ask, words: tuple[object, ...]) -> None:
    assert list(ask.rows(*words)[0]) == COLUMNS[words]
    assert list(from_csv(ask(*words, "--format", "csv").stdout)[0]) == COLUMNS[words]


def test_friends_and_suggestions_are_disjoint(ask: Ask) -> None:
    friends = {row["user"] for row in ask.rows("friends", 2)}
    suggested = ask.rows("suggest-friends", 2, "-k", 300)
    assert friends
    assert not friends & {row["user"] for row in suggested}
    assert 2 not in {row["user"] for row in suggested}
    for row in suggested:
        assert row["score"] == pytest.approx(row["common"] + row["similarity"])
    by_friends = ask.rows("suggest-friends", 2, "--similarity-weight", 0)
    assert all(row["similarity"] == 0 for row in by_friends)


def test_path_shows_as_many_as_asked_for(ask: Ask) -> None:
    every = ask.rows("path", 2, 150)
    steps = max(row["step"] for row in every)
    for start in range(0, len(every), steps):
        way = every[start : start + steps]
        assert (way[0]["from"], way[-1]["to"]) == (2, 150)
        assert [row["to"] for row in way[:-1]] == [row["from"] for row in way[1:]]
    assert len(every) == 12 * steps
    result = ask("path", 2, 150, "-k", 1)
    assert len(result.stdout.splitlines()) == 1 + steps
    assert f"1 of 12 paths of {steps} steps" in result.stderr


def test_the_same_person_twice(ask: Ask) -> None:
    assert "the same person: name two" in ask("path", 2, 2, code=1).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("friends", 9999),
        ("path", 2, 9999),
        ("suggest-friends", 9999),
        ("communities", 9999),
    ],
    ids=str,
)
def test_unknown_user(ask: Ask, words: tuple[object, ...]) -> None:
    assert "there is no user 9999" in ask(*words, code=1).stderr


def test_evaluation_leaves_the_graph_alone(ask: Ask) -> None:
    before = ask("info").stdout
    result = ask("suggest-friends", "--evaluate", "-k", 5, "--format", "json")
    rows = {row["method"]: row for row in json.loads(result.stdout)}
    assert set(rows) == {"suggest-friends", "adamic-adar", "similarity", "popularity"}
    # Invented friends are of like taste.
    assert rows["suggest-friends"]["auc"] > rows["adamic-adar"]["auc"] > 0.5
    assert {row["k"] for row in rows.values()} == {5}
    assert "collective" in result.stderr
    assert "did best on the slice" in result.stderr
    assert ask("info").stdout == before


@pytest.mark.parametrize(
    "words",
    [
        (),
        (2, "--evaluate"),
        ("--evaluate", "--holdout", 1),
        (2, "--similarity-weight", "nan"),
        (2, "--similarity-weight", -1),
    ],
    ids=str,
)
def test_wrong_usage(ask: Ask, words: tuple[object, ...]) -> None:
    ask("suggest-friends", *words, code=2)


def test_too_few_friendships_to_evaluate(lonely: Ask) -> None:
    assert "2 friendships are too few" in lonely("suggest-friends", "--evaluate", code=1).stderr


def test_communities_go_into_the_graph_only_when_told(change: Ask) -> None:
    members = change.rows("communities", "--members", "--seed", 3)
    assert change.rows("communities", "--members", "--seed", 3) == members
    result = change("communities", "--write", "--seed", 3)
    assert f"{len(members)} users" in result.stderr
    change("export-graph", 2, "--hops", 6, "-o", "all.graphml")
    found = nx.read_graphml("all.graphml").nodes(data="community")
    expected = {f"user:{row['user']}": row["community"] for row in members}
    people = {name: number for name, number in found if name.startswith("user:")}
    assert people
    assert people.items() <= expected.items()


def test_community_of_one(ask: Ask) -> None:
    members = ask.rows("communities", "--members", 2)
    (community,) = ask.rows("communities", 2)
    assert 2 in {row["user"] for row in members}
    assert {row["community"] for row in members} == {community["community"]}
    assert len(members) == community["size"]


def test_sampled_betweenness_is_said(ask: Ask) -> None:
    assert "is estimated from the paths of 50 of" in ask("influence", "--samples", 50).stderr
    assert ask("influence", "-k", 3, "--samples", 300).stderr == ""


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".cyjs", ".json"])
def test_export(ask: Ask, suffix: str) -> None:
    result = ask("export-graph", 2, "--hops", 1, "-o", f"a{suffix}")
    friends = len(ask.rows("friends", 2))
    assert f"a{suffix} holds {friends + 1} people, " in result.stderr
    assert [path.name for path in Path().iterdir()] == [f"a{suffix}"]


def test_export_is_bounded(ask: Ask) -> None:
    assert "--hops 50 is taken for 6" in ask("export-graph", 2, "--hops", 50, "-o", "a.gexf").stderr
    ask("export-graph", 2, "--hops", 0, "-o", "a.gexf", code=2)
    assert "use .graphml" in ask("export-graph", 2, "-o", "a.png", code=2).stderr
    assert "no folder nope" in ask("export-graph", 2, "-o", "nope/a.gexf", code=1).stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("friends", 3), "user 3 has no friends in the graph; who might become one"),
        (("friends", 1), "no model has been trained, so nothing is known of taste"),
        (("path", 1, 3), "user 3 has no friends in the graph"),
        (("path", 1, 5), "no path leads from user 1 to user 5: the first has 1 people"),
        (
            ("path", 1, 4, "--by", "both"),
            "user 4 has no friends in the graph and listens to nobody",
        ),
        (("suggest-friends", 3), "user 3 has no friends in the graph, so nobody has friends in"),
        (("suggest-friends", 1), "no model has been trained"),
        (("communities",), "no tags of these people"),
        (("communities", 3), "user 3 has no friends in the graph, and so no community"),
        (("export-graph", 3, "-o", "a.gexf"), "user 3 has no friends in the graph"),
    ],
    ids=str,
)
def test_what_is_missing_is_said(lonely: Ask, words: tuple[object, ...], message: str) -> None:
    assert f"Note: {message}" in lonely(*words).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("friends", 1),
        ("path", 1, 2),
        ("communities",),
        ("influence",),
        ("suggest-friends", "--evaluate"),
    ],
    ids=str,
)
def test_no_friendships_at_all(friendless: Ask, words: tuple[object, ...]) -> None:
    error = friendless(*words, code=1).stderr
    assert error.startswith("Error: there are no friendships in ")
    assert friendless.hint("load PATH'") in error


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    empty = empty_store(tmp_path / "empty")
    assert "holds nobody yet" in empty("friends", 2, code=1).stderr
    assert "no friendships" in empty("communities", code=1).stderr


def test_communities_are_told_alike_in_cypher(change: Ask) -> None:
    told = change.rows("communities", "--write", "--seed", 3)
    asked = change.rows("query", "run", "communities", "-p", "k=100")
    assert [row["community"] for row in asked] == [row["community"] for row in told]
    for ours, theirs in zip(told, asked, strict=True):
        assert theirs["users"] == ours["size"]
        assert [theirs[name] for name in ("tags", "artists", "central")] == [
            ours[name] for name in ("tags", "artists", "central")
        ]
