# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for tests that run a module in this process, as Ansible runs it, and without a network."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ansible_collections.iamsa.eks.plugins.module_utils.schema.document import SCHEMA

# ansible-core needs a newer Python than the rest of the collection does.
collect_ignore_glob = [] if find_spec("ansible") else ["*/modules/*", "*/test_running.py"]

Run = Callable[..., "dict[str, Any]"]
# What Ansible's documentation says of every module's return values.
OF_EVERY_MODULE = ("changed", "diff", "exception", "failed", "invocation", "msg", "warnings")


def documents(value: Any) -> Iterator[dict[str, Any]]:
    """Those in what a module returns."""
    if isinstance(value, dict) and str(value.get("apiVersion")).startswith("iamsa/"):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from documents(one)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment that tells of no AWS account, no cluster and no proxy."""
    for name in os.environ:
        if name.startswith(("AWS_", "KUBE")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def run(nobody: None, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001
    """`run(iam_serviceaccount, name="shop", _check=True, _diff=True, _fails=True)`: what the module returns,
    checked against its RETURN, and every document in it against the schema.

    With `_fails` it must fail; else it must not.
    """
    from ansible.module_utils.common.parameters import PASS_VARS  # noqa: PLC0415
    from ansible.module_utils.testing import patch_module_args  # noqa: PLC0415

    def run(
        module: ModuleType,
        *,
        _check: bool = False,
        _diff: bool = False,
        _fails: bool = False,
        **options: Any,
    ) -> dict[str, Any]:
        arguments = {**options, "_ansible_check_mode": _check, "_ansible_diff": _diff}
        # Before ansible-core 2.21, a module always tells how it was called.
        if "inject_invocation" in PASS_VARS:
            arguments["_ansible_inject_invocation"] = True
        with patch_module_args(arguments), pytest.raises(SystemExit) as exited:
            module.main()
        said = capsys.readouterr()
        told: dict[str, Any] = json.loads(said.out)
        assert (exited.value.code, told.get("failed", False)) == (int(_fails), _fails), said
        returned = {key for key, value in told.items() if value != []}
        assert returned <= {*OF_EVERY_MODULE, *yaml.safe_load(module.RETURN)}
        for document in documents(told):
            Draft202012Validator(SCHEMA).validate(document)
        return told

    return run
