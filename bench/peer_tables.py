"""Our default beside peers that are tuned for the data: one table a data set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bench.full_rank import beside_the_factorisation
from bench.peers import PEERS, TRIALS, K, Peer, Tuned, listens_alone, our_search, popularity, tuned
from bench.public_split import public_split
from bench.stage import say
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.models.algorithms.collective import CollectiveConfig
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.from_frames import dataset_from_frames
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.search_space import Range
from tastegraph.models.evaluation.compare import interval, paired_p_value
from tastegraph.models.evaluation.split import Split, split_at_random
from tastegraph.models.training.choosing.candidates import as_text
from tastegraph.models.training.choosing.choice import SettingsChoice
from tastegraph.models.training.choosing.choose import choose_settings
from tastegraph.models.training.choosing.division import divide
from tastegraph.models.training.choosing.request import TrainingRequest
from tastegraph.models.training.learn_weights import blended_ndcg

DEFAULT = "ours, by default"

SEED = 42
"""Of what is generated, and of its split."""

_SECTION = """\
## {title}

{listens:,} training listens of {users:,} users, {held:,} held out of {tested:,} users, all unheard
artists ranked. Our default is what `train` makes of the training listens, without a look at the
test: {chosen}. Each peer has its best of {trials} settings drawn at random, by NDCG@10 on the very
slice that our default chooses by, and sees the listens alone. The interval is that of the mean
over users (bootstrap); p is of a paired t-test against our default.
"""

_BEYOND = """
The default solves EASE for the columns that weigh most, since users and tags are too many. The
lines with EASE beside the factorisation say what their sum reaches before vectors approximate it,
and what EASE solved whole would add; its share is chosen on the slice as well.
"""


@dataclass(frozen=True)
class DataSet:
    """Data with a test, and the model of ours that is tuned like a peer."""

    title: str
    read: Callable[[Path], Split]
    searched: Callable[[], Peer]


def yelp(folder: Path) -> Split:
    """The Yelp data in ``folder``: users without a training listen are not tested."""
    train, test, friends = (
        pd.read_csv(folder / "yelp-diffnet" / f"{name}.tsv", sep="\t")
        for name in ("train", "test", "friends")
    )
    users = IdMap.of([*train["user"], *friends["user"], *friends["friend"]])
    artists = IdMap.of([*train["artist"], *test["artist"]])
    test = test[test["user"].isin(set(train["user"]))]
    size = (len(users), len(artists))
    plays, held = (
        _ones(users.rows(of["user"]), artists.rows(of["artist"]), size) for of in (train, test)
    )
    one_way = _ones(users.rows(friends["user"]), users.rows(friends["friend"]), (size[0], size[0]))
    data = Dataset(
        users,
        artists,
        IdMap.of([]),
        plays,
        csr_array(one_way + one_way.T),
        csr_array((len(artists), 0)),
    )
    return Split(data, held)


def generated(users: int, artists: int) -> Split:
    """What ``generate`` makes, and a fifth of its listens held out."""
    return split_at_random(dataset_from_frames(generate(users, artists, SEED)), 0.2, SEED)


def _our_factorisation() -> Peer:
    return our_search("collective-als", dimensions=Range(64, 256, log=True))


DATA_SETS = {
    "hetrec": DataSet(
        "HetRec 2011 Last.fm",
        public_split,
        lambda: our_search("collective", ease_share=Range(0.5, 8.0, log=True)),
    ),
    "yelp": DataSet(
        "Yelp (DiffNet)",
        yelp,
        _our_factorisation,
    ),
    "yelp-alone": DataSet(
        "Yelp (DiffNet), without its friendships",
        lambda folder: listens_alone(yelp(folder)),
        _our_factorisation,
    ),
    "generated": DataSet(
        "Generated, 2,000 users and 18,000 artists",
        lambda _: generated(2_000, 18_000),
        lambda: our_search("collective", ease_share=Range(0.5, 8.0, log=True)),
    ),
    "listens-alone": DataSet(
        "Generated, 20,000 users and 20,000 artists, without friends and tags",
        lambda _: listens_alone(generated(20_000, 20_000)),
        _our_factorisation,
    ),
}


def section_title(name: str) -> str:
    """The heading of the table of data set ``name``."""
    return f"{DATA_SETS[name].title}: peers tuned for it"


def peer_section(name: str, folder: Path) -> str:
    """The table of data set ``name`` as a section of Markdown."""
    data_set = DATA_SETS[name]
    split = data_set.read(folder)
    say(f"{name}: the default")
    default, choice = by_default(split)
    slice_ = divide(split.data, 0).choosing
    searched = data_set.searched()
    say(f"{name}: {searched.name}")
    found = [default, tuned(searched, slice_, split)]
    beyond = len(split.data.users) > CollectiveConfig.most_rows
    if beyond:
        say(f"{name}: full-rank models")
        found += beside_the_factorisation(split, slice_, choice)
    for peer in (*PEERS, popularity()):
        say(f"{name}: {peer.name}")
        found.append(tuned(peer, listens_alone(slice_), listens_alone(split)))
    head = _SECTION.format(
        title=section_title(name),
        listens=split.data.plays.nnz,
        users=int(np.count_nonzero(np.diff(split.data.plays.indptr))),
        held=split.held.nnz,
        tested=len(split.users),
        chosen=_as_words(choice),
        trials=TRIALS,
    )
    return f"{head}{_BEYOND if beyond else ''}\n{peer_table(found)}\n"


def by_default(split: Split) -> tuple[Tuned, SettingsChoice]:
    """What ``train`` makes of the training part, and what it chose."""
    choice = choose_settings(split.data, TrainingRequest())
    model = create(choice.algorithm, as_text(choice.settings))
    model.fit(split.data)
    assert model.vectors is not None
    values = blended_ndcg(split, model.vectors, choice.blend.weights)
    return Tuned(DEFAULT, {}, values), choice


def _as_words(choice: SettingsChoice) -> str:
    chosen = " ".join(f"{name}={value:g}" for name, value in choice.settings.items())
    return f"`{choice.algorithm}` with {chosen}"


def peer_table(found: Sequence[Tuned]) -> str:
    """One line a model, the best first; p against the first of ``found``."""
    first = found[0].by_user
    lines = [
        f"| model | NDCG@{K} | interval | p | settings |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in sorted(found, key=lambda one: -one.by_user.mean()):
        low, high = interval(each.by_user)
        p_value = paired_p_value(each.by_user, first)
        p_text = "" if np.isnan(p_value) else f"{p_value:.2g}"
        settings = " ".join(f"{name}={value:g}" for name, value in each.settings.items())
        lines.append(
            f"| {each.name} | {each.by_user.mean():.4f} | {low:.4f} to {high:.4f} | {p_text} "
            f"| {settings} |"
        )
    return "\n".join(lines)


def _ones(rows: NDArray[np.intp], columns: NDArray[np.intp], size: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=size)
