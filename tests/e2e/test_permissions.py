"""docs/permissions: enough for every verb, and not more than that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from e2e import permissions
from e2e.limited import Limited
from e2e.shop import ROLE_ARN, Shop
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

IMPLIED = {"iam:TagRole": "iam:CreateRole"}
"""What AWS asks for besides the action that is called: a role is created with its tags."""

OF_MODULES = {
    "iam:DeleteOpenIDConnectProvider",
    "iam:ListOpenIDConnectProviders",
    "iam:RemoveClientIDFromOpenIDConnectProvider",
    "iam:TagOpenIDConnectProvider",
    "iam:UntagOpenIDConnectProvider",
}
"""What only Ansible modules call: see collection/test_oidc_provider_examples.py."""

OF_POD_IDENTITY = {"eks:DescribeAddon", "eks:DescribePodIdentityAssociation"}
"""What needs an association: see breakages/test_pod_identity.py and e2e/test_associations.py."""

OF_SIMULATION = {"iam:SimulatePrincipalPolicy"}
"""What needs an AWS that has it: see simulation/test_verify_can.py."""

EVERYDAY = (
    "create shop -p AmazonS3ReadOnlyAccess -p {file}",
    "update shop -p {own} --tag team=web --description new",
    "update shop -a delete -p {own} -p {file} --remove-tag team",
    "diff shop -p AmazonS3ReadOnlyAccess",
    "list",
    "list shop",
    "describe shop",
    "verify shop",
    "delete shop --yes",
)
READING = (
    "list",
    "list shop",
    "describe shop",
    "diff shop -p AmazonS3ReadOnlyAccess",
    "create shop -p AmazonS3ReadOnlyAccess --dry-run --diff",
    "create another -p AmazonS3ReadOnlyAccess -p {file} --dry-run",
    "update shop -p AmazonSQSReadOnlyAccess --dry-run",
    "delete shop --dry-run",
)
BOUNDED = (
    "create shop -p AmazonS3ReadOnlyAccess --permissions-boundary {boundary}",
    "update shop -p {own} -p {file} --tag team=web --max-session-duration 2h",
    "update shop -a delete -p {file} --remove-tag team",
    "delete shop --yes",
)
EVERYTHING = (
    "create shop -p AmazonS3ReadOnlyAccess --create-oidc-provider",
    "update shop --permissions-boundary {boundary}",
    "doctor shop",
    "update shop --remove-permissions-boundary",
    "update shop --audience vault --create-oidc-provider",
    "delete shop --yes",
    *EVERYDAY,
)
"""Commands for the ServiceAccount `shop`; together EVERYTHING makes every call that a document grants."""


@pytest.fixture
def own(own_policy: Callable[..., str], unique: Callable[[str], str]) -> str:
    """The name of a customer-managed policy under a path, which only ListPolicies finds."""
    return own_policy(unique("under"), path="/team/").rpartition("/")[2]


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """A file with a policy document."""
    path = tmp_path / "reader.json"
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    return path


@pytest.fixture
def neighbours(shop: Shop) -> list[str]:
    """Names of ServiceAccounts with roles, so many that `list` reads the account's roles at once."""
    names = [f"neighbour-{number}" for number in range(4)]
    for name in names:
        replace(shop, name=name).make_service_account({ROLE_ARN: shop.arn_of(f"none-{name}")})
    return names


@pytest.fixture
def travel(shop: Shop, own: str, boundary: str, reader: Path, control: Control) -> Callable[..., set[str]]:
    """`travel(commands)`: run them one after the other; the AWS actions that they called."""

    def run(commands: Iterable[str], boundary: str = boundary) -> set[str]:
        control.clear_calls()
        for command in commands:
            words = command.format(file=reader, own=own, boundary=boundary).split()
            shop.iamsa(*words, "-n", shop.namespace)
        return {call["action"] for call in control.calls() if call["upstream"] == "aws"}

    return run


