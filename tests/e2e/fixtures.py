"""Fixtures for tests that run the real `kubectl iamsa` in a world, for each folder of such tests."""

from __future__ import annotations

import contextlib
import json
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from breakages.patient import Patient
from e2e import permissions
from e2e.fault_trials import Trials
from e2e.limited import Limited
from e2e.shop import Shop
from e2e.trials import DOCUMENT, Files, Scenario
from e2e.verification import Verify
from e2e.warm import Warm, warm
from pocket_eks.control import Control
from pocket_eks.world import World

Done = subprocess.CompletedProcess[str]
Kubectl = Callable[..., Done]
Iamsa = Callable[..., Done]


@pytest.fixture
def kubectl(world: World) -> Kubectl:
    """`kubectl(*words, stdin="")` past the gate: neither logged, nor broken, nor slowed down by a test."""
    environ = {**world.environ, "KUBECONFIG": str(world.directory / "kubeconfig-admin")}

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["kubectl", *words], env=environ, input=stdin, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def new_namespace(kubectl: Kubectl) -> Callable[[], str]:
    """`new_namespace()`: one in which rbac.yaml and rbac-verify.yaml hold for the narrow user; it stays."""

    def make() -> str:
        name = f"test-{uuid.uuid4().hex[:10]}"
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        rights = (*permissions.rbac(name), *permissions.rbac(name, "rbac-verify.yaml"))
        objects = "\n---\n".join(json.dumps(one) for one in (made, *rights))
        done = kubectl("create", "--validate=false", "-f", "-", stdin=objects)
        assert done.returncode == 0, done.stderr
        return name

    return make


@pytest.fixture
def namespace(new_namespace: Callable[[], str]) -> str:
    """A fresh namespace's name."""
    return new_namespace()


@pytest.fixture
def cluster_admin() -> None:
    """For a test whose command reaches beyond one namespace: iamsa then runs as the cluster's admin."""


@pytest.fixture
def granted() -> tuple[str, ...]:
    """The documents of docs/permissions under which iamsa runs."""
    return permissions.ALL


@pytest.fixture
def login(request: pytest.FixtureRequest, world: World) -> World:
    """The world as its narrow user has it, who has rights in the test's namespace alone."""
    if "cluster_admin" in request.fixturenames:
        return world
    narrow = world.variables["WORLD_KUBECONFIG_NARROW"]
    return replace(world, variables={**world.variables, "KUBECONFIG": narrow})


@pytest.fixture
def iamsa(
    iamsa: Iamsa,
    login: World,
    control: Control,
    granted: tuple[str, ...],
    request: pytest.FixtureRequest,
) -> Iamsa:
    """As elsewhere, but with the least rights on both sides: `login`'s in Kubernetes, `granted` in AWS.

    Where a module is marked `warm`, its commands run without their start-up: the same main, argv, environment
    and streams, but no kubectl before it.
    """
    start = iamsa
    if request.node.get_closest_marker("warm"):
        start = checked(request.getfixturevalue("warm_process"))

    def run(*words: str, environ: Mapping[str, str] | None = None, **more: Any) -> Done:
        # Each time: a test may have reset the world in between.
        limit()
        return start(*words, environ=login.environ if environ is None else environ, **more)

    def limit() -> None:
        control.settings(policy=permissions.merged(login, granted))

    limit()
    return run


@pytest.fixture
def shop(
    login: World,
    namespace: str,
    iam: Any,
    iamsa: Iamsa,
    kubectl: Kubectl,
    control: Control,
) -> Shop:
    """The ServiceAccount `shop` of a fresh namespace; the call log begins empty."""
    shop = Shop(login, namespace, iam, iamsa, kubectl)
    control.clear_calls()
    return shop


@pytest.fixture
def new_shop(shop: Shop, new_namespace: Callable[[], str]) -> Callable[[], Shop]:
    """`new_shop()`: the same in another namespace."""
    return lambda: replace(shop, namespace=new_namespace())


@pytest.fixture
def made(shop: Shop, control: Control) -> Shop:
    """The same, after a first `create`; the call log begins empty."""
    shop.create()
    control.clear_calls()
    return shop


