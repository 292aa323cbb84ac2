"""``recommend``: artists for users, with the parts of each score."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import (
    count_option,
    engine_options,
    number,
    signals_option,
    weights_option,
)
from tastegraph.commands.output import emit
from tastegraph.commands.playlist import is_playlist, recommendation_output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.spark.engine import Spark


@command(epilog="Example: tastegraph recommend 2 --why")
@click.argument("user_ids", nargs=-1, metavar="[USER_ID ...]")
@click.option("--all", "everybody", is_flag=True, help="For every user of the graph.")
@count_option
@click.option(
    "--group",
    type=click.Choice(("mean", "least-misery", "most-pleasure")),
    help="One list for all USER_IDs together, by the mean, the least or the greatest of their "
    "scores, each person's brought to 0 to 1.",
)
@click.option("--why/--no-why", default=False, help="Say which parts make up each score.")
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
@click.option(
    "--include-known/--no-include-known",
    default=False,
    help="Also what the user listens to already.",
)
@click.option(
    "--novelty",
    default=0.0,
    show_default=True,
    type=number("novelty"),
    metavar="X",
    help="0 to 1: divide scores by the artist's listeners to the power X.",
)
@click.option(
    "--diversity",
    default=0.0,
    show_default=True,
    type=number("diversity"),
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
@click.option("--exact/--no-exact", default=False, help="Score every artist, not candidates alone.")
@engine_options
@recommendation_output_options
@pass_session
def recommend(
    session: Session,
    user_ids: tuple[str, ...],
    everybody: bool,
    k: int,
    group: str | None,
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
    engine: "Spark | None",
    format_: str,
    output: Path | None,
) -> None:
    """Recommend artists that USER_IDs do not listen to yet.

    The columns embedding, friends and tags are the parts of the score: they add up to it. With
    --group there is one list, whose column members has the score of each person and its parts.
    """
    if everybody == bool(user_ids):
        raise click.UsageError("Give the ids of users, or --all.")
    if why_not and everybody:
        raise click.UsageError("--why-not is asked for USER_IDs, not for --all.")
    if group and (everybody or why_not):
        raise click.UsageError(
            "--group makes one list for USER_IDs: it goes with neither --all nor --why-not."
        )
    if engine and not everybody:
        raise click.UsageError("--engine spark ranks for every user: give --all with it.")
    if is_playlist(output):
        _require_one_list(user_ids, group, why_not)
    with session.graph(brief=not everybody) as graph:
        if why_not:
            rows = graph.why_not(
                user_ids,
                why_not,
                k=k,
                tag=tags,
                exclude_tag=excluded,
                where=conditions,
                include_known=include_known,
                novelty=novelty,
                signals=signals,
                weights=weights,
            )
        else:
            rows = graph.recommend(
                None if everybody else user_ids,
                k=k,
                group=group,
                why=why or is_playlist(output),
                tag=tags,
                exclude_tag=excluded,
                where=conditions,
                include_known=include_known,
                novelty=novelty,
                diversity=diversity,
                signals=signals,
                weights=weights,
                exact=exact,
                engine=engine,
            )
        if is_playlist(output):
            graph.write_playlist(rows, output)
            return
    emit(rows, format_, output)


def _require_one_list(user_ids: tuple[str, ...], group: str | None, why_not: str | None) -> None:
    """Refuse a playlist of what is no list of recommendations, or several."""
    if why_not:
        raise click.UsageError("A playlist is of recommendations, not of --why-not.")
    if len(set(user_ids)) != 1 and not group:
        raise click.UsageError(
            "A playlist is one list: give one USER_ID, or --group for one list for several."
        )