@pytest.mark.parametrize("granted", [("base",)], ids=["base"])
def test_base_alone_is_enough_for_every_verb(shop: Shop, travel: Callable[..., set[str]]) -> None:
    travel(EVERYDAY)
    assert (shop.role(), shop.service_account()) == (None, None)


@pytest.mark.parametrize("granted", [("base-with-boundary",)], ids=["base-with-boundary"])
def test_base_with_boundary_alone_is_enough_where_the_boundary_is_given(
    shop: Shop, travel: Callable[..., set[str]], the_boundary: str
) -> None:
    travel(BOUNDED, boundary=the_boundary)
    assert (shop.role(), shop.service_account()) == (None, None)


@pytest.fixture
def reading(shop: Shop, kubectl: Callable[..., Any], limited: Limited) -> Iterator[Shop]:
    """`shop` with a role, for a user who from now on may only read."""
    shop.create()
    limited.under("read-only")
    kubectl("delete", "rolebindings", "--all", "-n", shop.namespace)
    manifest = "\n---\n".join(json.dumps(one) for one in permissions.rbac("", "rbac-read-only.yaml"))
    assert kubectl("create", "-f", "-", stdin=manifest).returncode == 0
    yield shop
    kubectl("delete", "-f", "-", stdin=manifest)


def test_reading_and_dry_runs_need_no_more_than_the_read_only_documents(
    reading: Shop, writes: Callable[[], list[str]], control: Control, reader: Path
) -> None:
    control.clear_calls()
    for command in READING:
        reading.iamsa(*command.format(file=reader).split(), "-n", reading.namespace)
    assert reading.iamsa("list", "-A").stdout
    assert "skipped" in reading.iamsa("doctor", "shop", "-n", reading.namespace).stdout
    assert writes() == []


@pytest.mark.parametrize("granted", [("base",)], ids=["base"])
@pytest.mark.parametrize(
    ("flag", "denied"),
    [
        ("--permissions-boundary {boundary}", "iam:PutRolePermissionsBoundary"),
        ("--audience vault --create-oidc-provider", "iam:AddClientIDToOpenIDConnectProvider"),
        ("--role-name {unmanaged} --adopt --force-conflicts", "iam:TagRole"),
    ],
    ids=["boundary", "provider", "adopt"],
)
def test_these_flags_need_more_than_base(
    shop: Shop, boundary: str, unique: Callable[[str], str], flag: str, denied: str
) -> None:
    shop.create()
    unmanaged = unique("unmanaged")
    shop.make_role(unmanaged)
    done = shop.create(*flag.format(boundary=boundary, unmanaged=unmanaged).split(), code=1)
    assert f"AWS denied {denied} " in done.stderr


@pytest.mark.parametrize("granted", [("base",)], ids=["base"])
def test_many_roles_are_listed_without_inventory_too(shop: Shop, neighbours: list[str]) -> None:
    lines = shop.iamsa("list", "-n", shop.namespace).stdout.splitlines()
    assert {line.split()[0] for line in lines} >= set(neighbours)


@pytest.mark.usefixtures("neighbours")
def test_every_granted_action_is_used(shop: Shop, travel: Callable[..., set[str]], provider: str) -> None:
    shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    called = travel(EVERYTHING)
    elsewhere = IMPLIED.keys() | OF_MODULES | OF_POD_IDENTITY | OF_SIMULATION
    unused = permissions.actions(permissions.ALL) - called - elsewhere
    assert not unused, f"no command calls {', '.join(sorted(unused))}: not the least permissions"
    assert permissions.actions(["base-with-boundary"]) <= called | IMPLIED.keys() | OF_POD_IDENTITY


@pytest.mark.parametrize("name", [*permissions.ALL, "base-with-boundary"])
def test_a_document_fits_into_a_managed_policy_and_names_each_action(name: str) -> None:
    document = json.loads((permissions.FOLDER / f"{name}.json").read_text())
    assert len(json.dumps(document, separators=(",", ":"))) <= 6144
    actions = permissions.actions([name])
    assert not [action for action in actions if "*" in action or action == "iam:PassRole"]
