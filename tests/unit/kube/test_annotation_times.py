# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When an annotation was last written, as far as managedFields tell."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.service_accounts import annotation_times

OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def wrote(at: str | None, *keys: str) -> dict[str, Any]:
    annotations = {f"f:{key}": {} for key in keys}
    return {"manager": "m", "time": at, "fieldsV1": {"f:metadata": {"f:annotations": annotations}}}


@pytest.mark.parametrize(
    ("entries", "times"),
    [
        pytest.param(None, {}, id="not-recorded"),
        pytest.param([wrote(OLD, "a", "b")], {"a": OLD, "b": OLD}, id="one-time-for-all-of-a-manager"),
        pytest.param([wrote(NEW, "a"), wrote(OLD, "b")], {"a": NEW, "b": OLD}, id="a-manager-each"),
        pytest.param([wrote(NEW, "a", "b"), wrote(OLD, "a")], {"a": OLD, "b": NEW}, id="shared-by-two"),
        pytest.param([wrote(None, "a")], {}, id="without-a-time"),
    ],
)
def test_each_annotation_has_the_earliest_time_of_its_managers(entries: Any, times: dict[str, str]) -> None:
    assert annotation_times(entries) == times
