"""The site that `make site` built has enough contrast, copy buttons, and no requests to other hosts."""

from __future__ import annotations

import re

import pytest

from pages.blocks import ROOT
from pages.contrast import ENOUGH, contrast

SITE = ROOT / "build/site"
# furo repeats the rules for dark mode behind this selector.
SCHEMES = {"light": "", "dark": r'body\[data-theme="dark"\] '}


def rules(scheme: str) -> dict[str, str]:
    """The declarations of each Pygments class; "" is the block itself."""
    css = (SITE / "_static/pygments.css").read_text()
    return dict(re.findall(rf"^{SCHEMES[scheme]}\.highlight (?:\.(\w+) )?\{{ (.*?) \}}", css, re.MULTILINE))


def ground(scheme: str) -> str:
    (color,) = re.findall(r"background: (#\w+)", rules(scheme)[""])
    return str(color)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_word_of_a_block_stands_out_from_its_ground(scheme: str) -> None:
    colors = {name: re.findall(r"(?<!-)color: (#\w+)", words) for name, words in rules(scheme).items()}
    assert colors[""], "output has no color of its own, and takes the block's"
    assert {
        name: color
        for name, found in colors.items()
        for color in found
        if contrast(color, ground(scheme)) < ENOUGH
    } == {}


def test_output_is_not_paler_than_what_is_typed() -> None:
    assert all("go" not in rules(scheme) for scheme in SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_prompt_stands_out(scheme: str) -> None:
    (name,) = re.findall(r"\.gp \{\s+color: var\((.+?)\)", (SITE / "_static/site.css").read_text())
    light, *_, dark = re.findall(rf"{name}:(#\w+)", (SITE / "_static/styles/furo.css").read_text())
    assert contrast({"light": light, "dark": dark}[scheme], ground(scheme)) >= ENOUGH


@pytest.mark.parametrize("page", ["index", "reference/create", "modules/iam_serviceaccount_module"])
def test_a_page_loads_nothing_from_another_host(page: str) -> None:
    text = (SITE / f"{page}.html").read_text()
    assert re.findall(r'(?:src|<link [^>]*href)="(?:https?:)?//[^"]*"', text) == []


def test_blocks_have_a_button_that_copies_commands_alone() -> None:
    # The arguments: the prompt, no regular expression, only lines with a prompt, without the prompt.
    assert "formatCopyText(text, '$ ', false, true, true," in (SITE / "_static/copybutton.js").read_text()
    assert "_static/copybutton.js" in (SITE / "first-role.html").read_text()
