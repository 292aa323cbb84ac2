"""``communities``, ``influence`` and ``export-graph``: the graph of all friendships."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import SEED, count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session
from tastegraph.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_MEASURES = ("pagerank", "betweenness", "friends")
_SUFFIXES = (".graphml", ".gexf", ".cyjs", ".json")


@click.command(epilog="Example: tastegraph communities --write")
@click.option("--members", is_flag=True, help="One row a person instead of one a community.")
@click.option("--user", "user_id", metavar="USER_ID", help="Only the community of this user.")
@click.option(
    "--resolution",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True, max=1000),
    help="Above 1 gives more and smaller communities, below 1 fewer and larger ones.",
)
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed gives the same groups."
)
@click.option(
    "--write", is_flag=True, help="Put them into the graph: the property community of users."
)
@output_options
@pass_session
def communities(
    session: Session,
    members: bool,
    user_id: str | None,
    resolution: float,
    seed: int,
    write: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Find groups of people who are friends with one another, by the Louvain method.

    \b
    community  its number, 1 for the largest
    size       how many people
    inside     share of its people's friendships that stay among them
    tags       five that many of its people give and few others
    artists    five that many of its people listen to and few others
    central    three people with most friends inside

    With --members, one row a person, those with most friends inside first:

    \b
    community  number of the community
    user       who
    friends    how many friends
    inside     how many of these are in the same community
    """
    from tastegraph.graph.lookup import find_user
    from tastegraph.graph.social.communities import communities as find
    from tastegraph.graph.social.communities import describe_in, modularity, write_communities
    from tastegraph.graph.social.read import read_friends

    with session.store() as store:
        user = None if user_id is None else find_user(store, user_id)
        friends = read_friends(store, session.progress)
        found = find(friends, seed, resolution)
        frame = found if members else describe_in(store, found, session.progress)
        if write:
            write_communities(store, found)
            session.note(f"{len(found):,} users in {session.place} now have a community")
    session.note(
        f"{found['community'].nunique():,} communities of {len(found):,} people who have friends; "
        f"modularity {modularity(friends, found, resolution):.3f}"
    )
    if not members:
        _say_what_is_missing(session, frame)
    if user is not None:
        mine = found.loc[found["user"] == user, "community"]
        if mine.empty:
            session.note(f"user {user} has no friends in the graph, and so no community")
        frame = frame[frame["community"].isin(mine)]
    emit(frame, format_, output)


def _say_what_is_missing(session: Session, described: "pd.DataFrame") -> None:
    for column, source in (("tags", "tags"), ("artists", "listens")):
        if not described[column].map(len).any():
            session.note(
                f"no {source} of these people are in {session.place}: "
                f"'tastegraph load PATH' of data with {source} adds them"
            )


@click.command(epilog="Example: tastegraph influence -k 5 --by betweenness")
@count_option
@click.option(
    "--by",
    type=click.Choice(_MEASURES),
    default="pagerank",
    show_default=True,
    help="What ranks people.",
)
@click.option(
    "--samples",
    default=500,
    show_default=True,
    type=click.IntRange(min=1),
    help="In a graph of more people betweenness is estimated from so many; otherwise it is exact.",
)
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="Which people it is estimated from."
)
@output_options
@pass_session
def influence(
    session: Session,
    k: int,
    by: str,
    samples: int,
    seed: int,
    format_: str,
    output: Path | None,
) -> None:
    """Find the people who are central among friends.

    \b
    rank         1 for the largest of what --by names
    user         who
    friends      how many friends
    pagerank     share of a walk's time that goes from friend to friend and in 15 of 100 steps
                 starts anew anywhere; everybody's adds up to 1
    betweenness  share of the pairs of other people whose shortest paths lead through this one
    """
    from tastegraph.graph.social.influence import influence as measure
    from tastegraph.graph.social.read import read_friends

    with session.store() as store:
        friends = read_friends(store, session.progress)
    if len(friends) > samples:
        session.note(
            f"betweenness is estimated from the paths of {samples:,} of {len(friends):,} people; "
            f"--samples {len(friends)} makes it exact"
        )
    emit(measure(friends, by, samples, seed, session.progress).head(k), format_, output)


def _graph_file(ctx: click.Context, option: click.Parameter, file: Path) -> Path:
    """Refuse a file that can't be written before the work rather than after it."""
    if file.suffix.lower() not in _SUFFIXES:
        raise click.BadParameter(
            f"{file} ends in no format that I write: use {', '.join(_SUFFIXES)}", ctx, option
        )
    if not file.parent.is_dir():
        raise InputError(f"{file} can't be written: there is no folder {file.parent}. Make it")
    return file


@click.command("export-graph", epilog="Example: tastegraph export-graph 2 -o around-2.graphml")
@click.argument("user_id")
@click.option(
    "--hops",
    default=2,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many friendships away people may be.",
)
@click.option(
    "--artists",
    default=3,
    show_default=True,
    type=click.IntRange(min=0),
    help="How many of each person's most played artists; 0 leaves artists out.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_graph_file,
    metavar="FILE",
    help="Write to FILE; its suffix says how: " + ", ".join(_SUFFIXES) + ".",
)
@pass_session
def export_graph(session: Session, user_id: str, hops: int, artists: int, output: Path) -> None:
    """Write the people around USER_ID, their friendships and what they play most to a file.

    GraphML and GEXF are for Gephi and its like, .cyjs and .json for Cytoscape.

    \b
    nodes  user:ID and artist:ID, with kind (user, artist), data_id, label; people with hops
           (friendships away) and community (after 'communities --write'), artists with tags
    edges  kind friend; kind listened, with plays
    """
    from tastegraph.graph.lookup import find_user
    from tastegraph.graph.social.neighbourhood import MOST_HOPS, neighbourhood, write_graph

    if hops > MOST_HOPS:
        session.note(f"--hops {hops} is taken for {MOST_HOPS}: further away is nearly everybody")
    with session.store() as store:
        user = find_user(store, user_id)
        graph = neighbourhood(store, user, min(hops, MOST_HOPS), artists, session.progress)
    write_graph(graph, output)
    people = sum(name.startswith("user:") for name in graph)
    if people == 1:
        session.note(f"user {user} has no friends in the graph")
    session.note(
        f"{output} holds {people:,} people, {len(graph) - people:,} artists and "
        f"{graph.number_of_edges():,} links between them"
    )
