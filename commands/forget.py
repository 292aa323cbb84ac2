"""``forget``: one person leaves the graph."""

import click

from tastegraph.commands.session import Session, pass_session


@click.command(epilog="Example: tastegraph forget 300 --yes")
@click.argument("user_id", metavar="USER_ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def forget(session: Session, user_id: str, yes: bool) -> None:
    """Remove USER_ID and all that is theirs from the graph.

    Listens, friendships, tag assignments, hidden artists and the vector go, and what was
    counted from them is counted again, in one transaction. The files that they were loaded
    from stay as they are: loading those again brings the person back.
    """
    from tastegraph.graph.forget_user import forget as forget_user
    from tastegraph.graph.lookup import find_user

    with session.store() as store:
        user = find_user(store, user_id)
        question = f"Remove user {user} and all that is theirs from {session.place}?"
        if not (yes or click.confirm(question, err=True)):
            raise click.exceptions.Exit(1)
        changes = forget_user(store, user, session.progress)
    session.note(
        f"user {user} is forgotten: {changes.removed:,} nodes and relationships removed, "
        f"{changes.changed:,} that count them changed. The model still knows what it learned from "
        "them until 'tastegraph train', and a load of their files brings them back"
    )
