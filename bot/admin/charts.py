"""
Statistics → charts as SVG, drawn by pygal. Pure.

A chart is an image of its own (`<img src>`): its style stands inside, which the policy of a page would not allow. What it
says stands beside it as a table as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from pygal.style import Style

# Told apart by people who see few colours, and each at least 3 to 1 on white.
COLORS = ("#0b5cad", "#c77700", "#a11616")
SIZES = {"wide": (900, 360), "small": (420, 340)}
# An image may style itself, and fetches nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def stacked(labels: Sequence[str], series: Mapping[str, Sequence[int]], *, size: str, most_labels: int = 12) -> bytes:
    """
    Draw one bar per label, its parts on top of each other. Of many labels only some are written.
    """
    chart = pygal.StackedBar(**_settings(size), legend_at_bottom=True, legend_at_bottom_columns=3)
    chart.x_labels = list(labels)
    step = max(1, -(-len(labels) // (most_labels if size == "wide" else most_labels // 2)))
    if step > 1:
        chart.show_minor_x_labels = False
        chart.x_labels_major = list(labels)[::step]
    for name, values in series.items():
        chart.add(name, list(values))
    chart.add_xml_filter(_without_script)
    return bytes(chart.render())


def _without_script(root: Any) -> Any:
    """
    Take away what pygal's own script would read.
    """
    for parent in list(root.iter()):
        for child in list(parent):
            if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == "script":
                parent.remove(child)
    return root


def _settings(size: str) -> dict[str, object]:
    width, height = SIZES.get(size, SIZES["wide"])
    small = size == "small"
    letters = 13 if small else 14
    return {
        "width": width,
        "height": height,
        "explicit_size": True,
        "js": [],
        "no_data_text": "Chưa có số liệu",
        "show_y_guides": True,
        "margin": 8,
        "spacing": 8,
        "truncate_label": 14 if small else 24,
        "truncate_legend": 24,
        "order_min": 0,
        "min_scale": 2,
        "max_scale": 6,
        "range": None,
        "x_label_rotation": 0,
        "formatter": lambda value: f"{value:,.0f}".replace(",", "."),
        "style": Style(
            background="#ffffff",
            plot_background="#ffffff",
            foreground="#1c2430",
            foreground_strong="#1c2430",
            foreground_subtle="#c6ced9",
            colors=COLORS,
            opacity="1",
            opacity_hover="1",
            transition="0s",
            font_family="system-ui, 'Noto Sans', sans-serif",
            label_font_size=letters,
            major_label_font_size=letters,
            legend_font_size=letters,
            no_data_font_size=18,
        ),
    }
