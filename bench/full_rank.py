"""What the full-rank model of the heaviest columns loses to the whole one, on large data.

Beside the factorisation that the default has chosen, EASE is solved whole (in its dual form, a
system as large as users and tags) or for the heaviest columns alone, its share chosen on the slice
that all else is chosen by, from the one chosen there. The scores are those of the sum, before
vectors approximate them.
"""

from dataclasses import asdict

from bench.peers import K, Tuned
from tastegraph.models.algorithms.collective import Collective, CollectiveConfig
from tastegraph.models.algorithms.factory import create
from tastegraph.models.algorithms.teacher import Teacher
from tastegraph.models.evaluation.ranking import ndcg_of_scores
from tastegraph.models.evaluation.split import Split
from tastegraph.models.training.choosing.candidates import Candidate, as_text
from tastegraph.models.training.choosing.choice import SettingsChoice
from tastegraph.models.training.choosing.division import few
from tastegraph.models.training.choosing.full_rank import Mix, choose_mix
from tastegraph.runtime.progress import silent


def beside_the_factorisation(
    split: Split, slice_: Split, choice: SettingsChoice, most: int = CollectiveConfig.most_rows
) -> list[Tuned]:
    """NDCG@10 of ``choice``'s factorisation with EASE, of the ``most`` heaviest columns and whole.

    That is all columns where there are fewer, which is the same model either way.
    """
    rows = len(split.data.users) + len(split.data.tags)
    ways = {f"EASE of the {most:,} heaviest columns": most, "EASE, whole": max(rows, 1)}
    return [
        _summed(f"factorisation as chosen + {way}", split, slice_, choice, most_rows)
        for way, most_rows in ways.items()
    ]


def _summed(
    name: str, split: Split, slice_: Split, choice: SettingsChoice, most_rows: int
) -> Tuned:
    config = _config(choice, most_rows)
    teacher = Teacher.fit(slice_.data, config, 0, silent, name)
    begun = Mix(**{name: choice.settings.get(name, value) for name, value in asdict(Mix()).items()})
    mix = choose_mix(teacher, few(slice_), begun, asdict(begun))
    fitted = mix.of(Teacher.fit(split.data, config, 0, silent, name), split.data.listeners)
    return Tuned(name, asdict(mix), ndcg_of_scores(fitted.scores, split, K))


def _config(choice: SettingsChoice, most_rows: int) -> CollectiveConfig:
    """The settings of both models; relations that the choice leaves out weigh nothing."""
    nothing = Candidate().settings(Collective.name)
    chosen = {name: choice.settings.get(name, value) for name, value in nothing.items()}
    length = choice.settings.get("dimensions", CollectiveConfig.als_dimensions)
    starts = choice.settings.get("starts", CollectiveConfig.starts)
    sizes = {"als_dimensions": length, "starts": starts, "most_rows": most_rows}
    model = create(Collective.name, as_text({**chosen, **sizes}))
    assert isinstance(model, Collective)
    return model.config
