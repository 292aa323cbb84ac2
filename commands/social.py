"""``friends``, ``path``, ``compare-users`` and ``suggest-friends``: one person, or two."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import SEED, count_option, number
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

_WAYS = ("friends", "artists", "both")


@command(epilog="Example: tastegraph friends 2")
@click.argument("user_id")
@click.option("-k", "--count", "k", type=number("k"), help="How many; all unless told.")
@output_options
@pass_session
def friends(
    session: Session, user_id: str, k: int | None, format_: str, output: Path | None
) -> None:
    """List the friends of USER_ID, those of the nearest taste first.

    \b
    user           the friend
    similarity     cosine of the two users' vectors, -1 to 1; empty without a model
    shared_count   how many artists both listen to
    shared         five of them, those with most plays
    unheard_count  how many artists the friend listens to and USER_ID does not
    unheard        five of them, those that the friend plays most
    """
    with session.graph(brief=True) as graph:
        rows = graph.friends(user_id, k=k)
    emit(rows, format_, output)


@command(epilog="Example: tastegraph path 2 150")
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
    "-k",
    "--count",
    "k",
    default=100,
    show_default=True,
    type=number("k"),
    help="How many paths.",
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
    with session.graph() as graph:
        rows = graph.path(user_id, other_id, by=by, k=k)
    emit(rows, format_, output)


@command("compare-users", epilog="Example: tastegraph compare-users 2 50 -k 5")
@click.argument("user_id")
@click.argument("other_id")
@count_option
@output_options
@pass_session
def compare_users(
    session: Session, user_id: str, other_id: str, k: int, format_: str, output: Path | None
) -> None:
    """Say how alike the tastes of USER_ID and OTHER_ID are, what they share, and what each might
    like of the other's.

    \b
    section      likeness        measures of how alike the two are
                 shared artists  what both play, most played by both together first
                 shared tags     of the music that they play, those that say most first
                 might like      what one plays and the other does not, best for the other first
    user         whom a row is about, where it is about one of the two
    rank         1 for the first of each list
    id, name     the artist or the tag; or the measure
    value        of a measure; plays of both; what a tag adds to tag_similarity; the score
    plays        how often USER_ID plays the artist
    other_plays  how often OTHER_ID does

    Measures: similarity, the cosine of the two users' vectors, as similar-users has it;
    tag_similarity, the cosine of the tags of what they play; jaccard, the artists that both play
    of all that either plays; overlap, of the fewer that one of them plays (overlap coefficient).
    -k is for each list.
    """
    with session.graph(brief=True) as graph:
        rows = graph.compare_users(user_id, other_id, k=k)
    emit(rows, format_, output)


@command(
    "suggest-friends",
    epilog="Example: tastegraph suggest-friends 2 -k 5",
    renamed={"--taste-weight": "--similarity-weight"},
)
@click.argument("user_id", required=False)
@count_option
@click.option(
    "--similarity-weight",
    type=number("similarity_weight"),
    metavar="X",
    help="What similarity weighs beside friends in common; 1 unless told.",
)
@click.option(
    "--evaluate",
    is_flag=True,
    help="Measure suggestions instead: hide friendships, train without them, look for them.",
)
@click.option(
    "--holdout",
    type=number("holdout"),
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
    similarity_weight: float | None,
    evaluate: bool,
    holdout: float,
    seed: int,
    format_: str,
    output: Path | None,
) -> None:
    """Suggest people whom USER_ID might befriend, or measure how good suggestions are.

    The score is common + similarity: friends in common, weighed by Adamic-Adar and brought between
    0 and 1, and the cosine of the two users' vectors.

    \b
    rank            1 for the best
    user            who is suggested
    score           common + similarity
    common          a / (1 + a), a = sum of 1 / ln(number of friends) over friends in common
    similarity      cosine of the two users' vectors times --similarity-weight; 0 if negative
    common_count    how many friends they have in common
    common_friends  five of them, those with the fewest friends, who tell most
    shared_count    how many artists both listen to
    shared          five of them, those with most plays

    With --evaluate the model in use is trained anew in memory, without the hidden friendships;
    the graph stays as it is. Unless --similarity-weight is given, it is chosen on a slice of the
    friendships that are left, which is hidden as well.

    \b
    method       suggest-friends, adamic-adar, similarity (the cosine alone), popularity (the
                 product of the two numbers of friends)
    auc          how likely a hidden friendship scores above a random pair who are no friends
    precision    share of hidden friends among the -k best, mean over people who have some
    k            how many best
    users        people who have hidden friends
    friendships  hidden friendships, and random pairs that they are compared with
    """
    if evaluate == (user_id is not None):
        raise click.UsageError("Give the id of a user, or --evaluate.")
    with session.graph(brief=not evaluate) as graph:
        if user_id is None:
            rows = graph.evaluate_friend_suggestions(
                holdout=holdout, k=k, seed=seed, similarity_weight=similarity_weight
            )
        else:
            weight = {} if similarity_weight is None else {"similarity_weight": similarity_weight}
            rows = graph.suggest_friends(user_id, k=k, **weight)
    emit(rows, format_, output)
