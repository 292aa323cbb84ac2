"""Several commands that write to the same graph at the same time.

Environment: FAULTS_PAIRS says how often each set of commands is tried on each store.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tastegraph.graph.content import read_content
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.models.storage.model_card import is_stale, read_card
from tastegraph.models.storage.versions import KEPT, list_models
from tests.contract.conftest import empty_place, filled_place
from tests.faults.chain import TRAINING, Sources, commands, run_here
from tests.faults.digest import assert_sound
from tests.faults.forked import Ended, at_once, run

pytestmark = pytest.mark.slow

TIMES = int(os.environ.get("FAULTS_PAIRS", "1"))
TRAIN = (*TRAINING, "--dimensions", 8)
SAVE = ("new-listener", "--like", 3, "--friend", 2, "--save")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    return Sources.make(tmp_path_factory.mktemp("sources"))


@pytest.fixture(params=["neo4j", "embedded"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def place(request: pytest.FixtureRequest, kind: str) -> Iterator[Settings]:
    with empty_place(request, kind) as found:
        yield found


def load_and_train_twice(store: GraphStore) -> None:
    """Fill an empty store with the first source and two models, of which the second serves."""
    with TemporaryDirectory() as folder:
        lines: list[tuple[object, ...]] = [("load", Sources.make(Path(folder)).first)]
        lines += [(*TRAIN, "--seed", seed) for seed in (1, 2)]
        for arguments in lines:
            code, words = run_here(["--store", store.place, *arguments])
            assert code == 0, words


@pytest.fixture
def trained(request: pytest.FixtureRequest, kind: str) -> Settings:
    return filled_place(request, kind, load_and_train_twice).place


def together(place: Settings, desk: Path, *lines: Sequence[object]) -> list[Ended]:
    """Run all at once; whoever fails says so in a sentence that is ours."""
    ended = at_once([["--store", place.place, *line] for line in lines], desk)
    for each in ended:
        assert each.code in (0, 1), each
        assert not any(raw in each.words for raw in ("Traceback", "Neo.", "neo4j.")), each
    with open_store(place) as store:
        assert_sound(store)
    return ended


@pytest.mark.parametrize("time", range(TIMES))
def test_two_loads_at_once_double_nothing(
    place: Settings, sources: Sources, desk: Path, time: int
) -> None:
    load, more = (commands(sources)[name] for name in ("load", "load more"))
    ended = together(place, desk, load, load, more)
    assert {each.code for each in ended} == {0}, ended
    with open_store(place) as store:
        content = read_content(store)
        assert len(content.nodes["User"]) == 60


@pytest.mark.parametrize("time", range(TIMES))
def test_changes_of_people_at_once(trained: Settings, desk: Path, time: int) -> None:
    forgets = [("forget", user, "--yes") for user in (5, 6, 7)]
    saves = [(*SAVE, id_) for id_ in (901, 902, 903, 901)]
    ended = together(trained, desk, *forgets, *saves)
    codes = [each.code for each in ended]
    assert codes[:3] == [0, 0, 0], ended
    assert sorted(codes[3:]) == [0, 0, 0, 1], ended
    (refused,) = [each for each in ended if each.code]
    assert "901" in refused.words
    with open_store(trained) as store:
        users = {row[0] for row in store.values("MATCH (u:User) RETURN u.id")}
        assert users & {5, 6, 7, 901, 902, 903} == {901, 902, 903}
        listens = store.values("MATCH (u:User)-[l:LISTENED]->() WHERE u.id > 900 RETURN count(l)")
        assert listens == [[3]]


@pytest.mark.parametrize("time", range(TIMES))
def test_models_change_at_once(trained: Settings, sources: Sources, desk: Path, time: int) -> None:
    assert run(["--store", trained.place, *SAVE, 901], desk).code == 0
    lines = [(*TRAIN, "--seed", 3), (*TRAIN, "--seed", 4), ("update",), ("models", "use", 2)]
    ended = together(trained, desk, *lines, ("hide", 2, 7), (*SAVE, 902))
    assert {each.code for each in ended} == {0}, ended
    with open_store(trained) as store:
        assert len(list_models(store)) == KEPT
        assert store.dialect.has_vector_indexes(store)
        assert_one_model(store)


def assert_one_model(store: GraphStore) -> None:
    """Every vector is of the model that the card names: as many of each length as it says."""
    card = read_card(store)
    lengths = "MATCH (n) WHERE n.embedding IS NOT NULL RETURN DISTINCT size(n.embedding)"
    assert store.values(lengths) == [[card.dimensions]]
    known = store.values("MATCH (u:User {id: 901}) RETURN u.norm > 0")
    assert is_stale(store, card) or known == [[True]]
