"""The models that can be trained by name."""

import dataclasses
import importlib
from difflib import get_close_matches
from typing import Any, cast

from graph.errors import InputError, NotFoundError
from models.base import Model

DEFAULT = "collective-als"

# Modules are named, not imported: TensorFlow is paid for when a model is trained.
_MODELS = {
    "collective-als": ("models.collective_als", "CollectiveAls", "CollectiveConfig"),
    "als": ("models.listens_als", "ListensAls", "ListensConfig"),
}

ALGORITHMS = tuple(_MODELS)


def create(algorithm: str, settings: dict[str, str]) -> Model:
    """The untrained model ``algorithm``, its configuration changed by ``settings``.

    Settings are field names and values as text. Raises NotFoundError for an algorithm or a
    field that is not there, with the nearest names, and InputError for a value that is none.
    """
    if algorithm not in _MODELS:
        raise NotFoundError(
            f"there is no algorithm {algorithm!r}{_near(algorithm, ALGORITHMS)}; "
            f"known are {', '.join(ALGORITHMS)}"
        )
    module_name, model_name, config_name = _MODELS[algorithm]
    module = importlib.import_module(module_name)
    config_type = getattr(module, config_name)
    config = config_type(**_converted(config_type, algorithm, settings))
    return cast(Model, getattr(module, model_name)(config))


def _converted(config_type: Any, algorithm: str, settings: dict[str, str]) -> dict[str, Any]:
    fields = {field.name: field.type for field in dataclasses.fields(config_type)}
    converted: dict[str, Any] = {}
    for name, text in settings.items():
        if name not in fields:
            raise NotFoundError(
                f"{algorithm} has no setting {name!r}{_near(name, tuple(fields))}; "
                f"it has {', '.join(fields)}"
            )
        try:
            converted[name] = int(text) if fields[name] is int else float(text)
        except ValueError as error:
            kind = "a whole number" if fields[name] is int else "a number"
            raise InputError(f"{name} must be {kind}, not {text!r}") from error
    return converted


def _near(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
