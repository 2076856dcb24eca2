# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each read of the cluster against each kind of fault."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from adapters.hasty import Hasty
from adapters.kube_reads import READS, Read
from adapters.made_up_cluster import BUSY, made_up_cluster, refusal
from adapters.scripted_server import BROKEN, SILENT, Reply, Scripted

from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    Absent,
    Denied,
    NotFound,
    RemoteError,
    TimedOut,
)
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.diagnostics import Diagnostics
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.connection import READ_ATTEMPTS

# What completion and version show, where a failure is nothing or a sentence; they are tried in tests/e2e.
FOR_PEOPLE = {"version"}
CHANGES = {
    *("create_service_account", "apply_annotations", "patch_annotations", "delete_service_account"),
    "create_namespace",
}


@dataclass(frozen=True)
class Reader:
    """One read of a cluster whose answers are made up."""

    read: Read
    server: Scripted
    cluster: KubernetesCluster
    deadline: Hasty

    def __call__(self, *replies: Reply) -> Any:
        self.server.replies = list(replies)
        self.server.seen.clear()
        self.deadline.waits.clear()
        return self.read.call(self.cluster)

    @property
    def answer(self) -> Reply:
        return 200, {}, self.read.answer


@pytest.fixture(scope="module", params=READS)
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Each method that reads."""
    with made_up_cluster() as (server, cluster, deadline):
        yield Reader(READS[request.param], server, cluster, deadline)


def test_every_read_is_in_the_table() -> None:
    methods = {
        name
        for reads in (KubernetesCluster, Diagnostics)
        for name, _ in inspect.getmembers(reads, inspect.isfunction)
        if name[0] != "_"
    }
    assert READS.keys() == methods - CHANGES - FOR_PEOPLE


@pytest.mark.parametrize("times", [1, READ_ATTEMPTS - 1])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refusal(500, "InternalError"), id="internal-error"),
        pytest.param(refusal(502, "BadGateway"), id="bad-gateway"),
        pytest.param(refusal(503, "ServiceUnavailable"), id="not-available"),
        pytest.param(refusal(504, "Timeout"), id="timeout"),
        pytest.param(BUSY, id="too-many-requests"),
        pytest.param(BROKEN, id="broken-connection"),
    ],
)
def test_it_is_asked_again(reader: Reader, fault: Reply, times: int) -> None:
    assert reader(*[fault] * times, reader.answer) == reader.read.value
    assert len(reader.server.seen) == times + 1
    assert len(reader.deadline.waits) == times


def test_it_waits_as_long_as_it_is_told_to(reader: Reader) -> None:
    reader(BUSY, reader.answer)
    assert reader.deadline.waits == [3]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(refusal(500, "InternalError"), "InternalError", id="internal-error"),
        pytest.param(refusal(503, "ServiceUnavailable"), "ServiceUnavailable", id="not-available"),
        pytest.param(BUSY, "TooManyRequests", id="too-many-requests"),
        pytest.param(BROKEN, "Connection", id="broken-connection"),
    ],
)
def test_it_is_given_up_with_one_sentence(reader: Reader, fault: Reply, code: str) -> None:
    with pytest.raises(RemoteError) as caught:
        reader(fault)
    assert caught.value.code == code
    assert len(reader.server.seen) == READ_ATTEMPTS
    assert "\n" not in str(caught.value)


def test_silence_is_not_waited_for_twice(reader: Reader) -> None:
    with pytest.raises(TimedOut, match=r"did not respond within 0\.3 s; .*, or increase <request_timeout>"):
        reader(SILENT)
    assert len(reader.server.seen) == 1


def test_a_conflict_is_told_at_once(reader: Reader) -> None:
    with pytest.raises(RemoteError) as caught:
        reader(refusal(409, "Conflict"))
    assert caught.value.code == "Conflict"
    assert len(reader.server.seen) == 1


def test_a_denial_names_the_manifest_or_is_no_matter(reader: Reader) -> None:
    if reader.read.unread is not Denied:
        assert reader(refusal(403, "Forbidden")) == reader.read.unread
        return
    with pytest.raises(Denied) as caught:
        reader(refusal(403, "Forbidden"))
    remedy = str(caught.value.remedy)
    assert remedy.startswith("ask for a role that allows it, such as the one in https://")
    assert remedy.endswith(f"/docs/permissions/{reader.read.manifest}")
    assert caught.value.action.endswith(reader.read.place)


def test_what_is_missing_is_none_or_an_error(reader: Reader) -> None:
    if reader.read.missing is not NotFound:
        assert reader(refusal(404, "NotFound")) == reader.read.missing
        return
    with pytest.raises(NotFound) as caught:
        reader(refusal(404, "NotFound"))
    # A delete that may find nothing is content with Absent, and must not be with this.
    assert not isinstance(caught.value, Absent)