@pytest.fixture
def verify(shop: Shop) -> Verify:
    """`verify("-o", "json", code=1)`: what verify says of the ServiceAccount."""
    return lambda *words, code=0: shop.iamsa("verify", "shop", "-n", shop.namespace, *words, code=code)


@pytest.fixture
def deployer(iam: Any, world: World) -> Iterator[str]:
    """The ARN of a role that anybody of the account may assume."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{world.account}:root"},
        "Action": "sts:AssumeRole",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.create_role(RoleName="Deployer", AssumeRolePolicyDocument=document)["Role"]
    yield role["Arn"]
    iam.delete_role(RoleName="Deployer")


@pytest.fixture
def patient(
    made: Shop, warm_process: Warm, control: Control, aws: Callable[..., Any], boundary: str
) -> Iterator[Patient]:
    """The same, to be broken and examined; whatever the test breaks of the cluster's is put back."""
    patient = Patient(made, warm_process, control, aws("eks"), boundary)
    yield patient
    patient.put_back()


@pytest.fixture
def limited(world: World, control: Control, iam: Any, aws: Callable[..., Any]) -> Limited:
    """The user whom documents of docs/permissions limit, beside the account's administrator."""
    keys = {name.lower(): world.variables[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    return Limited(world, control, iam, aws("iam", **keys))


@pytest.fixture
def unique() -> Callable[[str], str]:
    """`unique("reader")`: a name that no other test uses."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def own_policy(iam: Any, unique: Callable[[str], str]) -> Callable[..., str]:
    """`own_policy("reader", path="/team/")`: the ARN of a new customer-managed policy, by default of a name
    that no other test uses."""

    def make(name: str | None = None, path: str = "/") -> str:
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        made = iam.create_policy(PolicyName=name or unique("own"), Path=path, PolicyDocument=document)
        return str(made["Policy"]["Arn"])

    return make


@pytest.fixture
def boundary(own_policy: Callable[..., str]) -> str:
    """The ARN of a customer-managed policy."""
    return own_policy()


@pytest.fixture
def the_boundary(world: World, own_policy: Callable[..., str]) -> str:
    """The ARN of the policy that base-with-boundary.json insists on."""
    arn = f"arn:{world.partition}:iam::{world.account}:policy/{permissions.BOUNDARY}"
    with contextlib.suppress(ClientError):  # it is there already
        own_policy(permissions.BOUNDARY)
    return arn


@pytest.fixture
def provider(world: World, iam: Any) -> Iterator[str]:
    """The ARN of the cluster's OIDC provider, which a test may change or delete: it is put back."""
    arn = world.provider_arn
    yield arn
    listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    if any(one["Arn"] == arn for one in listed):
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    iam.create_open_id_connect_provider(Url=world.issuer, ClientIDList=["sts.amazonaws.com"])


@pytest.fixture
def files(tmp_path: Path, boundary: str) -> Files:
    """What broken-off commands refer to."""
    reader = tmp_path / "reader.json"
    reader.write_text(json.dumps(DOCUMENT))
    return Files(str(reader), boundary)


@pytest.fixture(scope="session")
def warm_process(world: World) -> Iterator[Warm]:
    """Runs commands without their start-up."""
    with warm(world.environ) as process:
        yield process


@pytest.fixture
def new_trials(
    new_shop: Callable[[], Shop], control: Control, files: Files, warm_process: Warm
) -> Callable[..., Trials]:
    """`new_trials(scenario, really=False)`."""

    def make(scenario: Scenario, *, really: bool = False) -> Trials:
        return Trials(scenario, new_shop, control, files, warm_process, really)

    return make


def checked(process: Warm) -> Iamsa:
    """Commands in the warm process, their exit code checked."""

    def run(*words: str, environ: Mapping[str, str], code: int = 0) -> Done:
        done = process.run(list(words), environ)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, f"{done.stdout}{done.stderr}"
        return done

    return run


@pytest.fixture
def new_warm_shop(new_shop: Callable[[], Shop], warm_process: Warm) -> Callable[[], Shop]:
    """`new_warm_shop()`: one whose commands run without their start-up."""

    def make() -> Shop:
        shop = new_shop()
        return replace(shop, iamsa=partial(checked(warm_process), environ=shop.world.environ))

    return make
