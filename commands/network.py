"""``communities``, ``influence`` and ``export-graph``: the graph of all friendships."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import SEED, count_option, number
from tastegraph.commands.output import emit, in_a_folder, output_options
from tastegraph.commands.session import Session, pass_session

_MEASURES = ("pagerank", "betweenness", "friends")
_SUFFIXES = (".graphml", ".gexf", ".cyjs", ".json", ".dot")


@command(epilog="Example: tastegraph communities --write", renamed={"--user": ""})
@click.argument("user_id", required=False, metavar="[USER_ID]")
@click.option(
    "--members/--no-members", default=False, help="One row a person instead of one a community."
)
@click.option(
    "--resolution",
    default=1.0,
    show_default=True,
    type=number("resolution"),
    help="Above 1 gives more and smaller communities, below 1 fewer and larger ones.",
)
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed gives the same groups."
)
@click.option(
    "--write/--no-write",
    default=False,
    help="Put them into the graph: the property community of users.",
)
@output_options
@pass_session
def communities(
    session: Session,
    user_id: str | None,
    members: bool,
    resolution: float,
    seed: int,
    write: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Find groups of people who are friends with one another, by the Louvain method.

    With USER_ID, only the community of this user.

    \b
    community  its number, 1 for the largest
    size       how many people
    inside     share of its people's friends who are in it too (a friendship inside counts twice,
               once for either friend; one that leads out, once)
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
    with session.graph() as graph:
        rows = graph.communities(
            user_id, members=members, resolution=resolution, seed=seed, write=write
        )
    emit(rows, format_, output)


@command(epilog="Example: tastegraph influence -k 5 --by betweenness")
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
    type=number("samples"),
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
                 starts anew anywhere; everybody's adds up to 1, and all digits are known
    betweenness  share of the pairs of other people whose shortest paths lead through this one
    """
    with session.graph() as graph:
        rows = graph.influence(k=k, by=by, samples=samples, seed=seed)
    emit(rows, format_, output)


def _graph_file(ctx: click.Context, option: click.Parameter, file: Path) -> Path:
    """Refuse a file that can't be written before the work rather than after it."""
    if file.suffix.lower() not in _SUFFIXES:
        raise click.BadParameter(
            f"{file} ends in no format that I write: use {', '.join(_SUFFIXES)}", ctx, option
        )
    return in_a_folder(file)


@command(
    "export-graph",
    epilog="Example: tastegraph export-graph 2 -o around-2.graphml",
    renamed={"--artists": "--artist-count"},
)
@click.argument("user_id")
@click.option(
    "--hops",
    default=2,
    show_default=True,
    type=number("hops"),
    help="How many friendships away people may be.",
)
@click.option(
    "--artist-count",
    default=3,
    show_default=True,
    type=number("artist_count"),
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
def export_graph(
    session: Session, user_id: str, hops: int, artist_count: int, output: Path
) -> None:
    """Write the people around USER_ID, their friendships and what they play most to a file.

    GraphML and GEXF are for Gephi and its like, .cyjs and .json for Cytoscape, .dot for Graphviz.

    \b
    nodes  user:ID and artist:ID, with kind (user, artist), data_id, label; people with hops
           (friendships away) and community (after 'communities --write'), artists with tags
    edges  kind friend; kind listened, with plays; weight, 1 for a friendship and for what somebody
           plays most, for the rest plays relative to that
    """
    with session.graph() as graph:
        graph.export_graph(user_id, output, hops=hops, artist_count=artist_count)
