"""``friends``, ``path`` and ``suggest-friends``: one person, or two, among the others."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import SEED, count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    import pandas as pd

    from tastegraph.graph.social.paths import Chains

# Databases set memory aside for as many rows as are asked for.
_ALL = 1_000_000
_WAYS = ("friends", "artists", "both")


@click.command(epilog="Example: tastegraph friends 2")
@click.argument("user_id")
@click.option("-k", type=click.IntRange(1, _ALL), help="How many; all unless told.")
@output_options
@pass_session
def friends(
    session: Session, user_id: str, k: int | None, format_: str, output: Path | None
) -> None:
    """List the friends of USER_ID, those of the nearest taste first.

    \b
    user           the friend
    taste          cosine of the two users' vectors, -1 to 1; empty without a model
    shared_count   how many artists both listen to
    shared         five of them, those with most plays
    unheard_count  how many artists the friend listens to and USER_ID does not
    unheard        five of them, those that the friend plays most
    """
    from tastegraph.graph.lookup import find_user
    from tastegraph.graph.social.read import require_friendships
    from tastegraph.models.serving.suggested_friends import friends_of, why_no_taste

    with session.store(brief=True) as store:
        user = find_user(store, user_id)
        require_friendships(store)
        frame = friends_of(store, user, k or _ALL)
        if frame.empty:
            session.note(
                f"user {user} has no friends in the graph; who might become one: "
                f"{session.shell('suggest-friends', user)}"
            )
        elif reason := why_no_taste(store, user):
            session.note(reason)
    emit(frame, format_, output)


@click.command(epilog="Example: tastegraph path 2 150")
@click.argument("user_id")
@click.argument("other_id")
@click.option(
    "--by",
    type=click.Choice(_WAYS),
    default="friends",
    show_default=True,
    help="What links two people: that they are friends, that they listen to the same artist, or "
    "either.",
)
@click.option(
    "-k", default=100, show_default=True, type=click.IntRange(1, _ALL), help="How many paths."
)
@output_options
@pass_session
def path(
    session: Session,
    user_id: str,
    other_id: str,
    by: str,
    k: int,
    format_: str,
    output: Path | None,
) -> None:
    """Show all the shortest ways from USER_ID to OTHER_ID, one row a step.

    Where there are more than -k, it is those whose people share the most artists.

    \b
    path          number of the path, the strongest first
    step          number of the step in it
    from, to      the two people that the step links
    by            what links them: friends, artists or both
    shared_count  how many artists both listen to
    shared        five of them, those with most plays
    """
    from tastegraph.errors import InputError
    from tastegraph.graph.lookup import find_user
    from tastegraph.graph.social.paths import find_paths

    with session.store() as store:
        start, end = find_user(store, user_id), find_user(store, other_id)
        if start == end:
            raise InputError(f"{user_id} and {other_id} are the same person: name two people")
        found = find_paths(store, start, end, by, k, progress=session.progress)
        for reason in found.reasons:
            session.note(reason)
        _say_how_far(session, found.chains, by)
    emit(found.frame, format_, output)


def _say_how_far(session: Session, chains: "Chains", by: str) -> None:
    if chains.count > len(chains.best):
        session.note(
            f"{len(chains.best):,} of {chains.count:,} paths of {chains.steps} steps, those whose "
            "people share the most artists; -k shows more"
        )
    elif not chains.count and by != "both":
        session.note("--by both goes by friends and by shared artists")


def _weight(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Accept a number from 0; infinity and NaN are none."""
    if value is not None and not 0.0 <= value < float("inf"):
        raise click.BadParameter(f"{value} is not a number from 0", ctx, option)
    return value


@click.command("suggest-friends", epilog="Example: tastegraph suggest-friends 2 -k 5")
@click.argument("user_id", required=False)
@count_option
@click.option(
    "--taste-weight",
    type=float,
    callback=_weight,
    metavar="X",
    help="What taste weighs beside friends in common; 1 unless told.",
)
@click.option(
    "--evaluate",
    is_flag=True,
    help="Measure suggestions instead: hide friendships, train without them, look for them.",
)
@click.option(
    "--holdout",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.2,
    show_default=True,
    metavar="SHARE",
    help="Share of the friendships that --evaluate hides.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=SEED,
    help="Which friendships --evaluate hides, and what it compares them with.",
)
@output_options
@pass_session
def suggest_friends(
    session: Session,
    user_id: str | None,
    k: int,
    taste_weight: float | None,
    evaluate: bool,
    holdout: float,
    seed: int,
    format_: str,
    output: Path | None,
) -> None:
    """Suggest people whom USER_ID might befriend, or measure how good suggestions are.

    The score is common + taste: friends in common, weighed by Adamic-Adar and brought between
    0 and 1, and the cosine of the two users' vectors.

    \b
    rank            1 for the best
    user            who is suggested
    score           common + taste
    common          a / (1 + a), a = sum of 1 / ln(number of friends) over friends in common
    taste           cosine of the two users' vectors times --taste-weight; 0 if negative
    common_count    how many friends they have in common
    common_friends  five of them, those with the fewest friends, who tell most
    shared_count    how many artists both listen to
    shared          five of them, those with most plays

    With --evaluate the model in use is trained anew in memory, without the hidden friendships;
    the graph stays as it is. Unless --taste-weight is given, it is chosen on a slice of the
    friendships that are left, which is hidden as well.

    \b
    method       suggest-friends, adamic-adar, taste (the cosine alone), popularity (the product
                 of the two numbers of friends)
    auc          how likely a hidden friendship scores above a random pair who are no friends
    precision    share of hidden friends among the -k best, mean over people who have some
    k            how many best
    users        people who have hidden friends
    friendships  hidden friendships, and random pairs that they are compared with
    """
    if evaluate == (user_id is not None):
        raise click.UsageError("Give the id of a user, or --evaluate.")
    from tastegraph.models.serving.suggested_friends import TASTE_WEIGHT

    if user_id is None:
        frame = _evaluated(session, holdout, k, seed, taste_weight)
    else:
        weight = TASTE_WEIGHT if taste_weight is None else taste_weight
        frame = _suggested(session, user_id, k, weight)
    emit(frame, format_, output)


def _suggested(session: Session, user_id: str, k: int, taste_weight: float) -> "pd.DataFrame":
    from tastegraph.graph.lookup import find_user
    from tastegraph.models.serving.suggested_friends import suggest_friends as suggest
    from tastegraph.models.serving.suggested_friends import why_no_friends, why_no_taste

    with session.store(brief=True) as store:
        user = find_user(store, user_id)
        frame = suggest(store, user, k, taste_weight)
        for reason in (why_no_friends(store, user), why_no_taste(store, user)):
            if reason:
                session.note(reason)
        if len(frame) < k:
            session.note(f"only {len(frame)} people can be suggested to user {user}")
    return frame


def _evaluated(
    session: Session, holdout: float, k: int, seed: int, taste_weight: float | None
) -> "pd.DataFrame":
    from tastegraph.graph.social.read import require_friendships
    from tastegraph.models.evaluation.friend_suggestions import WEIGHTS, evaluate_in

    weights = WEIGHTS if taste_weight is None else (taste_weight,)
    with session.store() as store:
        require_friendships(store)
        found = evaluate_in(
            store, holdout=holdout, k=k, seed=seed, weights=weights, progress=session.progress
        )
    session.note(f"{found.algorithm}, trained without the hidden friendships")
    if taste_weight is None:
        session.note(
            f"a taste weight of {found.taste_weight:g} did best on the slice; --taste-weight "
            f"{found.taste_weight:g} suggests with it"
        )
    return found.frame
