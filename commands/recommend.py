"""``recommend``: artists for users, with the parts of each score."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import count_option, signals_option, unit_interval, weights_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    import pandas as pd

    from tastegraph.graph.frames import Id
    from tastegraph.graph.store.graph_store import GraphStore
    from tastegraph.models.ranking.options import RecommendOptions
    from tastegraph.models.storage.model_card import Card

# Users with too few artists left that are named one by one.
_NAMED = 5


@click.command(epilog="Example: tastegraph recommend 2 --why")
@click.argument("user_ids", nargs=-1, metavar="[USER_ID ...]")
@click.option("--all", "everybody", is_flag=True, help="For every user of the graph.")
@count_option
@click.option("--why", is_flag=True, help="Say which parts make up each score.")
@click.option(
    "--why-not",
    metavar="ARTIST",
    help="Instead, where ARTIST stands in the whole ranking, and what holds it back.",
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="NAME",
    help="Only artists with this tag; given again, with all of them.",
)
@click.option(
    "--exclude-tag",
    "excluded",
    multiple=True,
    metavar="NAME",
    help="No artists with this tag; repeatable.",
)
@click.option("--include-known", is_flag=True, help="Also what the user listens to already.")
@click.option(
    "--novelty",
    default=0.0,
    show_default=True,
    callback=unit_interval,
    metavar="X",
    help="0 to 1: divide scores by the artist's listeners to the power X.",
)
@click.option(
    "--diversity",
    default=0.0,
    show_default=True,
    callback=unit_interval,
    metavar="X",
    help="0 to 1: how much it counts that the artists differ from each other.",
)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="PROPERTY=VALUE",
    help="Only artists of which this holds, such as 'listeners>=5' or band=tail; also with != "
    ">= <= > <; repeatable.",
)
@signals_option
@weights_option
@click.option("--exact", is_flag=True, help="Score every artist, not candidates alone.")
@output_options
@pass_session
def recommend(
    session: Session,
    user_ids: tuple[str, ...],
    everybody: bool,
    k: int,
    why: bool,
    why_not: str | None,
    tags: tuple[str, ...],
    excluded: tuple[str, ...],
    include_known: bool,
    novelty: float,
    diversity: float,
    conditions: tuple[str, ...],
    signals: tuple[str, ...],
    weights: dict[str, float],
    exact: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Recommend artists that USER_IDs do not listen to yet.

    The columns embedding, friends and tags are the parts of the score: they add up to it.
    """
    if signals and weights:
        raise click.UsageError("--signals and --weights both say what counts: give one of them.")
    if everybody == bool(user_ids):
        raise click.UsageError("Give the ids of users, or --all.")
    if why_not and everybody:
        raise click.UsageError("--why-not is asked for USER_IDs, not for --all.")
    from tastegraph.graph.lookup import find_user
    from tastegraph.models.serving.why_nothing_fits import why_nothing_fits
    from tastegraph.models.storage.model_card import consistent_read

    with session.store(brief=not everybody) as store:

        def answer(card: "Card") -> "tuple[list[Id], pd.DataFrame, str | None]":
            options = _choice(
                session,
                store,
                weights or _model_weights(card, signals),
                k=k,
                tags=tags,
                excluded=excluded,
                known=include_known,
                novelty=novelty,
                diversity=diversity,
                conditions=conditions,
            )
            session.say_if_stale(store, card)
            if everybody:
                users, frame = _for_everybody(session, store, options, why)
            else:
                users = list(dict.fromkeys(find_user(store, text) for text in user_ids))
                if why_not:
                    return [], _standing(session, store, users, why_not, options), None
                frame = _for_some(session, store, users, options, why, exact)
            return users, frame, why_nothing_fits(store, options) if frame.empty else None

        users, frame, nothing = consistent_read(store, answer)
    _say_what_is_missing(session, frame, users, k)
    if nothing:
        session.note(nothing)
    emit(frame, format_, output)


