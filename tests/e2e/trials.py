"""Commands that are broken off at each of their writes: what is prepared, what is run, what is left."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from e2e.shop import S3, SQS, Json, Shop, aws_managed, trusting_account
from pocket_eks.control import Control

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}],
}


@dataclass(frozen=True)
class Write:
    """One write of a run: to meet it, a fault has to let `skip` calls of its action pass."""

    upstream: str
    action: str
    skip: int

    def __str__(self) -> str:
        return f"{self.action}#{self.skip}"


@dataclass(frozen=True)
class Scenario:
    """A command, and the world in which it has much to do."""

    words: Callable[[Shop, Files], list[str]]
    prepare: Callable[[Shop, Files], None]
    again: tuple[str, ...] = ()


@dataclass(frozen=True)
class Files:
    """What the commands refer to: a policy file and the ARN of a policy for boundaries."""

    reader: str
    boundary: str


def nothing(_shop: Shop, _files: Files) -> None:
    pass


def drifted(shop: Shop, files: Files) -> None:
    """All that create repairs, at once."""
    shop.create("-p", files.reader, "--permissions-boundary", files.boundary)
    shop.set_trust(shop.statement(audience="vault"))
    shop.iam.delete_role_permissions_boundary(RoleName=shop.role_name)
    shop.iam.untag_role(RoleName=shop.role_name, TagKeys=["iamsa/manager"])
    shop.iam.put_role_policy(
        RoleName=shop.role_name,
        PolicyName="reader",
        PolicyDocument=json.dumps(DOCUMENT).replace("shop", "other"),
    )
    shop.iam.detach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(S3))
    shop.iam.attach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(SQS))
    shop.annotate("eks.amazonaws.com/role-arn-")


def somebody_elses(shop: Shop, _files: Files) -> None:
    shop.make_role(trust=[trusting_account(shop.world.account)], tags={"Terraform": "true"})
    shop.make_service_account({})


def bounded(shop: Shop, files: Files) -> None:
    shop.create("-p", files.reader, "--permissions-boundary", files.boundary, "--tag", "team=web")


def on_a_plain_service_account(shop: Shop, files: Files) -> None:
    shop.make_service_account({"team": "web"})
    shop.create("-p", files.reader, "--token-expiration", "1h")


CREATES = {
    "first run": Scenario(lambda shop, files: create(shop, "-p", files.reader, "--tag", "team=web"), nothing),
    "repairs": Scenario(
        lambda shop, files: create(shop, "-p", files.reader, "--purge", "--force-conflicts"), drifted
    ),
    "adopts": Scenario(lambda shop, _: create(shop, "--adopt", "--replace-trust"), somebody_elses),
}
UPDATES = {
    "adds": Scenario(
        lambda shop, _: words(
            *("update", shop, "-p", SQS, "--remove-tag", "team", "--remove-permissions-boundary"),
            *("--description", "of the shop", "--token-expiration", "2h"),
        ),
        bounded,
    ),
    "deletes": Scenario(
        lambda shop, files: words("update", shop, "-a", "delete", "-p", S3, "-p", files.reader), bounded
    ),
}
DELETES = {
    "its own": Scenario(lambda shop, _: words("delete", shop), bounded, ("--ignore-not-found",)),
    "of a ServiceAccount of others": Scenario(
        lambda shop, _: words("delete", shop), on_a_plain_service_account, ("--ignore-not-found",)
    ),
}


SCENARIOS = {
    (verb, name): scenario
    for verb, scenarios in (("create", CREATES), ("update", UPDATES), ("delete", DELETES))
    for name, scenario in scenarios.items()
}
FIRST = {"create": "first run", "update": "adds", "delete": "its own"}
"""The scenario of each verb that every run of the tests tries at all points."""


POINTS = [
    (verb, name, point)
    for verb, name in SCENARIOS
    for point in ("before", "after")
    if point == "after" or name == FIRST[verb]
]
"""After each write, and in the first scenarios before each: in the others the server then holds what it
holds after the previous write."""
OTHER_POINTS = [(verb, name, "before") for verb, name in SCENARIOS if name != FIRST[verb]]
"""All points that are not among these, for `make test-faults`."""


def create(shop: Shop, *more: str) -> list[str]:
    return words("create", shop, "-p", S3, *more)


def words(verb: str, shop: Shop, *more: str) -> list[str]:
    return [verb, shop.name, "-n", shop.namespace, *more]


def writes_of(calls: list[Json]) -> Iterator[Write]:
    """The writes in a call log, each with how often its action was called before it."""
    seen: Counter[str] = Counter()
    for call in calls:
        if call["write"]:
            yield Write(call["upstream"], call["action"], seen[call["action"]])
        seen[call["action"]] += 1


def start(shop: Shop, argv: list[str]) -> subprocess.Popen[str]:
    """The command, not waited for."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        ["kubectl", "iamsa", *argv], env=shop.world.environ, stdout=pipe, stderr=pipe, text=True
    )


def killed_at(shop: Shop, control: Control, argv: list[str], write: Write, point: str) -> None:
    """Run the command until just `before` or `after` that write has reached the server, and kill it there."""
    control.clear_faults()
    control.fault(write.upstream, write.action, {"hold": point}, skip=write.skip)
    run = start(shop, argv)
    control.wait_for_held()
    run.kill()
    run.communicate()
    control.release()
    control.clear_faults()


def state(shop: Shop) -> Any:
    """All that is there of the shop, its own names left out, so that two shops can be compared."""
    role, service_account = shop.role(), shop.service_account()
    found = {
        "role": role,
        "attached": sorted(shop.attached()) if role else None,
        "inline": shop.inline() if role else None,
        "service_account": service_account
        and {key: service_account["metadata"].get(key, {}) for key in ("annotations", "labels")},
    }
    text = json.dumps(found, sort_keys=True)
    return json.loads(text.replace(shop.role_name, "ROLE").replace(shop.namespace, "NAMESPACE"))


def check_that_it_survives(
    scenario: Scenario, new_shop: Callable[[], Shop], control: Control, files: Files, point: str
) -> None:
    """Kill the command at each of its writes: run again it ends as if undisturbed, then changes nothing."""
    undisturbed = new_shop()
    prepared(scenario, undisturbed, files)
    control.clear_calls()
    undisturbed.iamsa(*scenario.words(undisturbed, files))
    wanted, found = state(undisturbed), list(writes_of(control.calls()))
    assert len(found) >= 2

    for write in found:
        shop = new_shop()
        prepared(scenario, shop, files)
        argv = scenario.words(shop, files)
        killed_at(shop, control, argv, write, point)
        shop.iamsa(*argv, *scenario.again)
        assert state(shop) == wanted, f"killed {point} {write}"
        control.clear_calls()
        shop.iamsa(*argv, *scenario.again)
        assert list(writes_of(control.calls())) == [], f"killed {point} {write}"


def prepared(scenario: Scenario, shop: Shop, files: Files) -> None:
    """Have the scenario's world, and all in it as if it were there for long."""
    scenario.prepare(shop, files)
    if shop.role():
        shop.age_record()
