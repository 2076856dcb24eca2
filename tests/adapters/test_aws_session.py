# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions: how requests are made, how often, for how long, and with whose credentials."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from adapters.processes import are_gone
from botocore.awsrequest import AWSResponse, HTTPHeaders

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.open_session import open_session
from ansible_collections.iamsa.eks.plugins.module_utils.aws.options import AwsOptions
from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.aws.token_signer import eks_token
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    IamsaError,
    InvalidFile,
    RemoteError,
    TimedOut,
    Unlocated,
)

Respond = Callable[[AwsSession, int, str], list[Any]]


def signed(session: AwsSession) -> str:
    """The URL in a token, for which a session's credentials are needed."""
    text = eks_token(session, "demo").removeprefix("k8s-aws-v1.")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


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
    config: Any = open_session("eu-west-1", None, Deadline(9)).iam.meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 8}
    assert (config.connect_timeout, config.read_timeout) == (5, 20)


def test_the_request_timeout_is_the_users() -> None:
    config: Any = open_session("eu-west-1", None, Deadline(9), request_timeout=3).iam.meta.config
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
    session = open_session("eu-west-1", None, Deadline(9))
    requests = respond(session, status, ERROR.format(code))

    with pytest.raises(IamsaError):
        Iam(session, Deadline(9)).roles.set_tags("app", {})

    assert len(requests) == attempts


