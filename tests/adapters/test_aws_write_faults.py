# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each write to AWS against each kind of fault: what is sent again, and what may have been done."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from adapters.aws_reads import DETAIL, READS
from adapters.aws_wire import Reply, Wire, answering, failure, result
from adapters.hasty import Hasty
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import ATTEMPTS, AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, IamsaError
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role

ROLE = Role(name="app", path="/iamsa/", arn="arn:aws:iam::123456789012:role/iamsa/app", trust={})
POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A"
WRITES: dict[str, tuple[str, Callable[[Iam], object]]] = {
    "providers.create": (
        "iam:CreateOpenIDConnectProvider",
        lambda iam: iam.providers.create("https://oidc.example/id/A", ["sts.amazonaws.com"]),
    ),
    "providers.add_audience": (
        "iam:AddClientIDToOpenIDConnectProvider",
        lambda iam: iam.providers.add_audience(PROVIDER, "vault"),
    ),
    "providers.delete": ("iam:DeleteOpenIDConnectProvider", lambda iam: iam.providers.delete(PROVIDER)),
    "providers.remove_audience": (
        "iam:RemoveClientIDFromOpenIDConnectProvider",
        lambda iam: iam.providers.remove_audience(PROVIDER, "vault"),
    ),
    "providers.set_tags": (
        "iam:TagOpenIDConnectProvider",
        lambda iam: iam.providers.set_tags(PROVIDER, {"team": "web"}),
    ),
    "providers.remove_tags": (
        "iam:UntagOpenIDConnectProvider",
        lambda iam: iam.providers.remove_tags(PROVIDER, ["team"]),
    ),
    "roles.create": ("iam:CreateRole", lambda iam: iam.roles.create(ROLE)),
    "roles.delete": ("iam:DeleteRole", lambda iam: iam.roles.delete("app")),
    "roles.set_trust": ("iam:UpdateAssumeRolePolicy", lambda iam: iam.roles.set_trust("app", {})),
    "roles.set_boundary": (
        "iam:PutRolePermissionsBoundary",
        lambda iam: iam.roles.set_boundary("app", POLICY),
    ),
    "roles.remove_boundary": (
        "iam:DeleteRolePermissionsBoundary",
        lambda iam: iam.roles.remove_boundary("app"),
    ),
    "roles.set_settings": ("iam:UpdateRole", lambda iam: iam.roles.set_settings("app", "reads", 3600)),
    "roles.set_tags": ("iam:TagRole", lambda iam: iam.roles.set_tags("app", {"team": "web"})),
    "roles.remove_tags": ("iam:UntagRole", lambda iam: iam.roles.remove_tags("app", ["team"])),
    "policies.attach": ("iam:AttachRolePolicy", lambda iam: iam.policies.attach("app", POLICY)),
    "policies.detach": ("iam:DetachRolePolicy", lambda iam: iam.policies.detach("app", POLICY)),
    "policies.put_inline": ("iam:PutRolePolicy", lambda iam: iam.policies.put_inline("app", "reader", {})),
    "policies.delete_inline": (
        "iam:DeleteRolePolicy",
        lambda iam: iam.policies.delete_inline("app", "reader"),
    ),
}
URL = "https://aws.example"
CLOSED = ConnectionClosedError(endpoint_url=URL)
SILENT = ReadTimeoutError(endpoint_url=URL)


@dataclass(frozen=True)
class Writer:
    """One write, with a client of its own: botocore retries only so often with one client."""

    action: str
    write: Callable[[Iam], object]
    session: AwsSession

    @property
    def client(self) -> Any:
        return self.session.iam_once if self.is_sent_once else self.session.iam

    @property
    def is_sent_once(self) -> bool:
        return self.action in ("iam:DeleteRole", "iam:DeleteOpenIDConnectProvider")

    @property
    def attempts(self) -> int:
        return 1 if self.is_sent_once else ATTEMPTS

    def __call__(self, *faults: Reply) -> Wire:
        """What was sent where these faults come before the success."""
        made = f"<Role>{DETAIL}</Role>" if self.action == "iam:CreateRole" else ""
        done = result(self.action.removeprefix("iam:"), made)
        with answering(self.client, *faults, done) as wire:
            self.write(Iam(self.session, Hasty()))
        return wire

    def fails(self, reply: Reply) -> tuple[IamsaError, int]:
        """The error, and how often was asked."""
        with answering(self.client, reply) as wire, pytest.raises(IamsaError) as caught:
            self.write(Iam(self.session, Hasty()))
        return caught.value, wire.sent


@pytest.fixture(scope="module", params=WRITES)
def writer(request: pytest.FixtureRequest, new_aws_session: Callable[[], AwsSession]) -> Writer:
    """Each method that writes."""
    return Writer(*WRITES[request.param], new_aws_session())


@pytest.fixture(autouse=True)
def _pauses_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)


def test_every_method_of_iam_is_in_one_of_the_tables(new_aws_session: Callable[[], AwsSession]) -> None:
    iam = Iam(new_aws_session(), Deadline(9))
    parts = {name: getattr(iam, name) for name in dir(iam) if name[0] != "_"}
    methods = {
        f"{part}.{name}"
        for part, adapter in parts.items()
        for name, _ in inspect.getmembers(adapter, inspect.ismethod)
        if name[0] != "_"
    }
    assert not WRITES.keys() & READS.keys()
    assert methods == {name for name in {*WRITES, *READS} if name.partition(".")[0] in parts}


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        pytest.param(failure("iam", 400, "Throttling"), 5, id="throttled-5-times"),
        pytest.param(failure("iam", 409, "ConcurrentModification"), 3, id="changed-at-the-same-time"),
        pytest.param(failure("iam", 500, "ServiceFailure"), 1, id="failed"),
        pytest.param(CLOSED, 1, id="closed"),
        pytest.param(SILENT, 1, id="silent"),
        pytest.param(ConnectTimeoutError(endpoint_url=URL), 1, id="not-reached"),
    ],
)
def test_it_is_sent_again_unless_the_name_may_be_another_s_by_then(
    writer: Writer, fault: Reply, times: int
) -> None:
    if writer.is_sent_once:
        assert writer.fails(fault)[1] == 1
    else:
        assert writer(*[fault] * times).sent == times + 1


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(failure("iam", 500, "ServiceFailure"), id="failing"),
        pytest.param(CLOSED, id="closed"),
        pytest.param(SILENT, id="silent"),
    ],
)
def test_unanswered_through_every_retry_it_may_have_been_done(writer: Writer, fault: Reply) -> None:
    error, sent = writer.fails(fault)
    assert sent == writer.attempts
    assert error.uncertain
    assert writer.action in error.problem


@pytest.mark.parametrize(
    ("status", "code", "attempts"),
    [
        (400, "Throttling", ATTEMPTS),
        (403, "AccessDenied", 1),
        (404, "NoSuchEntity", 1),
        (409, "EntityAlreadyExists", 1),
        (409, "LimitExceeded", 1),
        (400, "MalformedPolicyDocument", 1),
    ],
)
def test_refused_it_is_certainly_not_done(writer: Writer, status: int, code: str, attempts: int) -> None:
    error, sent = writer.fails(failure("iam", status, code))
    assert sent == min(attempts, writer.attempts)
    assert not error.uncertain
    assert writer.action in error.problem


def test_a_denial_names_the_action_and_the_document(writer: Writer) -> None:
    error, _ = writer.fails(failure("iam", 403, "AccessDenied"))
    assert isinstance(error, Denied)
    assert error.action == writer.action
    assert f"allow {writer.action}, for example with https://" in error.remedy
