# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Help, messages, documents and comments have none of the phrases in tests/language.py."""

from __future__ import annotations

import pytest
from kubectl_iamsa.verb_tree import build_parser
from language import Text, documents, messages, offences, paragraphs, remarks, sources

VERBS = build_parser().verbs()


def test_help() -> None:
    pages = {"": build_parser(), **VERBS}
    helps = [Text(f"kubectl iamsa {verb} --help", page.format_help()) for verb, page in pages.items()]
    assert offences(helps) == []


def test_messages_and_module_documentation() -> None:
    assert offences(messages(sources())) == []


def test_documents() -> None:
    assert offences(paragraphs(documents())) == []


def test_docstrings_and_comments() -> None:
    assert offences(remarks(sources())) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wait so\n long at most", "so long at most"),
        ("Mended by doctor.", "Mended"),
        ("a foreign role", "foreign"),
        ("the trust policy lets nobody in", "lets nobody in"),
        ("taken over", "taken over"),
        ("Behaviour", "Behaviour"),
        ("is authorised", "authorised"),
        ("somebody changes it", "somebody"),
        ("it is recommended to amend `foreign`, V(foreign) and https://a.example/foreign", None),
    ],
)
def test_a_phrase_is_found_as_a_whole_word_outside_code(text: str, found: str | None) -> None:
    assert [offence.split("'")[1] for offence in offences([Text("here", text)])] == ([found] if found else [])


def test_texts_of_each_kind_are_read() -> None:
    texts = [" ".join(text.text for text in read) for read in (messages(sources()), remarks(sources()))]
    assert "name or ARN of a managed policy" in texts[0]
    assert "Manage the IAM role of a Kubernetes ServiceAccount on EKS" in texts[0]
    assert "Checks the Python version and the required libraries" in texts[1]
    assert len(documents()) > 50
