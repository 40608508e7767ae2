"""
A scanned page → words with their places, by the tesseract program with its Vietnamese; ruled tables from the picture.
"""

import io
import os
import shutil
import subprocess
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from knowledge.errors import OcrMissing, SourceError
from knowledge.sources.document import clean
from knowledge.sources.grid import grids
from knowledge.sources.words import Word

PROGRAM, LANGUAGE = "tesseract", "vie"
DOTS_PER_INCH = 300
SECONDS_PER_PAGE = 180
ANGLES = [step / 10 for step in range(-25, 26)]  # degrees; more is a page laid on its side
INSTALL = (
    "Cài trên máy chủ (Debian, Ubuntu): apt-get install tesseract-ocr tesseract-ocr-vie. "
    "Hoặc mở bản PDF bằng phần mềm có nhận dạng chữ, lưu thành .docx rồi nhập tệp đó."
)


def read_page(data: bytes, number: int, name: str) -> tuple[list[Word], list[list[list[Any]]]]:
    """
    Return the words of one page, and the cells of its ruled tables as rows of boxes.

    Args:
        number: Of the page, from 1.

    Raises:
        OcrMissing: when tesseract or its Vietnamese is not installed.
        SourceError: when tesseract fails on this page.
    """
    check_installed(name)
    picture = straight(_render(data, number))
    found = grids(np.asarray(picture, dtype=np.uint8))
    written = io.BytesIO()
    picture.save(written, format="PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return _words(_run(written.getvalue(), number, name)), found


def _render(data: bytes, number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        return document[number - 1].render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()


def straight(picture: Image.Image) -> Image.Image:
    """
    Turn a page that was laid askew on the scanner upright: at the right angle, lines of print and gaps differ most.
    """
    small = picture.resize((600, max(1, round(600 * picture.height / picture.width))))
    best = max(ANGLES, key=lambda angle: _contrast(small, angle))
    return picture.rotate(best, fillcolor=255, resample=Image.Resampling.BICUBIC) if best else picture


def _contrast(picture: Image.Image, angle: float) -> float:
    dark = np.asarray(picture.rotate(angle, fillcolor=255, resample=Image.Resampling.BILINEAR)) < 160
    return float(np.square(np.diff(dark.sum(axis=1))).sum())


def check_installed(name: str) -> None:
    """
    Raises:
        OcrMissing: saying what is missing and how to install it.
    """
    if shutil.which(PROGRAM) is None:
        raise OcrMissing(f"{name} là bản quét (ảnh). Máy này chưa cài phần mềm nhận dạng chữ tesseract. {INSTALL}")
    listed = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    if LANGUAGE not in (listed.stdout + listed.stderr).split():
        raise OcrMissing(
            f"{name} là bản quét (ảnh). Máy này có tesseract nhưng thiếu gói tiếng Việt ({LANGUAGE}). {INSTALL}"
        )


def _run(picture: bytes, number: int, name: str) -> str:
    command = [PROGRAM, "-", "-", "-l", LANGUAGE, "--dpi", str(DOTS_PER_INCH), "--psm", "3", "tsv"]
    # One thread: on two cores tesseract's four wait for each other (40 s for two pages against 9 s, 2026-11-20).
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=picture, capture_output=True, timeout=SECONDS_PER_PAGE, check=True, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{name}: trang {number} nhận dạng quá {SECONDS_PER_PAGE} giây, đã dừng") from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip().splitlines()
        raise SourceError(
            f"{name}: tesseract không đọc được trang {number} ({told[-1] if told else error.returncode})"
        ) from error
    return done.stdout.decode("utf-8", errors="replace")


def _words(table: str) -> list[Word]:
    """
    Read tesseract's table: a word is a row of level 5, its box in pixels, its confidence in percent.
    """
    words = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5":
            continue
        text = clean(cells[11]).strip().strip("|")  # a rule of the table taken for a letter
        left, top, width, height = map(float, cells[6:10])
        if text and not set(text) <= set("|_~"):
            words.append(Word(text, left, top, left + width, top + height, max(0.0, float(cells[10])) / 100))
    return words
