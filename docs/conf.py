"""Sphinx's settings for the site: `make site`. The pages are plain Markdown, and stay readable as such.

What Markdown cannot say on the repository's web page is added here while a page is read: the tree of pages, from the lists of index.md and the tables of reference/README.md; and where files outside docs/ are.
Source: https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/iamsa/iamsa"
GALAXY = (ROOT / "ansible_collections/iamsa/eks/galaxy.yml").read_text()

project = "iamsa"
author = "The iamsa authors"
copyright = "the iamsa authors, GPL-3.0-or-later"
release = re.search(r"^version: (\S+)$", GALAXY, re.MULTILINE)[1]  # type: ignore[index]
html_title = f"iamsa {release}"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
exclude_patterns = ["requirements.txt", "modules/environment_variables.rst"]
myst_heading_anchors = 4

html_theme = "furo"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
pygments_style = "friendly"
pygments_dark_style = "monokai"

RETURN_VALUES = "https://docs.ansible.com/ansible/latest/reference_appendices/common_return_values.html"
PARTS = re.compile(r"^## (.+)\n\n((?:- \[.+\n)+)", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\(([\w/-]+)\.md\)")
MODULES = "- [Ansible modules](modules/index.md)\n"


def with_tree(page: str) -> str:
    """index.md with a hidden tree of pages for each of its lists."""
    trees = [
        _tree(f"{links}{MODULES if title == 'Reference' else ''}", f":caption: {title}\n")
        for title, links in PARTS.findall(page)
    ]
    return page + "".join(trees)


def _tree(links: str, caption: str = "") -> str:
    entries = "\n".join(f"{text} <{name}>" for text, name in LINK.findall(links))
    return f"\n```{{toctree}}\n:hidden:\n{caption}\n{entries}\n```\n"


def of_module(page: str) -> str:
    """A page that antsibull-docs wrote, as this site needs it: with a short title for the tree, without a list
    of its sections, which furo shows beside it, and with an address for the label of Ansible's own site."""
    page = re.sub(r"^(?:iamsa\.eks\.)(\w+) (?:module|role) -- .+\n\++$", _title, page, flags=re.MULTILINE)
    page = page.replace(".. contents::\n   :local:\n   :depth: 1\n", "")
    return page.replace(":ref:`here <common_return_values>`", f"`here <{RETURN_VALUES}>`__")


def _title(found: re.Match[str]) -> str:
    return f"{found[1]}\n{'+' * len(found[1])}"


def read(_: Any, name: str, source: list[str]) -> None:
    """What Sphinx is to take for a page's text."""
    if name == "index":
        source[0] = with_tree(source[0])
    elif name == "reference/README":
        # The first column of its tables.
        source[0] += _tree("\n".join(re.findall(r"^\| (\[.+?\)) \|", source[0], re.MULTILINE)))
    elif name.startswith("modules/"):
        source[0] = of_module(source[0])
    if "/" not in name:
        source[0] = source[0].replace("](../", f"]({REPOSITORY}/blob/main/")


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", read)
    return {"parallel_read_safe": True}
