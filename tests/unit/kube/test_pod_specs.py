# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken from a container's variables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pod_specs import template_of
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import Container, EnvFrom, PodTemplate

SECRET = {"name": "keys", "key": "id"}


def container(variable: dict[str, Any], kind: str = "containers") -> Container:
    (one,) = template_of({}, {kind: [{"name": "c0", "env": [{"name": "X", **variable}]}]}).containers
    return one


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param({"value": "a"}, "a", id="value"),
        pytest.param({}, "", id="none"),
        pytest.param({"value": "$(REGION)"}, None, id="of-another-variable"),
        pytest.param({"valueFrom": {"secretKeyRef": SECRET}}, None, id="of-a-secret"),
    ],
)
def test_a_variable_has_a_value_or_takes_it_from_elsewhere(
    variable: dict[str, Any], value: str | None
) -> None:
    assert container(variable).env == {"X": value}


@pytest.mark.parametrize("kind", ["secretKeyRef", "configMapKeyRef"])
@pytest.mark.parametrize("optional", [True, False])
def test_a_reference_may_be_optional(kind: str, *, optional: bool) -> None:
    one = container({"valueFrom": {kind: {**SECRET, "optional": optional}}})
    assert one.optional == (frozenset({"X"}) if optional else frozenset())


def test_init_containers_and_native_sidecars_count() -> None:
    assert container({"value": "a"}, "initContainers").env == {"X": "a"}


def with_volume(**source: Any) -> PodTemplate:
    return template_of(
        {}, {"volumes": [{"name": "other", "secret": {}}, {"name": "aws-iam-token", **source}]}
    )


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ({"emptyDir": {}}, "emptyDir"),
        ({}, "emptyDir"),
        ({"projected": {"sources": [{"secret": {"name": "keys"}}]}}, "projected"),
    ],
    ids=["empty", "no type", "projected"],
)
def test_a_volume_of_the_pods_own_has_no_token(source: dict[str, Any], kind: str) -> None:
    found = with_volume(**source)
    assert (found.volume_type, found.token_audience) == (kind, None)


def test_the_token_is_a_source_of_a_projected_volume() -> None:
    token = {"serviceAccountToken": {"audience": "sts.amazonaws.com", "path": "jwt"}}
    found = with_volume(projected={"sources": [{"configMap": {}}, token]})
    assert (found.volume_type, found.token_audience, found.token_path) == ("", "sts.amazonaws.com", "jwt")


def test_variables_may_come_from_whole_secrets_and_config_maps() -> None:
    sources = [{"secretRef": {"name": "a"}}, {"configMapRef": {"name": "b"}, "prefix": "DB_"}]
    (one,) = template_of({}, {"containers": [{"name": "c0", "envFrom": sources}]}).containers
    assert one.env_from == (EnvFrom("Secret", "a"), EnvFrom("ConfigMap", "b", "DB_"))
