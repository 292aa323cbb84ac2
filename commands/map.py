"""``map``: every artist on one map."""

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import SEED
from tastegraph.commands.session import Session, pass_session


@command(epilog="Example: tastegraph map")
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed gives the same map."
)
@pass_session
def map(session: Session, seed: int) -> None:
    """Place every artist that has a vector on one map, by t-SNE, and keep the places.

    They are the properties mapX and mapY of artists, from -100 to 100, near where the vectors are
    near. They are of the model in use: make them anew after a training.
    """
    with session.graph() as graph:
        graph.map(seed=seed)
