# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core's sentences in terms of a task."""

from __future__ import annotations

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.task.option_words import in_options


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("create it, or add --create-namespace", "create it, or add create_namespace: true"),
        ("give the --profile of the right account", "give the profile of the right account"),
        ("--policy x does not exist", "policies x does not exist"),
        ("add --adopt or --role-name", "add adopt: true or role_name"),
        ("give --purge", "give purge_policies: true"),
        ("check the name and -n", "check the name and namespace"),
        ("drop --insecure-skip-tls-verify", "drop k8s_validate_certs: false"),
        ("run the same command again", "run the same task again"),
        ("role a--b-c, web-n", "role a--b-c, web-n"),
        ("aws eks --no-such-flag", "aws eks --no-such-flag"),
        (
            "run aws sts get-caller-identity --profile p; give --profile",
            "run aws sts get-caller-identity --profile p; give profile",
        ),
    ],
)
def test_flags_become_options(sentence: str, told: str) -> None:
    assert in_options(sentence) == told
