"""Nothing secret in what Ansible prints of the modules, at its highest verbosity."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import S3, Shop
from pocket_eks.control import Control

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]


@pytest.mark.parametrize("broken", [False, True], ids=["that succeeds", "that fails"])
def test_a_task(
    shop: Shop, ansible: Any, control: Control, deployer: str, aws: Callable[..., Any], broken: bool
) -> None:
    """With the credentials of a session, which both AWS and the API server take."""
    session = aws("sts").assume_role(RoleArn=deployer, RoleSessionName="task")["Credentials"]
    secret, word = session["SecretAccessKey"], session["SessionToken"]
    if broken:
        control.fault("aws", "iam:GetRole", {"error": "AccessDenied"}, times=None)
    options = {
        "name": shop.name,
        "namespace": shop.namespace,
        "policies": [S3],
        "access_key": session["AccessKeyId"],
        "secret_key": secret,
        "session_token": word,
    }
    book = [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [{"iamsa.eks.iam_serviceaccount": options}],
        }
    ]
    (ansible.folder / "play.json").write_text(json.dumps(book))
    done = ansible.run("ansible-playbook", "play.json", "--diff", "-vvv")
    said = done.stdout + done.stderr
    assert bool(done.returncode) == broken, said
    for hidden in (secret, word, "k8s-aws-v1.", "X-Amz-Signature"):
        assert hidden not in said
