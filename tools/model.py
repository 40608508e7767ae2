"""
Trains Rasa when what it learns from has changed, and not otherwise.
"""

import hashlib
import os
import subprocess
from pathlib import Path

from tools.errors import RunError

ROOT = Path(__file__).parent.parent
SOURCES = (
    "config.yml",
    "domain.yml",
    "dialogue/rasa_slim.py",
    "dialogue/vi_text.py",
    "dialogue/vi_tokenizer.py",
    "dialogue/uv.lock",
)
PYTHON = "dialogue/.venv/bin/python"
KEPT = 2


def digest(root: Path = ROOT) -> str:
    """
    Return a digest of everything that a model is trained from.
    """
    state = hashlib.blake2b(digest_size=8)
    files = [root / name for name in SOURCES] + sorted((root / "dialogue/data").rglob("*.yml"))
    for path in files:
        state.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


def current(models: Path, root: Path = ROOT) -> Path:
    """
    Return where the model of the present files is, or will be.
    """
    return models / f"{digest(root)}.tar.gz"


def train(models: Path, root: Path = ROOT) -> Path:
    """
    Return the model of the present files, trained now if there is none yet.

    Raises:
        RunError: with the last lines of what Rasa said.
    """
    model = current(models, root)
    if model.exists():
        return model
    models.mkdir(parents=True, exist_ok=True)
    command = [PYTHON, "dialogue/rasa_slim.py", "train", "--domain", "domain.yml", "--config", "config.yml", "--data", "dialogue/data",
               "--out", str(models), "--fixed-model-name", model.name.removesuffix(".tar.gz")]  # fmt: skip
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": "dialogue"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not model.exists():
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise RunError(f"Rasa could not be trained (exit {done.returncode}):\n{said}")
    for old in sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return model
