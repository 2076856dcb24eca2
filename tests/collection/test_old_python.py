"""A host whose Python is too old, as Enterprise Linux 9 has it."""

from __future__ import annotations

import pytest
from collection.conftest import Ansible
from gates.versions import interpreters


def test_python_3_9_is_told_what_the_module_needs(ansible: Ansible) -> None:
    python = dict(interpreters(["3.9"])).get("3.9")
    if python is None:
        pytest.skip("there is no Python 3.9 here")
    interpreter = ("-e", f"ansible_python_interpreter={python}")
    done = ansible.run(
        "ansible", "localhost", "-m", "iamsa.eks.iam_serviceaccount", "-a", "name=shop", *interpreter
    )
    assert done.returncode == 2
    assert "Python 3.10 or later is required" in done.stdout
    assert f"{python} on " in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
