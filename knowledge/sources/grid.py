"""
Ruled tables in the picture of a page: long dark runs across and down, and the cells between them.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

DARK = 140  # of 255
LEAST_ACROSS, LEAST_DOWN = 0.25, 0.02  # of the page's width and height: shorter runs are letters and underlines
NEAR = 12  # pixels at 300 dpi: a ruled line is a few pixels thick, and not quite straight

Box = tuple[float, float, float, float]


def grids(pixels: NDArray[np.uint8]) -> list[list[list[Any]]]:
    """
    Return the tables of a page as rows of cells, a cell a box (left, top, right, bottom) in pixels.

    Args:
        pixels: uint8 (height, width), 0 black.
    """
    dark = pixels < DARK
    across = _runs(dark, int(pixels.shape[1] * LEAST_ACROSS))
    down = [(at, first, last) for at, first, last in _runs(dark.T, max(40, int(pixels.shape[0] * LEAST_DOWN)))]
    return [table for block in _blocks(across) if (table := _cells(block, down)) is not None]


def _runs(dark: NDArray[np.bool_], least: int) -> list[tuple[int, int, int]]:
    """
    Return (row, first column, last column) of each long dark run; neighbouring rows count as one line.
    """
    found: list[tuple[int, int, int]] = []
    filled = dark | np.roll(dark, 1, axis=1) | np.roll(dark, -1, axis=1)  # a gap of a pixel is a fault of the scan
    rows = np.flatnonzero(filled.sum(axis=1) >= least)
    for row in rows:
        edges = np.flatnonzero(np.diff(np.concatenate(([0], filled[row].view(np.int8), [0]))))
        starts, ends = edges[::2], edges[1::2]
        for start, end in zip(starts, ends, strict=True):
            if end - start >= least:
                near = next(
                    (
                        place
                        for place, (at, first, last) in enumerate(found)
                        if 0 <= row - at <= NEAR and first - NEAR <= end and start <= last + NEAR
                    ),
                    None,
                )
                if near is None:
                    found.append((int(row), int(start), int(end)))
                else:
                    _, first, last = found[near]
                    found[near] = (int(row), min(first, int(start)), max(last, int(end)))
    return found


def _blocks(across: list[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """
    Group lines that lie under each other with the same left and right end: the rules of one table.
    """
    blocks: list[list[tuple[int, int, int]]] = []
    for line in sorted(across):
        block = next(
            (one for one in blocks if abs(one[0][1] - line[1]) < 3 * NEAR and abs(one[0][2] - line[2]) < 3 * NEAR), None
        )
        if block is None:
            blocks.append([line])
        else:
            block.append(line)
    return [block for block in blocks if len(block) >= 3]


def _cells(block: list[tuple[int, int, int]], down: list[tuple[int, int, int]]) -> list[list[Any]] | None:
    rules = sorted({at for at, _, _ in block})
    left, right = min(first for _, first, _ in block), max(last for _, _, last in block)
    columns: list[int] = []
    for at, first, last in sorted(down):
        if (
            left - 2 * NEAR <= at <= right + 2 * NEAR
            and first <= rules[-1]
            and last >= rules[0]
            and (not columns or at - columns[-1] > 3 * NEAR)
        ):
            columns.append(at)
    if len(columns) < 3:
        return None
    rows = []
    for top, bottom in pairwise(rules):
        if bottom - top > 2 * NEAR:
            rows.append([(float(one), float(top), float(other), float(bottom)) for one, other in pairwise(columns)])
    return rows
