# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each write to the cluster against each kind of fault: what is sent again, and what may have been done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from adapters.kube_reads import APP, SERVICE_ACCOUNT
from adapters.made_up_cluster import BUSY, made_up_cluster, refusal
from adapters.scripted_server import BROKEN, SILENT, Reply, Scripted

from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    Denied,
    IamsaError,
    NotFound,
    RemoteError,
    TimedOut,
)
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.connection import READ_ATTEMPTS

Write = Callable[[KubernetesCluster, bool], object]
WRITES: dict[str, tuple[str, Write]] = {
    "create": (
        "create serviceaccounts in namespace web",
        lambda cluster, dry: cluster.create_service_account(APP, {}, dry_run=dry),
    ),
    "apply": (
        "patch serviceaccounts in namespace web",
        lambda cluster, dry: cluster.apply_annotations(
            APP, {}, resource_version="7", force=False, dry_run=dry
        ),
    ),
    "patch": (
        "patch serviceaccounts in namespace web",
        lambda cluster, dry: cluster.patch_annotations(APP, {}, resource_version="7", dry_run=dry),
    ),
    "delete": (
        "delete serviceaccounts in namespace web",
        lambda cluster, dry: cluster.delete_service_account(APP, uid="u", resource_version="7", dry_run=dry),
    ),
    "create-namespace": (
        "create namespaces",
        lambda cluster, dry: cluster.create_namespace("web", dry_run=dry),
    ),
}
OK: Reply = (200, {}, SERVICE_ACCOUNT)
UNANSWERED = [
    pytest.param(refusal(500, "InternalError"), id="internal-error"),
    pytest.param(refusal(503, "ServiceUnavailable"), id="not-available"),
    pytest.param(BROKEN, id="broken-connection"),
]


@dataclass(frozen=True)
class Writer:
    """One write to a cluster whose answers are made up."""

    action: str
    write: Write
    server: Scripted
    cluster: KubernetesCluster

    def __call__(self, *replies: Reply, rehearsal: bool = False) -> int:
        """How often it was sent."""
        self.server.replies = list(replies)
        self.server.seen.clear()
        self.write(self.cluster, rehearsal)
        return len(self.server.seen)

    def fails(self, reply: Reply) -> IamsaError:
        with pytest.raises(IamsaError) as caught:
            self(reply)
        return caught.value


@pytest.fixture(scope="module", params=WRITES)
def writer(request: pytest.FixtureRequest) -> Iterator[Writer]:
    """Each method that writes."""
    with made_up_cluster() as (server, cluster, _):
        yield Writer(*WRITES[request.param], server, cluster)


def test_one_that_was_put_off_is_sent_again(writer: Writer) -> None:
    assert writer(BUSY, BUSY, OK) == 3


def test_one_that_is_put_off_for_ever_is_certainly_not_done(writer: Writer) -> None:
    error = writer.fails(BUSY)
    assert isinstance(error, RemoteError)
    assert error.code == "TooManyRequests"
    assert not error.uncertain
    assert len(writer.server.seen) == READ_ATTEMPTS


@pytest.mark.parametrize("fault", UNANSWERED)
def test_unanswered_it_is_not_sent_again_and_may_have_been_done(writer: Writer, fault: Reply) -> None:
    assert writer.fails(fault).uncertain
    assert len(writer.server.seen) == 1


@pytest.mark.parametrize("fault", UNANSWERED)
def test_unanswered_a_rehearsal_is_sent_again(writer: Writer, fault: Reply) -> None:
    assert writer(fault, OK, rehearsal=True) == 2


def test_silence_is_not_waited_for_twice(writer: Writer) -> None:
    assert isinstance(writer.fails(SILENT), TimedOut)
    assert len(writer.server.seen) == 1


def test_a_denial_names_the_action_and_the_manifest(writer: Writer) -> None:
    error = writer.fails(refusal(403, "Forbidden"))
    assert isinstance(error, Denied)
    assert error.action == writer.action
    # Namespaces are beyond what the manifest of one namespace holds.
    assert ("docs/permissions/rbac.yaml" in error.remedy) == ("serviceaccounts" in writer.action)


@pytest.mark.parametrize(
    ("status", "reason"), [(400, "BadRequest"), (422, "Invalid"), (413, "RequestEntityTooLarge")]
)
def test_refused_it_is_certainly_not_done(writer: Writer, status: int, reason: str) -> None:
    error = writer.fails(refusal(status, reason))
    assert isinstance(error, RemoteError)
    assert error.code == reason
    assert not error.uncertain
    assert len(writer.server.seen) == 1


def test_what_is_gone_is_nothing_to_change_and_has_no_place_to_be_made(writer: Writer) -> None:
    if writer.action.startswith("create") or writer.write is WRITES["apply"][1]:
        assert isinstance(writer.fails(refusal(404, "NotFound")), NotFound)
    else:
        assert writer(refusal(404, "NotFound")) == 1


def test_a_conflict_is_told_or_says_that_it_is_there_already(writer: Writer) -> None:
    if writer.action.startswith("create"):
        assert writer(refusal(409, "AlreadyExists")) == 1
    else:
        error = writer.fails(refusal(409, "Conflict"))
        assert isinstance(error, RemoteError)
        assert error.code == "Conflict"
