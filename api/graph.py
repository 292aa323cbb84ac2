"""The graph as Python sees it."""

from tastegraph.api.analysing import Analysing
from tastegraph.api.evaluating import Evaluating
from tastegraph.api.exporting import Exporting
from tastegraph.api.loading import Loading
from tastegraph.api.newcomers import Newcomers
from tastegraph.api.querying import Querying
from tastegraph.api.recommending import Recommending
from tastegraph.api.social import Social
from tastegraph.api.training import TrainingMethods
from tastegraph.runtime.numbers import checks_numbers


@checks_numbers
class Graph(
    Loading,
    Exporting,
    TrainingMethods,
    Recommending,
    Newcomers,
    Social,
    Evaluating,
    Analysing,
    Querying,
):
    """A graph of users, artists, tags and friendships, and the model learned from it.

    One method for each command of the command line, with the same names of options, the same
    columns and the same errors; rows come as pandas DataFrames. A context manager:

        with tastegraph.connect("bolt://localhost:7687") as graph:
            graph.recommend([2, 10], k=10, why=True)
    """
