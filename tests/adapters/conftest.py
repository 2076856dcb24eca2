# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients of AWS that never leave the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.stub import Stubber

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.open_session import open_session
from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline


@pytest.fixture
def aws_environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keys in the environment, nothing in files, no instance to ask; the folder of the files."""
    _isolate(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def new_aws_session(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AwsSession]:
    """`new_aws_session()`: one with clients, which take a while, and with all of its retries left."""

    def make() -> AwsSession:
        with pytest.MonkeyPatch.context() as patch:
            _isolate(patch, tmp_path_factory.mktemp("aws"))
            session = open_session("eu-west-1", None, Deadline(3600))
            assert session.iam
            assert session.eks
        return session

    return make


@pytest.fixture(scope="session")
def aws_session(new_aws_session: Callable[[], AwsSession]) -> AwsSession:
    """For tests that stub its clients."""
    return new_aws_session()


@pytest.fixture
def iam(aws_session: AwsSession) -> Iam:
    return Iam(aws_session, Deadline(30))


@pytest.fixture
def iam_stub(aws_session: AwsSession) -> Iterator[Stubber]:
    """What IAM is to be asked, and what it answers; all of it must be asked."""
    # Stubs answer at once, so which of the two clients is asked makes no difference.
    with pytest.MonkeyPatch.context() as patch, Stubber(aws_session.iam) as stub:
        patch.setattr(AwsSession, "iam_once", property(lambda session: session.iam))
        yield stub
        stub.assert_no_pending_responses()


def _isolate(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in (
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
    ):
        patch.delenv(name, raising=False)
    patch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    patch.delenv("AWS_SESSION_TOKEN", raising=False)
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
