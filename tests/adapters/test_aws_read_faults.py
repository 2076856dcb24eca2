# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each read of AWS against each kind of fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from adapters.aws_reads import READS, Read
from adapters.aws_wire import Reply, answering, failure
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    ReadTimeoutError,
)

from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import ATTEMPTS, AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound, RemoteError

URL = "https://aws.example"
CLOSED = ConnectionClosedError(endpoint_url=URL)
SILENT = ReadTimeoutError(endpoint_url=URL)
SURVIVED = {
    "throttled 5 times": (5, 400, "Throttling"),
    "throttled otherwise": (1, 400, "ThrottlingException"),
    "failed once": (1, 500, "ServiceFailure"),
    "not available once": (1, 503, "ServiceUnavailable"),
    "closed once": (1, CLOSED, ""),
    "silent once": (1, SILENT, ""),
    "not reached once": (1, ConnectTimeoutError(endpoint_url=URL), ""),
}
STOPPED = {
    "throttled for ever": (400, "Throttling", "on every attempt"),
    "failing for ever": (500, "ServiceFailure", "failed: ServiceFailure: words of AWS"),
    "closed for ever": (CLOSED, "ConnectionClosed", f"{URL} did not answer (ConnectionClosed)"),
    "silent for ever": (SILENT, "ReadTimeout", f"{URL} did not answer (ReadTimeout)"),
}


@dataclass(frozen=True)
class Reader:
    """One read, and the client whose answers are made up. botocore retries only so often with one client."""

    read: Read
    session: AwsSession

    @property
    def client(self) -> Any:
        return self.session.eks if self.read.service == "eks" else self.session.iam

    def __call__(self) -> Any:
        return self.read.call(self.session)

    def reply(self, what: int | BotoCoreError, code: str) -> Reply:
        return failure(self.read.service, what, code) if isinstance(what, int) else what


@pytest.fixture(scope="module", params=READS)
def reader(request: pytest.FixtureRequest, new_aws_session: Callable[[], AwsSession]) -> Reader:
    """Each method that reads."""
    return Reader(READS[request.param], new_aws_session())


@pytest.fixture(autouse=True)
def _pauses_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)


@pytest.mark.parametrize(("times", "what", "code"), SURVIVED.values(), ids=SURVIVED)
def test_it_is_asked_again(reader: Reader, times: int, what: int | BotoCoreError, code: str) -> None:
    with answering(reader.client, *[reader.reply(what, code)] * times, reader.read.answer) as wire:
        assert reader() == reader.read.value
    assert wire.sent == times + 1


@pytest.mark.parametrize(("what", "code", "end"), STOPPED.values(), ids=STOPPED)
def test_it_is_given_up_with_one_sentence(
    reader: Reader, what: int | BotoCoreError, code: str, end: str
) -> None:
    with answering(reader.client, reader.reply(what, code)) as wire, pytest.raises(RemoteError) as caught:
        reader()
    assert wire.sent == ATTEMPTS
    assert caught.value.code == code
    assert reader.read.action in caught.value.problem
    assert caught.value.problem.endswith(end)
    assert caught.value.remedy


def test_a_denial_names_the_action_and_the_document(reader: Reader) -> None:
    read = reader.read
    code = "AccessDeniedException" if read.service == "eks" else "AccessDenied"
    with answering(reader.client, failure(read.service, 403, code)) as wire:
        if read.unread:
            assert (reader(),) == read.unread
        else:
            with pytest.raises(Denied) as caught:
                reader()
            assert caught.value.action == read.action
            assert f"allow {read.action}, for example with https://" in caught.value.remedy
    assert wire.sent == 1


def test_what_is_missing_is_none_or_an_error(reader: Reader) -> None:
    code = "ResourceNotFoundException" if reader.read.service == "eks" else "NoSuchEntity"
    with answering(reader.client, failure(reader.read.service, 404, code)) as wire:
        if reader.read.missing:
            assert (reader(),) == reader.read.missing
        else:
            with pytest.raises((NotFound, RemoteError)):
                reader()
    assert wire.sent == 1


@pytest.mark.parametrize("code", ["ConcurrentModification", "EntityAlreadyExists", "LimitExceeded"])
def test_an_error_that_no_read_gives_is_told_at_once(reader: Reader, code: str) -> None:
    with (
        answering(reader.client, failure(reader.read.service, 409, code)) as wire,
        pytest.raises(RemoteError) as caught,
    ):
        reader()
    assert wire.sent == 1
    assert caught.value.code == code
    assert reader.read.action in caught.value.problem
