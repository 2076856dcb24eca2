"""The contrast between text and its background.

Source: https://www.w3.org/TR/WCAG22/#contrast-minimum
"""

from __future__ import annotations

# For text of any size.
ENOUGH = 4.5


def contrast(text: str, ground: str) -> float:
    """The ratio of two colors, given as #rgb or #rrggbb: 1 for equal colors, 21 for black on white."""
    lighter, darker = sorted((_luminance(text), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
