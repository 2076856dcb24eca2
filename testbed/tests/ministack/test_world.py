"""A world that stands on ministack, as a user calls it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from pocket_eks.cache import cache_directory
from worlds import assert_gone, processes, run, started

WAITING = 'trap "" TERM INT; echo "$KUBECONFIG"; while :; do sleep 0.05; done'
ACCOUNT = """
import json, os
import boto3

iam, eks, sts = (boto3.client(name) for name in ("iam", "eks", "sts"))
cluster = {"clusterName": os.environ["WORLD_CLUSTER"]}
providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
policies = iam.get_paginator("list_policies").paginate(Scope="AWS").search("Policies[].PolicyName")
print(json.dumps({
    "account": sts.get_caller_identity()["Account"],
    "roles": iam.list_roles()["Roles"],
    "providers": len(providers),
    "policies": len(list(policies)),
    "associations": eks.list_pod_identity_associations(**cluster)["associations"],
    "addons": eks.list_addons(**cluster)["addons"],
}))
"""


def test_the_account_has_the_provider_and_aws_s_policies_and_nothing_else() -> None:
    done = run("--aws", "ministack", "--", sys.executable, "-c", ACCOUNT)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("policies") > 1000
    assert found == {
        "account": "123456789012",
        "roles": [],
        "providers": 1,
        "associations": [],
        "addons": [],
    }


def test_it_leaves_no_file_whatever_the_caller_has_set_for_a_ministack_of_their_own(tmp_path: Path) -> None:
    places = {name: tmp_path / name.lower() for name in ("TMPDIR", "HOME", "STATE_DIR", "S3_DATA_DIR")}
    for place in places.values():
        place.mkdir()
    done = run(
        *("--aws", "ministack", "--", sys.executable, "-c", ACCOUNT),
        **{name: str(place) for name, place in places.items()},
        XDG_CACHE_HOME=str(cache_directory().parent),
        PERSIST_STATE="1",
        S3_PERSIST="1",
        LOCALSTACK_PERSISTENCE="1",
        AUTH="true",
        USE_SSL="1",
        SERVICES="s3",
        GATEWAY_PORT="1",
        MINISTACK_ACCOUNT_ID="999999999999",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["account"] == "123456789012"
    assert [list(place.iterdir()) for place in places.values()] == [[], [], [], []]


@pytest.mark.parametrize(("options", "number"), [((), 1), (("--lag", "1"), 2)], ids=["no-lag", "lag"])
def test_nothing_is_left_when_it_is_killed(options: tuple[str, ...], number: int) -> None:
    with started(WAITING, "--aws", "ministack", *options) as (process, directory):
        servers = [line for line in processes(directory) if "serve.py" in line and "leash.py" not in line]
        assert len(servers) == number
        process.kill()
        process.wait()
        assert_gone(directory, within=15)
