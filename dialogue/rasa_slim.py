"""
Start Rasa 3.6 without TensorFlow: use this file wherever the documentation of Rasa says `rasa`.

Rasa's default recipe imports six TensorFlow components and their helpers whether a pipeline names them or not.
They get inert stand-ins here, so the environment is 547 MB instead of 2.5 GB and a process 266 MB instead of 592
(measured 2026-11-20). A pipeline that does name one of them stops with a clear error. Telemetry is off, and every
environment variable that endpoints.yml reads has a default.

    dialogue/.venv/bin/python dialogue/rasa_slim.py train --domain domain.yml --config config.yml \
        --data dialogue/data --out var/rasa/models
"""

import os
import sys
import types
import warnings
from pathlib import Path
from typing import Any

COMPONENTS = {
    "rasa.nlu.classifiers.diet_classifier": "DIETClassifier",
    "rasa.nlu.selectors.response_selector": "ResponseSelector",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "ConveRTFeaturizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "LanguageModelFeaturizer",
    "rasa.core.policies.ted_policy": "TEDPolicy",
    "rasa.core.policies.unexpected_intent_policy": "UnexpecTEDIntentPolicy",
}
HELPERS = (
    "callback",
    "crf",
    "data_generator",
    "layers",
    "layers_utils",
    "metrics",
    "models",
    "rasa_layers",
    "transformer",
    "types",
)

# Rasa's own switches and the variables of endpoints.yml. Relative paths count from the working directory: the repository.
DEFAULTS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_CACHE_DIRECTORY": "var/rasa/cache",
    "RASA_ACTIONS_URL": "http://127.0.0.1:8082/webhook",
    "RASA_TRACKER_URL": "sqlite:///var/rasa/tracker.sqlite",
    "RASA_LOCK_STORE": "in_memory",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def stand_in(name: str, **attributes: Any) -> None:
    """
    Put a module called `name` in place; whatever else is asked of it becomes an empty class.
    """
    module = types.ModuleType(name)
    module.__dict__.update(attributes)

    def __getattr__(wanted: str) -> type:
        if wanted.startswith("__"):
            raise AttributeError(wanted)
        made = type(wanted, (), {"__module__": name})
        setattr(module, wanted, made)
        return made

    module.__getattr__ = __getattr__  # type: ignore[method-assign]
    sys.modules[name] = module


def leave_out_tensorflow() -> None:
    """
    Replace Rasa's TensorFlow modules. Call it before anything else of Rasa is imported.
    """
    for helper in HELPERS:
        stand_in("rasa.utils.tensorflow." + helper)
    from rasa.engine.graph import GraphComponent

    def create(cls: type, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"{cls.__name__} needs TensorFlow, which this environment leaves out (dialogue/README.md)")

    for module, name in COMPONENTS.items():
        stand_in(module, **{name: type(name, (GraphComponent,), {"__module__": module, "create": classmethod(create)})})


def main() -> None:
    # Rasa 3.6 and what it stands on are old; their own deprecations are nobody's business here.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    for variable, value in DEFAULTS.items():
        os.environ.setdefault(variable, value)
    tracker_url = os.environ["RASA_TRACKER_URL"]
    if tracker_url.startswith("sqlite:///"):
        Path(tracker_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    Path(os.environ["RASA_CACHE_DIRECTORY"]).parent.mkdir(parents=True, exist_ok=True)
    leave_out_tensorflow()
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
