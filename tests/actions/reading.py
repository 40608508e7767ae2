"""
What a citizen would see of a phrased turn, for assertions.
"""

from collections.abc import Mapping

from actions.phrasing.bubbles import Bubble, Phrased, fill, texts_of


def text(shown: Bubble | Phrased, texts: Mapping[str, str]) -> str:
    bubbles = shown.bubbles if isinstance(shown, Phrased) else (shown,)
    return "\n\n".join("\n".join(texts_of(bubble, texts)) for bubble in bubbles)


def buttons(shown: Bubble | Phrased, texts: Mapping[str, str]) -> dict[str, str]:
    bubbles = shown.bubbles if isinstance(shown, Phrased) else (shown,)
    return {fill(button.title, texts): button.payload for bubble in bubbles for button in bubble.buttons}
