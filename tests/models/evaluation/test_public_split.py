import numpy as np
import pytest

from bench.public_split import figures, public_split
from models.algorithms.collective_als import CollectiveAls


@pytest.mark.slow
def test_the_public_split_gives_the_known_figures(real_data):
    data, held = public_split(real_data)
    assert (data.plays.nnz, held.nnz, np.count_nonzero(np.diff(held.indptr))) == (
        74267,
        18567,
        1881,
    )
    model = CollectiveAls()
    model.fit(data)
    found = figures(model.score(np.arange(len(data.users))), data, held)
    assert found["NDCG"] >= 0.275
    assert found["precision"] >= 0.210
    assert found["recall"] >= 0.214
