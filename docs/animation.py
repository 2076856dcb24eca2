"""An animated SVG of a terminal. It shows the finished screen, and then its lines as they are typed and printed.

Each line is in the file once, as text, and only CSS animates it, so diffs are readable. Colors follow the reader's
light or dark mode. Readers who prefer reduced motion, and programs that do not animate, see the finished screen.
The animation starts with it, so that nobody sees an empty terminal first. Other programs for recordings draw a
picture of the screen for each moment, in fixed colors.
Sources: https://www.w3.org/TR/SVG2/ and https://www.w3.org/TR/css-animations-1/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

# The size of a character, in units of the SVG. A README shows the file at about nine tenths of that size.
WIDTH, HEIGHT, SIZE = 8.4, 20, 14
MARGIN = 20
PROMPT, COMMENT = "$ ", "# "

TYPING = 0.02  # seconds per character
READING = 0.7  # seconds that a comment is shown before the next line
BEGIN, FADE, END = 6.0, 0.6, 3.0  # seconds: finished screen, fade-out, finished screen again

STYLE = f"""
svg {{ --ground: #ffffff; --edge: #d0d7de; --text: #1f2328; --quiet: #59636e; --command: #0550ae; }}
@media (prefers-color-scheme: dark) {{
svg {{ --ground: #0d1117; --edge: #30363d; --text: #e6edf3; --quiet: #9198a1; --command: #79c0ff; }}
}}
text {{ font: {SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono",
monospace; white-space: pre; fill: var(--text); }}
.command {{ fill: var(--command); font-weight: 600; }}
.comment {{ fill: var(--quiet); }}
.ground {{ fill: var(--ground); }}
.edge {{ fill: none; stroke: var(--edge); }}
.cover {{ opacity: 0; }}
.cover .paper {{ fill: var(--ground); }}
.cover .cursor {{ fill: var(--quiet); }}
text, .cover, .all {{ animation-iteration-count: infinite; animation-timing-function: step-end; }}
.all {{ animation-name: fade; animation-timing-function: linear; }}
@media (prefers-reduced-motion: reduce) {{ text, .cover, .all {{ animation: none !important; }} }}
""".strip()


@dataclass(frozen=True)
class Line:
    """A line of a terminal, and the second at which it was printed."""

    text: str
    at: float


@dataclass(frozen=True)
class Shown:
    """A line and the second at which it appears. A command is typed until `typed`, and runs until `done`."""

    text: str
    at: float
    typed: float
    done: float


def animation(lines: Sequence[Line], title: str, description: str) -> str:
    """Return the file. Commands take as long as recorded. Time to type and to read is added."""
    shown = list(_paced(lines))
    seconds = round(shown[-1].done + END, 2)
    width = round(max(len(line.text) for line in lines) * WIDTH + 2 * MARGIN)
    height = len(lines) * HEIGHT + 2 * MARGIN
    rows = [(row, line) for row, line in enumerate(shown) if line.text]
    edge = f'x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"'
    fade = (
        f"@keyframes fade {{ {_part(BEGIN, seconds)} {{ opacity: 1; }}"
        f" {_part(BEGIN + FADE, seconds)} {{ opacity: 0; animation-timing-function: step-start; }} }}"
    )
    frames = [*_frames(rows, seconds), fade]
    style = "\n".join((STYLE, f"text, .cover, .all {{ animation-duration: {seconds}s; }}", *frames))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            ' aria-labelledby="title desc">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(description)}</desc>',
            f"<style>\n{style}\n</style>",
            f'<rect class="ground" {edge}/>',
            '<g class="all">',
            *(_drawn(row, line) for row, line in rows),
            "</g>",
            f'<rect class="edge" {edge}/>',
            "</svg>\n",
        )
    )


def _paced(lines: Sequence[Line]) -> Iterator[Shown]:
    added = BEGIN + FADE
    for number, line in enumerate(lines):
        at = line.at + added
        if line.text.startswith(PROMPT):
            added += (len(line.text) - len(PROMPT)) * TYPING
        elif line.text.startswith(COMMENT):
            added += READING
        later = [one.at for one in lines[number + 1 :]]
        yield Shown(line.text, at, line.at + added, min(later, default=line.at) + added)


def _frames(rows: Iterable[tuple[int, Shown]], seconds: float) -> Iterator[str]:
    for row, line in rows:
        yield (
            f"@keyframes r{row} {{ 0% {{ opacity: 1; }} {_part(BEGIN + FADE, seconds)} {{ opacity: 0; }}"
            f" {_part(line.at, seconds)} {{ opacity: 1; }} }}"
        )
        if line.text.startswith(PROMPT):
            typed = len(line.text) - len(PROMPT)
            end = f"transform: translateX({typed * WIDTH:.1f}px);"
            yield (
                f"@keyframes c{row} {{ 0% {{ opacity: 0; }}"
                f" {_part(line.at, seconds)} {{ opacity: 1; transform: none;"
                f" animation-timing-function: steps({typed}, end); }}"
                f" {_part(line.typed, seconds)} {{ opacity: 1; {end} }}"
                f" {_part(line.done, seconds)} {{ opacity: 0; {end} }} }}"
            )


def _drawn(row: int, line: Shown) -> str:
    top = MARGIN + row * HEIGHT
    kind = {PROMPT: ' class="command"', COMMENT: ' class="comment"'}.get(line.text[:2], "")
    # With an explicit length, the text fits the steps of the cursor in every font.
    text = (
        f'<text{kind} x="{MARGIN}" y="{top + 14}" textLength="{len(line.text) * WIDTH:.1f}"'
        f' style="animation-name: r{row}">{escape(line.text)}</text>'
    )
    if line.text[:2] != PROMPT:
        return text
    left = MARGIN + len(PROMPT) * WIDTH
    wide = (len(line.text) - len(PROMPT)) * WIDTH + 1
    return (
        f'{text}<g class="cover" style="animation-name: c{row}">'
        f'<rect class="paper" x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{HEIGHT}"/>'
        f'<rect class="cursor" x="{left:.1f}" y="{top + 2}" width="{WIDTH}" height="{HEIGHT - 4}"/></g>'
    )


def _part(at: float, seconds: float) -> str:
    return f"{100 * at / seconds:.2f}%"
