"""The room that kept models take in an embedded store."""

from pathlib import Path

import numpy as np

from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.models.storage.vector_rows import Table
from tastegraph.models.storage.versions import keep, list_models

USERS, FLOATS = 1_000, 512


def test_a_model_that_is_removed_leaves_its_room_to_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    numbers = np.random.default_rng(0).standard_normal((USERS, FLOATS)).astype(np.float32)
    sizes = []
    for seed in range(1, 6):
        card = {"id": f"m{seed}", "algorithm": "made-up", "trainedAt": f"2024-01-0{seed}"}
        with open_store(Settings.of(folder)) as store:
            store.dialect.create_schema(store)
            keep(store, [Table("User", range(USERS), numbers, numbers)], card, most=2)
            assert len(list_models(store)) == min(seed, 2)
        sizes.append(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()))
    assert sizes[1] - sizes[0] > 2 * numbers.nbytes
    # The first removal may come too late for the model that is kept with it.
    assert sizes[4] - sizes[2] < numbers.nbytes
