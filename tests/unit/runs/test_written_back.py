# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An annotation that --force-conflicts takes from Helm, Argo CD or Flux comes back, and the run says so."""

from __future__ import annotations

import pytest
from unit.fakes.command_line import CommandLine
from unit.runs.shop import ARN, CREATE, DELETE, annotate

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
)

FORCED = (*CREATE, "--token-expiration", "2h", "--force-conflicts")
TOOLS = [
    ("helm", "Helm"),
    ("helm-controller", "Flux"),
    ("kustomize-controller", "Flux"),
    ("argocd-controller", "Argo CD"),
    ("argocd-application-controller", "Argo CD"),
    ("Terraform", "Terraform"),
]


@pytest.mark.parametrize(("manager", "tool"), TOOLS)
@pytest.mark.parametrize("preview", [(), ("--dry-run",)], ids=["run", "dry-run"])
def test_a_tool_that_applies_again_is_named(
    made: CommandLine, manager: str, tool: str, preview: tuple[str, ...]
) -> None:
    annotate(made, manager, **{ANNOTATION_TOKEN_EXPIRATION: "3600"})
    assert (
        f"{tool} (field manager {manager}) will write annotation {ANNOTATION_TOKEN_EXPIRATION} of"
        " serviceaccount web/my-sa again, unless you change it there, too"
    ) in made.run(*FORCED, *preview).err


def test_a_delete_says_it_too(made: CommandLine) -> None:
    annotate(made, "helm", **{ANNOTATION_ROLE_ARN: ARN})
    said = made.run(*DELETE, "--keep-service-account", "--force-conflicts").err
    assert f"Helm (field manager helm) will write annotation {ANNOTATION_ROLE_ARN}" in said


def test_a_person_does_not_write_it_again(made: CommandLine) -> None:
    annotate(made, "kubectl-annotate", **{ANNOTATION_TOKEN_EXPIRATION: "3600"})
    assert "again" not in made.run(*FORCED).err


def test_an_annotation_of_ours_has_no_such_notice(made: CommandLine) -> None:
    assert "again" not in made.run(*CREATE, "--token-expiration", "2h").err
