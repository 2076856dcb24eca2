"""The examples in the modules' documentation, run by real ansible-playbook in the world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from collection.conftest import Ansible
from collection.oidc import least, under
from e2e import permissions
from pocket_eks.control import Control

from ansible_collections.iamsa.eks.plugins.modules import iam_oidc_provider, iam_oidc_provider_info

__all__ = ["least", "under"]

IMPLIED = {"iam:TagOpenIDConnectProvider"}


@pytest.fixture
def run_playbook(ansible: Ansible) -> Any:
    """`run_playbook(tasks, path)` runs them and gives what ansible-playbook prints."""

    def run(tasks: list[Any], path: Path) -> str:
        path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        done = ansible.run("ansible-playbook", str(path))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def no_provider(provider: str, iam: Any) -> Iterator[None]:
    """The cluster begins without its provider."""
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    return None


@pytest.mark.usefixtures("no_provider", "least")
def test_they_run_and_together_need_all_that_provider_json_grants(
    run_playbook: Any, tmp_path: Path, control: Control
) -> None:
    written, read = (
        yaml.safe_load(module.EXAMPLES) for module in (iam_oidc_provider, iam_oidc_provider_info)
    )
    said = run_playbook([*written, *read], tmp_path / "examples.yml")
    assert f"changed={len(written)}" in said
    called = {call["action"] for call in control.calls() if call["upstream"] == "aws"}
    assert permissions.actions(["provider"]) <= called
