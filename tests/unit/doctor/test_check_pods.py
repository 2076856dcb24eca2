# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each finding about a pod, one at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.chains import chain_of, changed
from unit.fakes.examples import ROLE_ARN, our_role, service_account

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.pod import POD_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.pod_credentials import (
    POD_CREDENTIALS_CHECKS,
)
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.pod_identity import POD_IDENTITY_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.pod_settings import POD_SETTING_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine
from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import (
    AGENT_VARIABLE,
    AGENT_VOLUME,
    TOKEN_FOLDER,
    TOKEN_VOLUME,
    Container,
    EnvFrom,
    Pod,
    PodTemplate,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.skip_containers import skipped_containers

BEFORE, THEN, LATER = "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z"
FILE = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
TOLD = {"AWS_ROLE_ARN": ROLE_ARN, "AWS_WEB_IDENTITY_TOKEN_FILE": FILE, "AWS_REGION": "eu-west-1"}
ON_WINDOWS = r"C:\var\run\secrets\eks.amazonaws.com\serviceaccount\token"
AGENT = "http://169.254.170.23/v1/credentials"
OTHER = "arn:aws:iam::123456789012:role/other"


CHECKS = (*POD_CHECKS, *POD_CREDENTIALS_CHECKS, *POD_SETTING_CHECKS)


def evidence(one: Pod) -> Evidence:
    chain = chain_of(service_account(), SeenRole(our_role()))
    return Evidence(chain, pods=(one,), annotated_since=THEN)


def pod(*containers: dict[str, Any], created: str = LATER, owner: str = "Deployment", **template: Any) -> Pod:
    """A pod whose containers have these variables; by default those that the webhook sets."""
    made = tuple(Container(f"c{n}", env) for n, env in enumerate(containers or (TOLD,)))
    spec = replace(PodTemplate("my-sa", containers=made, token_audience="sts.amazonaws.com"), **template)
    return Pod("web", "app-1", spec, created, owner, "app" if owner != "Pod" else "")


def found(one: Pod) -> dict[str, str]:
    """The remedy of each check that fails or warns."""
    results = examine(evidence(one), CHECKS)
    return {
        result.check.id: spelled(result.remedy) for result in results if result.verdict in ("fail", "warn")
    }


RESTART = "kubectl rollout restart deployment/app -n web"


def patched(path: str) -> str:
    operation = {"op": "remove", "path": f"/spec/template/{path}"}
    return f"kubectl patch deployment/app -n web --type=json -p '{json.dumps([operation])}'"


def unset(*names: str) -> str:
    return f"kubectl set env deployment/app -n web {' '.join(f'{name}-' for name in names)}"


@pytest.mark.parametrize(
    ("one", "remedies"),
    [
        pytest.param(pod(), {}, id="well"),
        pytest.param(pod({}, created=BEFORE), {"pod-age": RESTART}, id="older-than-the-annotation"),
        pytest.param(pod({}, created=THEN), {"pod-age": RESTART}, id="of-the-same-second"),
        pytest.param(pod({}), {"pod-variables": RESTART}, id="not-told"),
        pytest.param(pod({}, {}), {"pod-variables": RESTART}, id="no-container-told"),
        pytest.param(pod(TOLD, {}), {"pod-containers": ""}, id="sidecar-that-came-after-the-webhook"),
        pytest.param(
            pod({"AWS_CONTAINER_CREDENTIALS_FULL_URI": AGENT, "AWS_REGION": "eu-west-1"}),
            {},
            id="told-by-pod-identity",
        ),
        pytest.param(pod({**TOLD, "AWS_WEB_IDENTITY_TOKEN_FILE": ON_WINDOWS}), {}, id="on-windows"),
        pytest.param(
            pod({**TOLD, "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"}),
            {"pod-own-variables": unset("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")},
            id="token-of-its-own",
        ),
        pytest.param(pod({}, owner="Pod", created=BEFORE), {"pod-age": ""}, id="bare-pod"),
        pytest.param(pod({}, owner="Job", created=BEFORE), {"pod-age": ""}, id="job"),
        pytest.param(
            pod({**TOLD, "AWS_ROLE_ARN": OTHER}, created=BEFORE), {"pod-role": RESTART}, id="earlier-role"
        ),
        pytest.param(
            pod({**TOLD, "AWS_ROLE_ARN": OTHER}),
            {"pod-own-variables": unset("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")},
            id="role-of-its-own",
        ),
        pytest.param(
            pod({"AWS_ROLE_ARN": None}), {"pod-own-variables": unset("AWS_ROLE_ARN")}, id="role-by-reference"
        ),
        pytest.param(
            pod({"AWS_WEB_IDENTITY_TOKEN_FILE": FILE}),
            {"pod-own-variables": unset("AWS_WEB_IDENTITY_TOKEN_FILE")},
            id="file-alone",
        ),
        pytest.param(pod(token_audience="bank"), {"pod-audience": RESTART}, id="earlier-audience"),
        pytest.param(
            pod({}, labels={"eks.amazonaws.com/skip-pod-identity-webhook": "false"}),
            {"pod-skip-label": patched("metadata/labels/eks.amazonaws.com~1skip-pod-identity-webhook")},
            id="skip-label-whatever-it-says",
        ),
        pytest.param(
            pod({}, annotations={"eks.amazonaws.com/skip-containers": 'c0,"c1"'}),
            {"pod-skip-containers": patched("metadata/annotations/eks.amazonaws.com~1skip-containers")},
            id="only-container-skipped",
        ),
        pytest.param(
            pod(TOLD, {}, annotations={"eks.amazonaws.com/skip-containers": "c1"}), {}, id="sidecar-skipped"
        ),
        pytest.param(
            pod({**TOLD, "AWS_ACCESS_KEY_ID": None}), {"pod-keys": unset("AWS_ACCESS_KEY_ID")}, id="key"
        ),
        pytest.param(pod({**TOLD, "AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": ""}), {}, id="empty-is-not-set"),
        pytest.param(pod({**TOLD, "AWS_SESSION_TOKEN": "x"}), {}, id="session-token-without-keys"),
        pytest.param(
            pod({**TOLD, "AWS_ACCESS_KEY_ID": None, "AWS_SESSION_TOKEN": None}),
            {"pod-keys": unset("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN")},
            id="key-and-session-token",
        ),
        pytest.param(
            pod(
                TOLD,
                {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_REGION": "minio"},
                annotations={"eks.amazonaws.com/skip-containers": "c1"},
            ),
            {},
            id="settings-of-a-skipped-sidecar",
        ),
        pytest.param(pod({**TOLD, "AWS_REGION": ""}), {"pod-region": unset("AWS_REGION")}, id="no-region"),
        pytest.param(pod({**TOLD, "AWS_PROFILE": "x"}), {"pod-profile": unset("AWS_PROFILE")}, id="profile"),
        pytest.param(pod({**TOLD, "AWS_REGION": "x"}), {"pod-region": unset("AWS_REGION")}, id="region"),
        pytest.param(pod({**TOLD, "AWS_REGION": None}), {}, id="region-by-reference"),
        pytest.param(
            pod({"AWS_ROLE_ARN": ROLE_ARN, "AWS_WEB_IDENTITY_TOKEN_FILE": FILE}),
            {"pod-region": "kubectl set env deployment/app -n web AWS_REGION=eu-west-1"},
            id="webhook-sets-no-region",
        ),
        pytest.param(
            pod(host_network=True), {"pod-host-network": patched("spec/hostNetwork")}, id="host-network"
        ),
        pytest.param(
            replace(pod(), spec=replace(pod().spec, service_account="old")), {"pod-account": RESTART}
        ),
    ],
)
def test_what_is_found_and_its_remedy(one: Pod, remedies: dict[str, str]) -> None:
    assert found(one) == remedies


def verdicts(one: Pod) -> dict[str, str]:
    results = examine(evidence(one), CHECKS)
    return {result.check.id: result.verdict for result in results if result.verdict in ("fail", "warn")}


def test_another_token_for_the_same_role_only_warns() -> None:
    assert verdicts(pod({**TOLD, "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"})) == {"pod-own-variables": "warn"}


def test_keys_that_may_be_missing_only_warn() -> None:
    keys = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    one = pod({**TOLD, **keys})
    container = replace(one.spec.containers[0], optional=frozenset(keys))
    assert verdicts(replace(one, spec=replace(one.spec, containers=(container,)))) == {"pod-keys": "warn"}


def test_no_value_of_a_credential_is_told() -> None:
    secrets = {"AWS_ACCESS_KEY_ID": "AKIASECRET", "AWS_SECRET_ACCESS_KEY": "SECRET", "AWS_PROFILE": "SECRET"}
    results = examine(evidence(pod({**TOLD, **secrets})), POD_SETTING_CHECKS)
    assert "SECRET" not in " ".join(
        f"{spelled(one.what)} {spelled(one.remedy)}".replace("AWS_SECRET", "") for one in results
    )


def skipping(text: str, *containers: dict[str, Any]) -> dict[str, str]:
    return found(pod(*containers, annotations={"eks.amazonaws.com/skip-containers": text}))


class TestSkippedContainers:
    """The annotation is the first record of a CSV text, and what is not CSV skips no container."""

    @pytest.mark.parametrize(
        "text", ["c0\n", "\n\nc0", "c0\r\n", '"c0"', '"c0",x', "x,c0,", "c0\nside", "c0\r"]
    )
    def test_it_excludes_the_only_container(self, text: str) -> None:
        assert set(skipping(text, {})) == {"pod-skip-containers"}

    @pytest.mark.parametrize(
        "text", ["", "\n", " c0", "c0 ", 'c0,"side', 'c"0', '"c0"x', "x\nc0", 'c0,si"de', '"c0\n', "c0;side"]
    )
    def test_it_does_not(self, text: str) -> None:
        assert set(skipping(text, {})) == {"pod-variables"}

    def test_a_sidecar_before_a_line_break_needs_no_role(self) -> None:
        assert skipping("c1\n", TOLD, {}) == {}

    def test_a_quote_in_a_name_is_doubled(self) -> None:
        assert skipped_containers('"a""b","c,d","e\nf",g\nh') == {'a"b', "c,d", "e\nf", "g"}

    def test_the_containers_are_named_without_the_form_of_the_annotation(self) -> None:
        skipped = pod({}, annotations={"eks.amazonaws.com/skip-containers": '\n"side",c0\nx'})
        results = examine(evidence(skipped), POD_CHECKS)
        (result,) = (one for one in results if one.check.id == "pod-skip-containers")
        assert spelled(result.what).endswith('excludes all containers of the pod: "c0", "side"')

    @pytest.mark.parametrize("text", ["c0", "c0\n", "c0,c1"])
    def test_a_pod_that_has_its_role_is_no_failure(self, text: str) -> None:
        assert skipping(text, TOLD) == {}


class TestTokenFile:
    """The volume aws-iam-token of the pod's own keeps the webhook from adding the token."""

    def found(self, mount: str, file: str = FILE, **template: Any) -> dict[str, str]:
        env = {**TOLD, "AWS_WEB_IDENTITY_TOKEN_FILE": file}
        container = Container("c0", env, mounts={mount: TOKEN_VOLUME})
        one = pod(**template)
        return found(replace(one, spec=replace(one.spec, containers=(container,))))

    @pytest.mark.parametrize(
        ("mount", "file"),
        [
            (TOKEN_FOLDER, FILE),
            (TOKEN_FOLDER + "/", FILE),
            (TOKEN_FOLDER, ON_WINDOWS),
            ("/tokens", "/tokens/token"),
            (FILE, FILE),
        ],
        ids=["as usual", "with a slash", "on Windows", "--token-mount-path", "by subPath"],
    )
    def test_the_token_is_where_the_variable_says(self, mount: str, file: str) -> None:
        assert self.found(mount, file) == {}

    @pytest.mark.parametrize("kind", ["emptyDir", "secret", "projected"])
    def test_another_volume_of_that_name_has_no_token(self, kind: str) -> None:
        assert self.found(TOKEN_FOLDER, volume_type=kind) == {"pod-token": ""}

    def test_the_volume_is_mounted_elsewhere(self) -> None:
        assert self.found("/elsewhere") == {"pod-token": ""}

    def test_the_token_has_another_name_in_the_volume(self) -> None:
        assert self.found(TOKEN_FOLDER, token_path="jwt") == {"pod-token": ""}


class TestEnvFrom:
    """The keys of a Secret are not read, so it may hold access keys."""

    def verdicts(self, source: EnvFrom, **env: str) -> dict[str, str]:
        one = pod()
        container = Container("c0", {**TOLD, **env}, env_from=(source,))
        return verdicts(replace(one, spec=replace(one.spec, containers=(container,))))

    @pytest.mark.parametrize("prefix", ["", "AWS_"])
    def test_a_secret_may_hold_keys(self, prefix: str) -> None:
        assert self.verdicts(EnvFrom("Secret", "app", prefix)) == {"pod-keys": "warn"}

    @pytest.mark.parametrize("source", [EnvFrom("Secret", "db", "DB_"), EnvFrom("ConfigMap", "app")])
    def test_others_do_not(self, source: EnvFrom) -> None:
        assert self.verdicts(source) == {}

    def test_variables_of_the_container_override_those_of_the_secret(self) -> None:
        keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
        assert self.verdicts(EnvFrom("Secret", "app"), **keys) == {}

    def test_a_region_may_come_from_a_source(self) -> None:
        one, env = pod(), {"AWS_ROLE_ARN": ROLE_ARN, "AWS_WEB_IDENTITY_TOKEN_FILE": FILE}
        container = Container("c0", env, env_from=(EnvFrom("ConfigMap", "app"),))
        assert verdicts(replace(one, spec=replace(one.spec, containers=(container,)))) == {}


class TestAssociations:
    """Pods that were created before an association of their ServiceAccount was created or deleted."""

    FOLDER = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount"

    def verdicts(self, container: Container, *associations: Association, annotated: bool) -> dict[str, str]:
        annotations = service_account().annotations if annotated else {}
        chain = changed(
            evidence(pod()).chain, service_account=replace(service_account(), annotations=annotations)
        )
        spec = PodTemplate("my-sa", containers=(container,))
        one = Pod("web", "app-1", spec, LATER, "Deployment", "app")
        since = THEN if annotated else ""
        whole = Evidence(chain, pods=(one,), annotated_since=since, associations=associations, has_agent=True)
        results = examine(whole, (*CHECKS, *POD_IDENTITY_CHECKS))
        return {each.check.id: spelled(each.remedy) for each in results if each.verdict == "fail"}

    def test_one_that_asks_the_agent_for_an_association_that_is_gone_needs_a_restart(self) -> None:
        told = Container("c0", {AGENT_VARIABLE: AGENT}, mounts={self.FOLDER: AGENT_VOLUME})
        assert self.verdicts(told, annotated=True) == {"pod-association": RESTART}

    def test_one_of_before_the_association_needs_a_restart(self) -> None:
        told = Container("c0", TOLD, mounts={TOKEN_FOLDER: TOKEN_VOLUME})
        association = Association("a-1", OTHER)
        assert self.verdicts(told, association, annotated=False) == {"pod-association": RESTART}

    def test_beside_an_annotation_that_goes_on_it_is_settled_first_which_of_the_two_stays(self) -> None:
        told = Container("c0", TOLD, mounts={TOKEN_FOLDER: TOKEN_VOLUME})
        found = self.verdicts(told, Association("a-1", OTHER), annotated=True)
        assert set(found) == {"pod-identity-association"}

    @pytest.mark.parametrize("is_new", [True, False], ids=["by the agent", "by variables of its own"])
    def test_one_that_is_as_it_should_be(self, is_new: bool) -> None:
        env, mounts = ({AGENT_VARIABLE: AGENT}, {self.FOLDER: AGENT_VOLUME}) if is_new else (TOLD, {})
        found = self.verdicts(Container("c0", env, mounts=mounts), Association("a-1", OTHER), annotated=False)
        assert "pod-association" not in found
