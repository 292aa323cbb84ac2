"""What a shell completes: algorithms, kinds of pictures, queries, the folders of stores."""

import click
from click.shell_completion import CompletionItem


def complete_algorithms(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of models."""
    from tastegraph.models.algorithms.factory import ALGORITHMS

    return _beginning(ALGORITHMS, incomplete)


def complete_kinds(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Kinds of pictures."""
    from tastegraph.analysis.kinds import KINDS

    return _beginning(tuple(KINDS), incomplete)


def complete_queries(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of queries; those of helpers once they are begun."""
    from tastegraph.graph.query_files import query, query_names

    names = (name for name in query_names() if incomplete or not query(name).is_helper)
    return _beginning(tuple(names), incomplete)


def complete_places(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Folders, which the shell knows."""
    return [CompletionItem(incomplete, type="dir")]


def _beginning(names: tuple[str, ...], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
