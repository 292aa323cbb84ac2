"""The models by name, and their settings as text."""

import dataclasses
import importlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tastegraph.errors import InputError, NotFoundError
from tastegraph.models.data.search_space import Range
from tastegraph.runtime.nearest_names import did_you_mean

if TYPE_CHECKING:
    from tastegraph.models.algorithms.base import Model

DEFAULT = "collective"

# Modules are named, not imported: TensorFlow is paid for when a model is trained.
_MODELS = {
    "collective": ("algorithms.collective", "Collective", "CollectiveConfig"),
    "hybrid": ("training.hybrid", "Hybrid", "HybridConfig"),
    "collective-exact": ("algorithms.collective_exact", "CollectiveExact", "TeacherConfig"),
    "collective-als": ("algorithms.collective_als", "CollectiveAls", "CollectiveAlsConfig"),
    "collective-ease": ("algorithms.collective_ease", "CollectiveEase", "EaseConfig"),
    "als": ("algorithms.als", "ListensAls", "ListensConfig"),
    "mf": ("algorithms.mf", "MatrixFactorization", "MfConfig"),
    "keras-dot": ("algorithms.keras_dot", "KerasDot", "EmbeddingsConfig"),
    "keras-dense": ("algorithms.keras_dense", "KerasDense", "EmbeddingsConfig"),
    "bpr": ("algorithms.bpr", "Bpr", "BprConfig"),
    "ease": ("algorithms.ease", "Ease", "EaseConfig"),
    "item-knn": ("algorithms.item_knn", "ItemKnn", "ItemKnnConfig"),
    "friends": ("algorithms.friends", "Friends", "FriendsConfig"),
    "tags": ("algorithms.tags", "Tags", "TagsConfig"),
    "popularity": ("algorithms.popularity", "Popularity", "PopularityConfig"),
    "random": ("algorithms.random", "Random", "RandomConfig"),
}

ALGORITHMS = tuple(_MODELS)


def create(algorithm: str, settings: Mapping[str, str]) -> "Model[Any]":
    """The untrained model ``algorithm``, its configuration changed by ``settings``.

    Settings are field names and values as text. Raises NotFoundError for an algorithm or a
    field that is not there, with the nearest names, and InputError for a value that is none.
    """
    module, model_name, config_name = _found(algorithm)
    config_type = getattr(module, config_name)
    config = config_type(**_converted(config_type, algorithm, settings))
    model: Model[Any] = getattr(module, model_name)(config)
    return model


def settings_of(algorithm: str, named: Iterable[str] = ()) -> dict[str, Any]:
    """The settings of ``algorithm`` by default.

    NotFoundError for an algorithm, or one of the settings ``named``, that is not there.
    """
    defaults = dataclasses.asdict(_config_type(algorithm)())
    for name in named:
        _check_setting(algorithm, name, defaults)
    return defaults


def search_space(algorithm: str) -> dict[str, Range]:
    """Where ``algorithm`` says that good settings are; empty where it has none to look for."""
    return dict(_config_type(algorithm).search)


def _config_type(algorithm: str) -> Any:
    module, _, config_name = _found(algorithm)
    return getattr(module, config_name)


def _found(algorithm: str) -> tuple[Any, str, str]:
    if algorithm not in _MODELS:
        raise NotFoundError(
            f"there is no algorithm {algorithm!r}{did_you_mean(algorithm, ALGORITHMS)}; "
            f"known are {', '.join(ALGORITHMS)}"
        )
    module, model, config = _MODELS[algorithm]
    return importlib.import_module(f"tastegraph.models.{module}"), model, config


def _converted(config_type: Any, algorithm: str, settings: Mapping[str, str]) -> dict[str, Any]:
    types: dict[str, Any] = {field.name: field.type for field in dataclasses.fields(config_type)}
    converted: dict[str, Any] = {}
    for name, text in settings.items():
        _check_setting(algorithm, name, types)
        try:
            converted[name] = types[name](text)
        except ValueError as error:
            kind = "a whole number" if types[name] is int else "a number"
            raise InputError(f"{name} must be {kind}, not {text!r}") from error
    return converted


def _check_setting(algorithm: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise NotFoundError(
            f"{algorithm} has no setting {name!r}{did_you_mean(name, known)}; "
            f"it has {', '.join(known)}"
        )
