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
from adapters.aws_reads import DETAIL
from adapters.aws_wire import Reply, Wire, answering, failure, result
from adapters.hasty import Hasty
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.simulate import Simulator
from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import ATTEMPTS, AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, IamsaError
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role

ROLE = Role(name="app", path="/iamsa/", arn="arn:aws:iam::123456789012:role/iamsa/app", trust={})
POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A"
WRITES: dict[str, tuple[str, Callable[[Iam], object]]] = {
    "create_provider": (
        "iam:CreateOpenIDConnectProvider",
        lambda iam: iam.create_provider("https://oidc.example/id/A", ["sts.amazonaws.com"]),
    ),
    "add_audience": (
        "iam:AddClientIDToOpenIDConnectProvider",
        lambda iam: iam.add_audience(PROVIDER, "vault"),
    ),
    "delete_provider": ("iam:DeleteOpenIDConnectProvider", lambda iam: iam.delete_provider(PROVIDER)),
    "remove_audience": (
        "iam:RemoveClientIDFromOpenIDConnectProvider",
        lambda iam: iam.remove_audience(PROVIDER, "vault"),
    ),
    "set_provider_tags": (
        "iam:TagOpenIDConnectProvider",
        lambda iam: iam.set_provider_tags(PROVIDER, {"team": "web"}),
    ),
    "remove_provider_tags": (
        "iam:UntagOpenIDConnectProvider",
        lambda iam: iam.remove_provider_tags(PROVIDER, ["team"]),
    ),
    "create_role": ("iam:CreateRole", lambda iam: iam.create_role(ROLE)),
    "delete_role": ("iam:DeleteRole", lambda iam: iam.delete_role("app")),
    "set_trust": ("iam:UpdateAssumeRolePolicy", lambda iam: iam.set_trust("app", {})),
    "set_boundary": ("iam:PutRolePermissionsBoundary", lambda iam: iam.set_boundary("app", POLICY)),
    "remove_boundary": ("iam:DeleteRolePermissionsBoundary", lambda iam: iam.remove_boundary("app")),
    "set_settings": ("iam:UpdateRole", lambda iam: iam.set_settings("app", "reads", 3600)),
    "set_tags": ("iam:TagRole", lambda iam: iam.set_tags("app", {"team": "web"})),
    "remove_tags": ("iam:UntagRole", lambda iam: iam.remove_tags("app", ["team"])),
    "attach": ("iam:AttachRolePolicy", lambda iam: iam.attach("app", POLICY)),
    "detach": ("iam:DetachRolePolicy", lambda iam: iam.detach("app", POLICY)),
    "put_inline_policy": ("iam:PutRolePolicy", lambda iam: iam.put_inline_policy("app", "reader", {})),
    "delete_inline_policy": ("iam:DeleteRolePolicy", lambda iam: iam.delete_inline_policy("app", "reader")),
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


def test_every_write_is_in_the_table() -> None:
    methods = {name for name, _ in inspect.getmembers(Iam, inspect.isfunction) if name[0] != "_"}
    assert WRITES.keys() == methods - set(dir(Simulator))


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
    assert f"allow {writer.action}, which docs/permissions/" in error.remedy