def _model_weights(card: "Card", signals: tuple[str, ...]) -> dict[str, float]:
    """The model's weights of ``signals``, of all where none is named.

    A signal that is named and counts nothing in the model counts all by itself.
    """
    from tastegraph.models.ranking.weights import SIGNALS

    learned = dict(zip(SIGNALS, card.weights, strict=True))
    if not signals:
        return learned
    chosen = {signal: learned[signal] for signal in signals}
    return chosen if any(chosen.values()) else dict.fromkeys(signals, 1.0)


def _choice(
    session: Session,
    store: "GraphStore",
    weights: dict[str, float],
    *,
    k: int,
    tags: tuple[str, ...],
    excluded: tuple[str, ...],
    known: bool,
    novelty: float,
    diversity: float,
    conditions: tuple[str, ...],
) -> "RecommendOptions":
    from tastegraph.models.ranking.options import RecommendOptions
    from tastegraph.models.ranking.weights import SignalWeights
    from tastegraph.models.ranking.where_conditions import read_conditions

    return RecommendOptions(
        k,
        SignalWeights(0.0)._replace(**weights),
        known,
        [session.found_tag(store, name) for name in tags],
        [session.found_tag(store, name) for name in excluded],
        novelty,
        read_conditions(store, conditions),
        diversity,
    )


def _for_everybody(
    session: Session, store: "GraphStore", options: "RecommendOptions", why: bool
) -> "tuple[list[Id], pd.DataFrame]":
    from tastegraph.models.explain.reasons import Explainer
    from tastegraph.models.ranking.ranker import Recommender
    from tastegraph.models.storage.read_graph import (
        read_dataset,
        read_fold_in,
        read_hidden,
        read_names,
        read_property,
        read_vectors,
    )

    data = read_dataset(store, session.progress)
    recommender = Recommender(
        data,
        read_vectors(store, data, session.progress),
        read_names(store, "Artist", data.artists),
        hidden=read_hidden(store, data),
        properties={
            name: read_property(store, name, data.artists)
            for name in {condition.property for condition in options.where}
        },
    )
    frame = recommender.recommend(range(len(data.users)), options, session.progress)
    users = list(data.users.ids)
    if not why:
        return users, frame
    fold_in = read_fold_in(store, data, session.progress)
    explainer = Explainer(recommender, data, read_names(store, "Tag", data.tags), fold_in)
    return users, explainer.with_reasons(frame, options)


def _for_some(
    session: Session,
    store: "GraphStore",
    users: "list[Id]",
    options: "RecommendOptions",
    why: bool,
    exact: bool,
) -> "pd.DataFrame":
    import pandas as pd

    from tastegraph.models.serving.one_user_in_database import (
        has_vector,
        recommend_one,
        with_reasons,
    )

    frames = []
    for user in users:
        if not has_vector(store, user):
            session.note(
                f"the model knows nothing of user {user} (no listens and no friends when it was "
                "trained): the most listened artists instead"
            )
        frame = recommend_one(store, user, options, exact)
        frames.append(with_reasons(store, user, frame, options) if why else frame)
    return pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)


def _standing(
    session: Session, store: "GraphStore", users: "list[Id]", name: str, options: "RecommendOptions"
) -> "pd.DataFrame":
    import pandas as pd

    from tastegraph.graph.lookup import find_artist
    from tastegraph.models.serving.why_not import why_not

    artist = find_artist(store, name)
    session.say_choice(name, artist)
    frames = []
    for user in users:
        frame, notes = why_not(store, user, artist.id, options)
        frames.append(frame)
        for note in notes:
            session.note(note)
    return pd.concat(frames, ignore_index=True)


def _say_what_is_missing(
    session: Session, frame: "pd.DataFrame", users: "list[Id]", k: int
) -> None:
    found = frame.groupby("user").size().to_dict()
    short = [user for user in users if found.get(user, 0) < k]
    for user in short[:_NAMED]:
        left = found.get(user, 0)
        session.note(f"only {left} artists are left to recommend to user {user}")
    if short[_NAMED:]:
        session.note(f"{len(short) - _NAMED:,} more users have fewer than {k} artists left")
