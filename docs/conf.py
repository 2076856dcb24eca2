"""The Sphinx configuration of the site: `make site`.

The pages must also be readable in the repository, so everything that only the site needs is added when Sphinx
reads them: the tree of pages, from the lists in index.md and the tables in reference/README.md; a class for tables
of options; and the URLs of files outside docs/.
Sources: https://www.sphinx-doc.org/en/master/usage/configuration.html and https://pradyunsg.me/furo/customisation/
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/iamsa/iamsa"
# GitHub's mark, from https://primer.style/octicons (MIT).
OCTICON = (ROOT / "docs/_static/github.svg").read_text()
GALAXY = (ROOT / "ansible_collections/iamsa/eks/galaxy.yml").read_text()

project = "iamsa"
author = "The iamsa authors"
copyright = "the iamsa authors, GPL-3.0-or-later"
release = re.search(r"^version: (\S+)$", GALAXY, re.MULTILINE)[1]  # type: ignore[index]
html_title = f"iamsa {release}"

extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton"]
exclude_patterns = ["requirements.txt", "modules/environment_variables.rst"]
myst_heading_anchors = 4
myst_enable_extensions = ["attrs_block"]
myst_html_meta = {
    "description": "IAM roles for Kubernetes service accounts (IRSA) on Amazon EKS, with one command."
}
# In a console block, copy only the commands, without prompts and output.
copybutton_prompt_text = "$ "
copybutton_line_continuation_character = "\\"
copybutton_here_doc_delimiter = "EOF"

html_theme = "furo"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
# These two themes, which come with furo, have a contrast of at least 7:1.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {
    "footer_icons": [{"name": "GitHub", "url": REPOSITORY, "html": OCTICON, "class": "muted-link"}],
}

RETURN_VALUES = "https://docs.ansible.com/ansible/latest/reference_appendices/common_return_values.html"
PARTS = re.compile(r"^## (.+)\n\n((?:- \[.+\n)+)", re.MULTILINE)
# A page without its extension, or a URL.
LINK = re.compile(r"\[([^\]]+)\]\((?:([\w/-]+)\.md|(https://\S+))\)")
TABLE_OF_OPTIONS = re.compile(r"^(?=\| (?:Argument|Option|Variable|File) \|)", re.MULTILINE)
MODULES = "- [Ansible modules](modules/index.md)\n"


def with_tree(page: str) -> str:
    """Return index.md with a hidden tree of pages for each of its lists."""
    trees = [
        _tree(f"{links}{MODULES if title == 'Reference' else ''}", f":caption: {title}\n")
        for title, links in PARTS.findall(page)
    ]
    return page + "".join(trees)


def of_reference(page: str) -> str:
    """Return a page of reference/ with tables of options that a narrow screen shows as lists."""
    return TABLE_OF_OPTIONS.sub("{.options}\n", page)


def _tree(links: str, caption: str = "") -> str:
    entries = "\n".join(f"{text} <{page or address}>" for text, page, address in LINK.findall(links))
    return f"\n```{{toctree}}\n:hidden:\n{caption}\n{entries}\n```\n"


def of_module(page: str) -> str:
    """Return a page of antsibull-docs with changes for this site: a short title for the tree, no list of sections, which
    furo shows anyway, and a URL for the label of Ansible's own site.
    """
    page = re.sub(r"^(?:iamsa\.eks\.)(\w+) (?:module|role) -- .+\n\++$", _title, page, flags=re.MULTILINE)
    page = re.sub(r"\.\. contents::\n   :local:\n   :depth: \d\n", "", page)
    return page.replace(":ref:`here <common_return_values>`", f"`here <{RETURN_VALUES}>`__")


def _title(found: re.Match[str]) -> str:
    return f"{found[1]}\n{'+' * len(found[1])}"


def read(_: Any, name: str, source: list[str]) -> None:
    """Replace the text of a page before Sphinx parses it."""
    if "/" not in name:
        source[0] = source[0].replace("](../", f"]({REPOSITORY}/blob/main/")
    if name == "index":
        source[0] = with_tree(source[0])
    elif name == "reference/README":
        # The first column of its tables.
        source[0] += _tree("\n".join(re.findall(r"^\| (\[.+?\)) \|", source[0], re.MULTILINE)))
    elif name.startswith("reference/"):
        source[0] = of_reference(source[0])
    elif name.startswith("modules/"):
        source[0] = of_module(source[0])


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", read)
    return {"parallel_read_safe": True}
