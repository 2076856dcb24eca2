# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that botocore cannot load, and signatures with a wrong time: the error says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError, MissingDependencyException

from ansible_collections.iamsa.eks.plugins.module_utils.aws.call import translated
from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.open_session import open_session
from ansible_collections.iamsa.eks.plugins.module_utils.aws.unusable import unusable
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, MissingLibrary, RemoteError

pytestmark = pytest.mark.usefixtures("aws_environ")

SSO = """\
[profile dev]
sso_start_url = https://a.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = ops
"""


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "InvalidSignatureException", "RequestExpired"])
@pytest.mark.parametrize(
    ("message", "difference"),
    [
        (
            "Signature expired: 20261201T120000Z is now earlier than 20261201T121500Z"
            " (20261201T123000Z - 15 min.)",
            "30 minutes behind",
        ),
        (
            "Signature not yet current: 20261201T130000Z is still later than 20261201T124500Z"
            " (20261201T123000Z + 15 min.)",
            "30 minutes ahead of",
        ),
    ],
)
def test_a_wrong_clock_is_not_a_wrong_key(code: str, message: str, difference: str) -> None:
    with pytest.raises(RemoteError) as caught, translated("iam:GetRole"):
        raise ClientError({"Error": {"Code": code, "Message": message}}, "GetRole")
    assert str(caught.value) == (
        f"the clock of this machine is {difference} that of AWS (iam:GetRole: {code});"
        " set the clock, and run the same command again"
    )


def asked(monkeypatch: pytest.MonkeyPatch, config: Path, profile: str | None = None) -> IamsaError:
    """What the first call says with this configuration."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    return refused(profile)


def refused(profile: str | None = None) -> IamsaError:
    with pytest.raises(IamsaError) as caught:
        Iam(open_session("eu-west-1", profile, Deadline(9)), Deadline(9)).roles.read("app")
    return caught.value


def test_an_sso_login_names_its_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.write_text(SSO)
    monkeypatch.setenv("HOME", str(tmp_path))
    error = asked(monkeypatch, config, "dev")
    assert str(error.problem).startswith("the AWS credentials of the profile dev cannot be used: ")
    assert str(error.remedy) == "run aws sso login --profile dev, or use another <profile>"


def test_aws_login_needs_a_library() -> None:
    error = unusable(MissingDependencyException(msg="use pip install botocore[crt]"), "x", "dev")
    assert isinstance(error, MissingLibrary)
    assert str(error).startswith("the AWS profile dev logs in with aws login, and the Python library awscrt")


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("AWS_ACCESS_KEY_ID", "access key ID"),
        ("AWS_SECRET_ACCESS_KEY", "secret access key"),
        ("AWS_SESSION_TOKEN", "session token"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", " ", "\u00a0"])
def test_a_key_that_was_copied_with_more_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, variable: str, name: str, end: str
) -> None:
    monkeypatch.setenv(variable, f"hidden-word{end}")
    error = refused()
    assert str(error).startswith(f"the AWS {name} contains a space, a line break")
    assert error.remedy == f"check {variable}"
    assert "hidden-word" not in str(error)