def test_after_the_deadline_no_request_is_made(respond: Respond) -> None:
    session = open_session("eu-west-1", None, Deadline(0))
    requests = respond(session, 200, "")

    with pytest.raises(TimedOut, match=r"timed out after .* s waiting for AWS"):
        Iam(session, Deadline(9)).roles.read("app")

    assert requests == []


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        pytest.param(400, "Throttling", "AWS throttles iam:GetRole", id="throttled"),
        pytest.param(503, "ServiceUnavailable", "", id="answered"),
    ],
)
def test_what_a_run_waits_for_is_known_for_its_timeout(
    respond: Respond, monkeypatch: pytest.MonkeyPatch, status: int, code: str, says: str
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    deadline = Deadline(9)
    session = open_session("eu-west-1", None, deadline)
    respond(session, status, ERROR.format(code))
    with pytest.raises(IamsaError):
        Iam(session, deadline).roles.read("app")
    deadline.extend(-9)
    with pytest.raises(TimedOut) as caught:
        deadline.check("reading the role")
    assert str(caught.value.problem).partition(": ")[2] == says


def test_requests_say_who_makes_them(respond: Respond) -> None:
    session = open_session("eu-west-1", None, Deadline(9), user_agent="kubectl-iamsa/9")
    requests = respond(session, 404, ERROR.format("NoSuchEntity"))
    Iam(session, Deadline(9)).roles.read("app")
    assert b"kubectl-iamsa/9" in requests[0].headers["User-Agent"]


def test_nobody_at_the_address_is_told_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(RemoteError, match=r"http://127\.0\.0\.1:1/? did not answer"):
        Iam(open_session("eu-west-1", None, Deadline(9)), Deadline(9)).roles.read("app")


def test_no_credentials_are_found_out_without_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    session = open_session("eu-west-1", None, Deadline(9))
    with pytest.raises(Unlocated, match="no AWS credentials were found for iam:GetRole"):
        Iam(session, Deadline(9)).roles.read("app")


@pytest.mark.parametrize("region", ["eu-west-1", None])
def test_an_unknown_profile_is_refused_by_name(region: str | None) -> None:
    with pytest.raises(IamsaError, match=r'AWS profile "nobody" \(from '):
        open_session(region, "nobody", Deadline(9))


def test_an_unknown_profile_of_the_environment_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(IamsaError, match=r'AWS profile "nobody" \(from AWS_PROFILE\) does not exist'):
        open_session("eu-west-1", None, Deadline(9))


def test_the_region_of_a_profile_is_used(aws_environ: Path) -> None:
    (aws_environ / "config").write_text("[profile ci]\nregion = eu-central-1\n")
    assert open_session(None, "ci", Deadline(9)).region == "eu-central-1"


NAMES = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_WEB_IDENTITY_TOKEN_FILE"]
NAMES += ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
PROFILES = {
    "ca_bundle": "[profile ci]\nca_bundle = FILE\n",
    "web_identity_token_file": "[profile ci]\nrole_arn = r\nweb_identity_token_file = FILE\n",
    "that of the source": (
        "[profile ci]\nsource_profile = web\n[profile web]\nweb_identity_token_file = FILE\n"
    ),
}


class TestFilesThatBotocoreReads:
    """A pipe would hold it, and a device without an end would fill the memory."""

    @pytest.fixture(params=["pipe", "device"])
    def file(self, request: pytest.FixtureRequest, tmp_path: Path) -> str:
        if request.param == "device":
            return "/dev/zero"
        os.mkfifo(tmp_path / "pipe")
        return str(tmp_path / "pipe")

    @pytest.mark.parametrize("name", NAMES)
    def test_one_of_the_environment(self, name: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, file)
        with pytest.raises(InvalidFile) as caught:
            open_session("eu-west-1", None, Deadline(9))
        assert caught.value.resource == file

    @pytest.mark.parametrize("text", PROFILES.values(), ids=PROFILES)
    def test_one_of_the_profile(
        self, text: str, file: str, aws_environ: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
        (aws_environ / "config").write_text(text.replace("FILE", file))
        with pytest.raises(InvalidFile) as caught:
            open_session("eu-west-1", "ci", Deadline(9))
        assert caught.value.resource == file

    def test_one_that_a_caller_names(self, file: str) -> None:
        with pytest.raises(InvalidFile):
            open_session("eu-west-1", None, Deadline(9), options=AwsOptions(ca_bundle=file))

    @pytest.mark.parametrize("name", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
    def test_botocore_leaves_its_own_alone(
        self, name: str, file: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(name, file)
        assert open_session("eu-west-1", None, Deadline(9)).region == "eu-west-1"

    def test_what_a_shells_process_substitution_gives_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ours, theirs = os.pipe()
        monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", f"/dev/fd/{ours}")
        assert open_session("eu-west-1", None, Deadline(9))
        os.close(ours)
        os.close(theirs)

    def test_one_that_is_missing_may_never_be_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere")
        assert open_session("eu-west-1", None, Deadline(9))


class TestSocks:
    """botocore would ask for a host `socks5`, and only give up after every retry."""

    @pytest.fixture(autouse=True)
    def no_other_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)

    @pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
    @pytest.mark.parametrize("scheme", ["socks5", "SOCKS5H", "socks4"])
    def test_it_is_refused_before_any_call(
        self, name: str, scheme: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(name, f"{scheme}://me:s3cr3t@proxy:1080")
        with pytest.raises(RemoteError) as caught:
            open_session("eu-west-1", None, Deadline(9)).eks  # noqa: B018
        assert (caught.value.code, caught.value.resource) == ("SocksProxy", "HTTPS_PROXY")
        assert "eks.eu-west-1.amazonaws.com" in caught.value.remedy
        assert "s3cr3t" not in str(caught.value)

    @pytest.mark.parametrize(
        ("proxy", "exceptions"),
        [("socks5://proxy", ".amazonaws.com"), ("http://proxy", ""), ("socks5", "")],
    )
    def test_what_does_not_concern_it_is_let_through(
        self, proxy: str, exceptions: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        monkeypatch.setenv("NO_PROXY", exceptions)
        assert open_session("eu-west-1", None, Deadline(9)).eks


def test_no_region_names_the_flag() -> None:
    with pytest.raises(Unlocated, match="the AWS region could not be determined; use <region>"):
        open_session(None, None, Deadline(9))


def test_a_configuration_that_cannot_be_read_is_an_error_in_one_sentence(aws_environ: Path) -> None:
    (aws_environ / "config").write_text("region\n[[[")
    with pytest.raises(IamsaError, match="reading the AWS configuration"):
        open_session(None, None, Deadline(9))


class TestCredentialProcess:
    """botocore starts it, and waits for it without an end."""

    KEYS = '{"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s3cr3t"}'
    PROFILES = {
        "its own": "[profile ci]\ncredential_process = FILE\n",
        "that of the source": (
            "[profile ci]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
            "[profile base]\ncredential_process = FILE\n"
        ),
    }

    @pytest.fixture
    def session(
        self, aws_environ: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[..., AwsSession]:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

        def make(script: str, profile: str = "its own", seconds: float = 20) -> AwsSession:
            program = tmp_path / "program"
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
            (aws_environ / "config").write_text(self.PROFILES[profile].replace("FILE", str(program)))
            return open_session("eu-west-1", "ci", Deadline(seconds))

        return make

    def test_its_keys_are_used(self, session: Callable[..., AwsSession]) -> None:
        url = signed(session(f"echo '{self.KEYS}'"))
        assert "AKIDPROCESS" in url

    @pytest.mark.parametrize("profile", PROFILES)
    def test_one_that_hangs_is_named_at_the_deadline_and_killed(
        self, profile: str, session: Callable[..., AwsSession], tmp_path: Path
    ) -> None:
        script = f"echo $$ > '{tmp_path}/pid'; exec sleep 300"
        with pytest.raises(TimedOut) as caught:
            signed(session(script, profile, 1))
        assert caught.value.resource == "credential_process"
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)

    def test_without_a_terminal_what_it_has_started_is_killed_too(
        self, session: Callable[..., AwsSession], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "isatty", lambda _descriptor: False)
        with pytest.raises(TimedOut):
            signed(session(f"sleep 300 & echo $! > '{tmp_path}/pid'; wait", seconds=1))
        assert are_gone([int((tmp_path / "pid").read_text())])

    def test_one_that_prints_without_an_end_is_killed(self, session: Callable[..., AwsSession]) -> None:
        with pytest.raises(RemoteError, match="printed too much to be credentials"):
            signed(session("yes s3cr3t"))

    @pytest.mark.parametrize(
        "printed",
        ["s3cr3t", '["s3cr3t"]', "1", "", '{"Version": 1, "AccessKeyId": 1, "SecretAccessKey": "s3cr3t"}'],
    )
    def test_what_is_no_credentials_is_told_without_showing_it(
        self, session: Callable[..., AwsSession], printed: str
    ) -> None:
        with pytest.raises(RemoteError) as caught:
            signed(session(f"echo '{printed}'"))
        assert "credential_process of the AWS profile did not print" in caught.value.problem
        assert "s3cr3t" not in str(caught.value)

    def test_one_that_is_empty_is_told(
        self, session: Callable[..., AwsSession], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(self.PROFILES, "empty", "[profile ci]\ncredential_process =\n")
        with pytest.raises(RemoteError, match="credential_process of the AWS profile is empty"):
            signed(session("", "empty"))

    def test_what_it_complains_of_is_told(self, session: Callable[..., AwsSession]) -> None:
        with pytest.raises(RemoteError, match="no login"):
            signed(session("echo 'no login' >&2; exit 3"))
