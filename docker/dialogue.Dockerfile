# Rasa: its own environment, and its model trained when the image is built. Built from the repository root.
FROM python:3.11-slim

# MULTIDICT_NO_EXTENSIONS: Rasa's multidict 5.2 has no wheel for Python 3.11, and this image has no compiler.
ENV PYTHONUNBUFFERED=1 PYTHONPATH=dialogue RASA_TELEMETRY_ENABLED=false \
    UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1 MULTIDICT_NO_EXTENSIONS=1

RUN pip install --no-cache-dir uv && useradd --create-home --uid 10001 app

WORKDIR /app
COPY dialogue/pyproject.toml dialogue/uv.lock dialogue/
RUN uv sync --frozen --project dialogue --python /usr/local/bin/python3.11

COPY config.yml domain.yml ./
COPY dialogue/ dialogue/
COPY docker/endpoints.scale.yml docker/
# A fresh volume takes over the owner of the folder it is mounted on; the model stays outside it, in the image.
RUN mkdir -p models var/rasa && chown -R app:app models var

USER app
RUN RASA_CACHE_DIRECTORY=/tmp/rasa-cache dialogue/.venv/bin/python dialogue/rasa_slim.py train --domain domain.yml \
    --config config.yml --data dialogue/data --out models --fixed-model-name dialogue \
 && rm -rf /tmp/rasa-cache

CMD ["dialogue/.venv/bin/python", "dialogue/rasa_slim.py", "run", "-i", "0.0.0.0", "-p", "8081", "-m", "models/dialogue.tar.gz", \
     "--endpoints", "dialogue/endpoints.yml", "--credentials", "dialogue/credentials.yml"]
