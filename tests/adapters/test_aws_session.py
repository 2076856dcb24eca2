# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions: how requests are made, how often, for how long, and with whose credentials."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, HTTPHeaders

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    IamsaError,
    RemoteError,
    TimedOut,
    Unlocated,
)

Respond = Callable[[AwsSession, int, str], list[Any]]
ERROR = "<ErrorResponse><Error><Code>{}</Code><Message>words</Message></Error></ErrorResponse>"
pytestmark = pytest.mark.usefixtures("aws_environ")


class _Body:
    def __init__(self, text: str) -> None:
        self._text = text

    def stream(self, **_: object) -> list[bytes]:
        return [self._text.encode()]


@pytest.fixture
def respond(monkeypatch: pytest.MonkeyPatch) -> Respond:
    """Every request of IAM is answered so, and no pause takes time; the requests are returned."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)

    def answer(session: AwsSession, status: int, text: str) -> list[Any]:
        requests: list[Any] = []

        def send(request: Any, **_: object) -> Any:
            requests.append(request)
            return AWSResponse(request.url, status, HTTPHeaders(), _Body(text))

        session.iam.meta.events.register_last("before-send", send)
        return requests

    return answer


def test_retries_and_time_limits_are_set_expressly() -> None:
    config: Any = AwsSession("eu-west-1", None, Deadline(9)).iam.meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 8}
    assert (config.connect_timeout, config.read_timeout) == (5, 20)


def test_the_request_timeout_is_the_users() -> None:
    config: Any = AwsSession("eu-west-1", None, Deadline(9), request_timeout=3).iam.meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 3)


@pytest.mark.parametrize(
    ("status", "code", "attempts"),
    [
        pytest.param(500, "ServiceFailure", 8, id="failure-of-the-service"),
        pytest.param(400, "Throttling", 8, id="throttling"),
        pytest.param(403, "AccessDenied", 1, id="denied"),
        pytest.param(409, "LimitExceeded", 1, id="quota"),
        pytest.param(404, "NoSuchEntity", 1, id="missing"),
    ],
)
def test_how_often_a_request_is_made(respond: Respond, status: int, code: str, attempts: int) -> None:
    session = AwsSession("eu-west-1", None, Deadline(9))
    requests = respond(session, status, ERROR.format(code))

    with pytest.raises(IamsaError):
        Iam(session, Deadline(9)).set_tags("app", {})

    assert len(requests) == attempts


def test_after_the_deadline_no_request_is_made(respond: Respond) -> None:
    session = AwsSession("eu-west-1", None, Deadline(0))
    requests = respond(session, 200, "")

    with pytest.raises(TimedOut, match="gave up waiting for AWS"):
        Iam(session, Deadline(9)).role("app")

    assert requests == []


def test_requests_say_who_makes_them(respond: Respond) -> None:
    session = AwsSession("eu-west-1", None, Deadline(9), user_agent="kubectl-iamsa/9")
    requests = respond(session, 404, ERROR.format("NoSuchEntity"))
    Iam(session, Deadline(9)).role("app")
    assert b"kubectl-iamsa/9" in requests[0].headers["User-Agent"]


def test_nobody_at_the_address_is_told_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(RemoteError, match=r"http://127\.0\.0\.1:1/? does not answer"):
        Iam(AwsSession("eu-west-1", None, Deadline(9)), Deadline(9)).role("app")


def test_no_credentials_are_found_out_without_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    session = AwsSession("eu-west-1", None, Deadline(9))
    with pytest.raises(Unlocated, match="no AWS credentials were found for iam:GetRole"):
        Iam(session, Deadline(9)).role("app")


@pytest.mark.parametrize("region", ["eu-west-1", None])
def test_an_unknown_profile_is_refused_by_name(region: str | None) -> None:
    with pytest.raises(IamsaError, match="'nobody' is not in the AWS configuration"):
        AwsSession(region, "nobody", Deadline(9))


def test_an_unknown_profile_of_the_environment_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(IamsaError, match="AWS_PROFILE 'nobody' is not in the AWS configuration"):
        AwsSession("eu-west-1", None, Deadline(9))


def test_the_region_of_a_profile_is_used(aws_environ: Path) -> None:
    (aws_environ / "config").write_text("[profile ci]\nregion = eu-central-1\n")
    assert AwsSession(None, "ci", Deadline(9)).region == "eu-central-1"


def test_no_region_names_the_flag() -> None:
    with pytest.raises(Unlocated, match="the AWS region is not known; give --region"):
        AwsSession(None, None, Deadline(9))


def test_a_configuration_that_cannot_be_read_is_an_error_in_one_sentence(aws_environ: Path) -> None:
    (aws_environ / "config").write_text("region\n[[[")
    with pytest.raises(IamsaError, match="reading the AWS configuration"):
        AwsSession(None, None, Deadline(9))
