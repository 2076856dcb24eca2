# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The message of a Status object becomes a part of a sentence."""

from __future__ import annotations

import json

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.errors import status_message
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.transport import Answer


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("admission webhook denied the request: no.", "admission webhook denied the request: no"),
        ("two.\n  lines. ", "two. lines"),
        ("none", "none"),
        ("", ""),
        (None, ""),
    ],
)
def test_it_is_one_line_without_a_final_period(message: str | None, words: str) -> None:
    assert status_message(Answer(403, {}, json.dumps({"message": message}).encode())) == words


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]"])
def test_another_body_has_none(body: bytes) -> None:
    assert status_message(Answer(502, {}, body)) == ""
