"""What changes a graph after its training: other models, saved newcomers, updates."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.errors import InputError, ModelError, NotFoundError
from tastegraph.graph.lookup import new_user_id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.algorithms.factory import create
from tastegraph.models.algorithms.whole_graph import collective_matrix, learned_tags
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.serving.newcomers import Newcomer, recommend_newcomer, save_newcomer
from tastegraph.models.serving.one_user_in_database import has_vector, recommend_one, with_reasons
from tastegraph.models.serving.update import update
from tastegraph.models.storage.model_card import is_stale, read_card
from tastegraph.models.storage.read_graph import read_dataset, read_vectors
from tastegraph.models.training.train import train
from tests.contract.agreement import CLOSE
from tests.contract.trained import (
    WEIGHTS,
    Trained,
    load_and_train_student,
    load_small,
)
from tests.models.cases import dense_rows

CHANGES = """
MATCH (u:User {id: 3})-[l:LISTENED]->(a:Artist) WITH u, l, a ORDER BY a.id LIMIT 1
SET l.plays = l.plays + 500
"""
LISTEN = """
MATCH (u:User {id: 5}), (a:Artist) WHERE NOT (u)-[:LISTENED]->(a)
WITH u, a ORDER BY a.id LIMIT 1 CREATE (u)-[:LISTENED {plays: 40}]->(a)
"""
PEOPLE = """
CREATE (lonely:User {id: 902}) CREATE (friendly:User {id: 903}) WITH friendly
MATCH (v:User) WHERE v.id IN [2, 3] CREATE (friendly)-[:FRIEND]->(v)
"""


def change(store: GraphStore) -> None:
    """Plays of user 3, a listen of user 5, user 902 with nothing and 903 with friends alone."""
    for statement in (CHANGES, LISTEN, PEOPLE):
        store.write(statement)


@pytest.mark.holds(make=load_and_train_student)
def test_a_model_without_reasons_takes_the_last_ones_away(
    store: GraphStore,
) -> None:
    train(store, create("mf", {"dimensions": "4", "epochs": "2"}), 1, weights=WEIGHTS)
    left = "MATCH (t:UserTraining) WHERE t.foldInColumn IS NOT NULL RETURN count(t)"
    assert store.values(left) == [[0]]
    options = RecommendOptions(weights=WEIGHTS)
    told = with_reasons(store, 2, recommend_one(store, 2, options), options)
    assert {part.kind for why in told["why"] for part in why} >= {"embedding"}
    with pytest.raises(ModelError, match="can't fold newcomers in"):
        recommend_newcomer(store, Newcomer([1]), options)


@pytest.mark.holds(make=load_and_train_student)
def test_who_is_saved_gets_as_a_user_what_they_got_before(held: Trained) -> None:
    store, card = held.store, held.card
    options = RecommendOptions(weights=card.weights)
    newcomer = Newcomer([1, 7, 20], [2])
    first = recommend_newcomer(store, newcomer, options)
    id_ = new_user_id(store, "901")
    save_newcomer(store, newcomer, id_, card)

    assert has_vector(store, id_)
    assert not is_stale(store, read_card(store))
    again = with_reasons(store, id_, recommend_one(store, id_, options), options)
    assert again["artist"].tolist() == first["artist"].tolist()
    assert again["score"].tolist() == pytest.approx(first["score"].tolist(), abs=CLOSE)
    assert [p.kind for p in again["why"][0]] == [p.kind for p in first["why"][0]]
    for text in ("901", "x", ""):
        with pytest.raises((InputError, NotFoundError), match="can't be the id"):
            new_user_id(store, text)
    with pytest.raises(InputError, match="already"):
        save_newcomer(store, newcomer, 901, card)


@pytest.mark.holds(make=load_and_train_student)
def test_update_folds_in_what_has_changed_and_only_that(held: Trained) -> None:
    store = held.store
    assert update(store).frame["changed"].tolist() == [0, 0]
    before = read_vectors(store, held.data)
    change(store)
    done = update(store)
    # Users 2 and 3 have a friend more; 902 has nothing that could change.
    assert done.frame.iloc[0].tolist() == ["user", 4, 4]
    assert done.frame.iloc[1].tolist()[::2] == ["artist", 0]
    data, after = read_dataset(store), read_vectors(store, read_dataset(store))
    same = [row for row in range(60) if data.users.ids[row] not in (2, 3, 5)]
    np.testing.assert_array_equal(after.users[same], before.users[same])
    assert not is_stale(store, read_card(store))
    assert update(store).frame["changed"].tolist() == [0, 0]
    options = RecommendOptions(weights=SignalWeights(1.0, 0.0, 0.0))
    for user in (3, 5, 903):
        told = with_reasons(store, user, recommend_one(store, user, options), options)
        kinds = {part.kind for why in told["why"] for part in why}
        assert "change" not in kinds
        assert kinds == ({"friend"} if user == 903 else {"listen", "friend", "you"})
    assert not has_vector(store, 902)


@pytest.mark.holds(make=load_small)
def test_update_of_a_factorisation_is_the_next_half_sweep(store: GraphStore) -> None:
    model = create("collective-als", {"dimensions": "8", "epochs": "3"})
    train(store, model, 1, weights=WEIGHTS)
    change(store)
    done = update(store)
    data, found = read_dataset(store), read_vectors(store, read_dataset(store))
    tags = learned_tags(data.tag_counts, model.config.tag_artists)
    matrix = collective_matrix(data, tags, model.config)
    # The columns as trained; who was not there is no column.
    columns = np.vstack([model.vectors.artists, model.friends])
    known = csr_array(matrix[:, : len(columns)])
    rows = dense_rows(known, columns, model.for_users.penalty)
    for user in (2, 3, 5, 903):
        row = data.users.row(user)
        np.testing.assert_allclose(found.users[row], rows[row], atol=1e-4)
    users = [row for row, id_ in enumerate(data.users.ids) if id_ != 902]
    sides = [*users, *range(len(data.users), matrix.shape[0])]
    everybody = np.vstack([found.users, model.vectors.tags[tags]])[sides]
    across = csr_array(matrix[sides].T)
    solved = dense_rows(across, everybody, model.for_artists.penalty)
    assert done.frame["updated"].iloc[1] == 2
    changed = np.abs(found.artists - model.vectors.artists).max(axis=1) > 0
    assert changed.sum() == 2
    np.testing.assert_allclose(
        found.artists[changed], solved[: len(data.artists)][changed], atol=1e-4
    )


@pytest.mark.holds(make=load_and_train_student)
def test_who_has_lost_everything_gets_the_most_listened_and_is_told(store: GraphStore) -> None:
    store.write("MATCH (:User {id: 7})-[r:LISTENED|FRIEND]-() DELETE r")
    done = update(store)
    assert any("user 7: neither listens nor friends" in note for note in done.notes)
    assert not has_vector(store, 7)
