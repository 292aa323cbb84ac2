"""What takes part in a comparison: models by name, each with settings of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tastegraph.errors import InputError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import create
from tastegraph.models.storage.model_card import Card


@dataclass(frozen=True)
class ModelSpec:
    """A model to be fitted, as it was written: ``collective:dimensions=128:epochs=4``."""

    label: str
    algorithm: str
    settings: dict[str, str] = field(default_factory=dict)

    def model(self) -> Model[Any]:
        """The untrained model; NotFoundError or InputError as ``factory.create``."""
        return create(self.algorithm, self.settings)


def model_specs(models: str | Sequence[str]) -> list[ModelSpec]:
    """The specs of ``models``, each name[:setting=value]...; commas separate those in one text.

    InputError for an empty list, one that is there twice or a setting without a value;
    NotFoundError for a name or a setting that is not there. All before anything is fitted.
    """
    labels = [label.strip() for label in _labels(models) if label.strip()]
    if not labels:
        raise InputError("no model is named: give some, such as --models popularity,collective")
    twice = {label for label in labels if labels.count(label) > 1}
    if twice:
        raise InputError(f"{', '.join(sorted(twice))} is named twice: name each model once")
    found = [_spec(label) for label in labels]
    for spec in found:
        spec.model()
    return found


def spec_of(card: Card) -> ModelSpec:
    """The model that ``card`` describes, to be fitted again with the same settings."""
    settings = {name: str(value) for name, value in card.parameters.items() if value is not None}
    return ModelSpec(card.algorithm, card.algorithm, settings)


def look_at_times(specs: Sequence[ModelSpec]) -> bool:
    """Whether any of the models asks when listens were last heard."""
    return any(spec.model().config.half_life for spec in specs)


def _labels(models: str | Sequence[str]) -> list[str]:
    return ",".join([models] if isinstance(models, str) else models).split(",")


def _spec(label: str) -> ModelSpec:
    algorithm, *assignments = label.split(":")
    settings = {}
    for assignment in assignments:
        name, sign, value = assignment.partition("=")
        if not sign or not name.strip():
            raise InputError(
                f"{assignment!r} in {label!r} is no setting: write name:setting=value, such as "
                "collective:dimensions=128"
            )
        settings[name.strip()] = value.strip()
    return ModelSpec(label, algorithm.strip(), settings)
