"""``new-listener`` and ``update``: what changes without another training."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.graph.frames import Id
    from tastegraph.graph.store.graph_store import GraphStore

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog="Example: tastegraph new-listener --like 1 --like 7 --friend 2")
@click.option("--like", "likes", multiple=True, metavar="NAME", help="An artist; repeatable.")
@click.option("--friend", "friends", multiple=True, metavar="ID", help="A user; repeatable.")
@click.option("--sheet", type=_FILE, metavar="FILE", help="A CSV name,Like: 1 is liked.")
@click.option(
    "--spotify", type=_FILE, metavar="FILE", help="The JSON of Spotify's 'get user's top items'."
)
@click.option(
    "--spotify-account",
    "span",
    type=click.Choice(("short", "medium", "long")),
    is_flag=False,
    flag_value="medium",
    metavar="[short|medium|long]",
    help="Ask Spotify for the top artists of your account: of four weeks, six months (if it is "
    "not said) or a year. Needs the extra tastegraph[spotify], and SPOTIFY_CLIENT_ID.",
)
@click.option(
    "--method",
    type=click.Choice(("fold-in", "neighbours")),
    default="fold-in",
    show_default=True,
    help="Solve the model for these likes, or take the mean of the five nearest users.",
)
@click.option("--save", metavar="ID", help="Keep the newcomer in the graph as the user ID.")
@click.option(
    "--sheet-template", type=_FILE, metavar="FILE", help="Write a sheet to be marked, and end."
)
@click.option(
    "-n",
    "names",
    default=250,
    show_default=True,
    type=click.IntRange(min=1),
    help="Artists in the sheet, the most listened first.",
)
@count_option
@output_options
@pass_session
def new_listener(
    session: Session,
    likes: tuple[str, ...],
    friends: tuple[str, ...],
    sheet: Path | None,
    spotify: Path | None,
    span: str | None,
    method: str,
    save: str | None,
    sheet_template: Path | None,
    names: int,
    k: int,
    format_: str,
    output: Path | None,
) -> None:
    """Recommend artists to somebody who is not in the data.

    Likes come from --like, a sheet, an export of Spotify's or a Spotify account, and count as much
    as an average listen. Names that are not in the graph are listed with the nearest ones. Nothing
    is written unless --save says under which id.
    """
    with session.store(brief=True) as store:
        if sheet_template:
            _write_template(session, store, sheet_template, names)
            return
        from tastegraph.graph.lookup import find_user, new_user_id
        from tastegraph.models.ranking.options import RecommendOptions
        from tastegraph.models.serving.newcomers import Newcomer, recommend_newcomer, save_newcomer
        from tastegraph.models.storage.model_card import consistent_read

        id_ = new_user_id(store, save) if save is not None else None
        known = list(dict.fromkeys(find_user(store, text) for text in friends))
        wanted = _wanted(likes, sheet, spotify, span)
        newcomer = Newcomer(_found(session, store, wanted), known)
        frame = consistent_read(
            store,
            lambda card: recommend_newcomer(
                store, newcomer, RecommendOptions(k, card.weights), method
            ),
        )
        if not frame["score"].any():
            session.note("the model knows none of these: the most listened artists instead")
        if id_ is not None:
            save_newcomer(store, newcomer, id_, method)
            session.note(f"kept as user {id_}")
    emit(frame, format_, output)


@click.command(epilog="Example: tastegraph update")
@output_options
@pass_session
def update(session: Session, format_: str, output: Path | None) -> None:
    """Fold in the users and artists whose listens, tags or friends have changed.

    They get the vectors that the trained model has for what they listen to and whose friends
    they are now, in time that depends on them alone; 'tastegraph train' learns everything anew.
    """
    from tastegraph.models.serving.update import update as run

    with session.store() as store:
        done = run(store, session.progress)
    for note in done.notes:
        session.note(note)
    emit(done.frame, format_, output)


def _wanted(
    likes: tuple[str, ...], sheet: Path | None, spotify: Path | None, span: str | None
) -> list[str]:
    """Names from all sources; an account's last, so that nobody signs in before a file is refused.

    ``span`` is that of the Spotify account, None where none is to be asked.
    """
    from tastegraph.loaders.readers.likes import read_sheet, read_spotify

    names = [*likes]
    names += read_sheet(sheet) if sheet else []
    names += read_spotify(spotify) if spotify else []
    if span:
        from tastegraph.loaders.readers.spotify_account import read_account

        # No note: --quiet must not hide the address at which to sign in.
        names += read_account(lambda text: click.echo(text, err=True), span)
    return names


def _found(session: Session, store: "GraphStore", names: list[str]) -> "list[Id]":
    """Ids of the artists that are in the graph; says which are not, with the nearest names."""
    from tastegraph.errors import NotFoundError
    from tastegraph.graph.lookup import find_artist

    found, missing = {}, []
    for name in dict.fromkeys(names):
        try:
            artist = find_artist(store, name)
        except NotFoundError as error:
            missing.append(str(error))
            continue
        session.say_choice(name, artist)
        found[artist.id] = name
    if missing and not found:
        raise NotFoundError("; ".join(missing))
    for text in missing:
        session.note(text)
    return list(found)


def _write_template(session: Session, store: "GraphStore", file: Path, names: int) -> None:
    from tastegraph.graph.query_files import query
    from tastegraph.loaders.readers.likes import write_sheet

    rows = store.rows(query("top-artists").cypher, {"k": names})
    write_sheet(file, [row["name"] for row in rows])
    session.note(f"{len(rows)} artists in {file}: write 1 in the column Like beside some of them")
