"""Runs the command that its arguments are in a world, with an integration_config.yml for ansible-test.

ansible-test hands no variable of the environment on to its targets but those that it knows.
Source: https://docs.ansible.com/ansible/latest/dev_guide/testing_integration.html
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

CONFIG = Path("tests/integration/integration_config.yml")
# What stands in integration_config.yml.template, by the variable that a world sets.
VALUES = {
    "eks_cluster_name": "WORLD_CLUSTER",
    "aws_region": "AWS_DEFAULT_REGION",
    "aws_access_key": "AWS_ACCESS_KEY_ID",
    "aws_secret_key": "AWS_SECRET_ACCESS_KEY",
    "aws_endpoint_url": "AWS_ENDPOINT_URL",
}


def main(words: list[str]) -> int:
    """The command's exit code. The working directory is the collection's; the file is gone afterwards."""
    config = {name: os.environ[variable] for name, variable in VALUES.items()}
    # JSON is YAML.
    CONFIG.write_text(
        json.dumps({**config, "resource_prefix": "gate", "service_account_namespace": "default"})
    )
    try:
        return subprocess.run(words, check=False).returncode
    finally:
        CONFIG.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
