# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`--diff` shows only what changes, under the names of a module's options."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.task.difference import difference

ROLE = {"arn": "arn:x", "maxSessionDuration": 3600, "permissionsBoundary": "", "tags": {"a": "b"}}


def shown(before: Any, after: Any) -> tuple[Any, Any]:
    """Before and after of the only resource."""
    (one,) = difference({"role/app": before}, {"role/app": after})
    assert (one["before_header"], one["after_header"]) == ("role/app", "role/app")
    return one["before"], one["after"]


def test_what_is_the_same_is_not_shown() -> None:
    assert difference({"role/app": ROLE}, {"role/app": dict(ROLE)}) == []


def test_of_a_resource_only_the_fields_that_differ_are_shown() -> None:
    assert shown(ROLE, {**ROLE, "maxSessionDuration": 7200}) == (
        {"max_session_duration": 3600},
        {"max_session_duration": 7200},
    )


@pytest.mark.parametrize("is_created", [True, False])
def test_a_new_or_a_deleted_resource_is_shown_as_a_whole(is_created: bool) -> None:
    whole = {"arn": "arn:x", "max_session_duration": 3600, "permissions_boundary": "", "tags": {"a": "b"}}
    assert shown(*((None, ROLE) if is_created else (ROLE, None))) == (
        ("", whole) if is_created else (whole, "")
    )


def test_the_keys_of_tags_and_annotations_stay_as_they_are() -> None:
    assert shown({"tags": {"costCenter": "1"}}, {"tags": {"costCenter": "2"}}) == (
        {"tags": {"costCenter": "1"}},
        {"tags": {"costCenter": "2"}},
    )


def test_a_policy_document_is_shown_as_it_is() -> None:
    before, after = ({"Version": "2012-10-17", "Statement": [{"Sid": sid}]} for sid in "ab")
    assert shown(before, after) == (before, after)
