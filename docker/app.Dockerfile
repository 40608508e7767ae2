# bot, actions and knowledge: the root environment. Built from the repository root by docker-compose.yml.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 TOKENIZERS_PARALLELISM=false UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1

RUN pip install --no-cache-dir uv && useradd --create-home --uid 10001 app

# A scanned plan is read by tesseract with its Vietnamese (knowledge/sources/ocr.py); espeak-ng reads the loudspeaker's script.
RUN apt-get update && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie espeak-ng \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY pyproject.toml uv.lock ./
# torch stands outside the lock: the CPU build, as `make` adds it (docs/decisions/0002-two-environments.md).
RUN uv sync --frozen --no-default-groups --python /usr/local/bin/python3.11 \
 && uv pip install --no-config "torch==2.13.*" --torch-backend cpu

COPY domain.yml ./
COPY actions/ actions/
COPY bot/ bot/
COPY knowledge/ knowledge/
# A fresh volume takes over the owner of the folder it is mounted on.
RUN mkdir -p var/index var/history var/drafts && chown -R app:app var

USER app
CMD [".venv/bin/python", "-m", "bot", "serve"]
