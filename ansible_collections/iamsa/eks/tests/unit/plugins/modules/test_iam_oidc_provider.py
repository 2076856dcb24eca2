# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules for OIDC providers against an IAM on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.modules import iam_oidc_provider, iam_oidc_provider_info
from ansible_collections.iamsa.eks.tests.unit.services.iam_endpoint import IamEndpoint, iam_endpoint

Json = dict[str, Any]
ISSUER = "https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
ARN = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
TITLE = "oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
# One to a line: ansible-lint reads this file as a module's documentation.
CREATE = "CreateOpenIDConnectProvider"
DELETE = "DeleteOpenIDConnectProvider"
ADD = "AddClientIDToOpenIDConnectProvider"
TAG = "TagOpenIDConnectProvider"


def document(settings: Json) -> Json:
    """What is returned of the provider."""
    return {
        "apiVersion": "iamsa/v1alpha1",
        "kind": "OIDCProvider",
        "metadata": {"name": "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"},
        "spec": {"url": ISSUER, **settings},
        "status": {"arn": ARN},
    }


@pytest.fixture
def iam() -> Iterator[IamEndpoint]:
    """An account without the provider."""
    with iam_endpoint() as endpoint:
        yield endpoint


@pytest.fixture
def options(iam: IamEndpoint) -> Json:
    """How it is reached."""
    return {
        "issuer_url": ISSUER,
        "region": "us-east-1",
        "endpoint_url": iam.url,
        "access_key": "AKIAEXAMPLE",
        "secret_key": "secret",
    }


@pytest.fixture
def provider(run: Callable[..., Json], options: Json) -> Callable[..., Json]:
    """`provider(tags={…}, _check=True)`: what the module returns, but for how it was called."""

    def act(**more: Any) -> Json:
        told = run(iam_oidc_provider, **options, **more)
        return {key: value for key, value in told.items() if key != "invocation"}

    return act


@pytest.mark.parametrize(
    ("there", "asked", "writes", "before", "after"),
    [
        (
            None,
            {"tags": {"team": "web"}},
            [CREATE],
            "",
            {"audiences": ["sts.amazonaws.com"], "tags": {"team": "web"}},
        ),
        (
            ["old"],
            {"audiences": ["vault"], "tags": {"a": True}},
            [ADD, TAG],
            {"audiences": ["old"], "tags": {}},
            {"audiences": ["old", "vault"], "tags": {"a": "true"}},
        ),
        (["old"], {"state": "absent", "force": True}, [DELETE], {"audiences": ["old"], "tags": {}}, ""),
    ],
    ids=["create", "change", "delete"],
)
def test_check_mode_returns_what_the_run_returns_and_writes_nothing(
    iam: IamEndpoint,
    provider: Callable[..., Json],
    there: list[str] | None,
    asked: Json,
    writes: list[str],
    before: Any,
    after: Any,
) -> None:
    iam.audiences = there
    foretold = provider(**asked, _check=True)
    assert iam.writes == []
    done = provider(**asked)
    assert iam.writes == writes
    assert done == foretold
    assert done["changed"]
    assert done["oidc_provider"] == (document(after) if after else None)
    assert done["oidc_provider_arn"] == (ARN if after else None)
    assert done["diff"] == [{"before_header": TITLE, "after_header": TITLE, "before": before, "after": after}]


def test_a_second_run_changes_nothing(iam: IamEndpoint, provider: Callable[..., Json]) -> None:
    provider()
    iam.calls.clear()
    again = provider()
    assert (again["changed"], again["diff"], again["steps"], iam.writes) == (False, [], [], [])


def test_a_failure_midway_tells_what_was_done(iam: IamEndpoint, provider: Callable[..., Json]) -> None:
    iam.audiences, iam.denied = ["old"], {TAG}
    failed = provider(audiences=["vault"], tags={"a": "b"}, _fails=True)
    assert failed["changed"]
    assert [step["sentence"] for step in failed["steps"]] == [f"{TITLE} audience vault added"]
    assert failed["error"]["kind"] == "denied"
    remedy = failed["error"]["remedy"]
    assert remedy.startswith(f"allow iam:{TAG}, for example with https://")
    assert remedy.endswith("/docs/permissions/provider.json")


def test_info_tells_what_is_there(iam: IamEndpoint, run: Callable[..., Json], options: Json) -> None:
    iam.audiences, iam.tags = ["vault"], {"team": "web"}
    found = run(iam_oidc_provider_info, **options)["oidc_providers"]
    assert found == [document({"audiences": ["vault"], "tags": {"team": "web"}})]


def test_info_of_what_is_not_there_is_empty(run: Callable[..., Json], options: Json) -> None:
    assert run(iam_oidc_provider_info, **options)["oidc_providers"] == []
