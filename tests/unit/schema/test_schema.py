# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema: it is what is published, it knows every word of the core, and it takes no mistakes."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml
from documents import mistakes
from jsonschema import Draft202012Validator

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import TrustStatement
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks import check
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import Ownership
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.run import DryRun
from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import Decision
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Cause, Verdict
from ansible_collections.iamsa.eks.plugins.module_utils.plan.status import State
from ansible_collections.iamsa.eks.plugins.module_utils.schema.document import SCHEMA
from ansible_collections.iamsa.eks.plugins.module_utils.schema.status import STATUS
from ansible_collections.iamsa.eks.plugins.module_utils.trust.evaluate import Admission
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Phrase

DOCS = Path(__file__).parents[3] / "docs"
MANIFEST = """
apiVersion: iamsa/v1alpha1
kind: ServiceAccountRole
metadata: {name: shop, namespace: web, cluster: prod}
spec:
  via: irsa
  policies:
    - AmazonS3ReadOnlyAccess
    - {file: reader.json}
    - {name: orders, document: {Version: "2012-10-17", Statement: []}}
    - {template: external-dns@2026-08, with: {hostedZones: [Z0123]}}
  purge: false
  role:
    name: shop
    path: /team/
    permissionsBoundary: null
    tags: {team: web}
    description: reads
    maxSessionDuration: 1h30m
  audience: sts.amazonaws.com
  serviceAccount:
    manage: true
    create: true
    labels: {app: shop}
    annotations: {owner: web}
    imagePullSecrets: [{name: registry}]
    automountServiceAccountToken: false
    stsRegionalEndpoints: true
    tokenExpiration: 3600
  podIdentity: {targetRoleArn: arn, sessionPolicy: {}, disableSessionTags: false, tags: {}}
  subjects: [{namespace: jobs, name: worker}, {pattern: ci-*/runner}]
  migration: finish
"""
ARN = "arn:aws:iam::123456789012:role/of-another-team"


def manifest(**spec: Any) -> Any:
    """A whole document without a status; a part of its spec that is None is left out."""
    document = yaml.safe_load(MANIFEST)
    parts = {**document["spec"], **spec}
    return {**document, "spec": {key: part for key, part in parts.items() if part is not None}}


def allowed(*path: str) -> set[str]:
    """The words that the schema allows at a path into `status`."""
    schema: Any = STATUS
    for name in path:
        schema = schema["items"] if name == "*" else schema["properties"][name]
        if "$ref" in schema:
            schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    return set(schema["enum"])


def words(record: type, field: str) -> set[str]:
    """The words that a record of the core may hold."""
    return set(get_args(get_type_hints(record, localns={"Phrase": Phrase})[field]))


def test_it_is_a_schema_of_its_draft() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_what_is_published_is_what_make_docs_writes() -> None:
    text = runpy.run_path(str(DOCS / "schema.py"))["schema_text"]()
    assert (DOCS / "reference/service-account-role.schema.json").read_text() == text, "run make docs"


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (("state",), set(get_args(State))),
        (("owner", "verdict"), words(Ownership, "verdict")),
        (("trust", "verdict"), words(Admission, "verdict")),
        (("trust", "statements", "*", "mark"), words(TrustStatement, "mark")),
        (("problems", "*", "link"), set(get_args(check.Subject))),
        (("diagnosis", "checks", "*", "verdict"), set(get_args(check.Verdict))),
        (("verification", "verdict"), set(get_args(Verdict))),
        (("verification", "reason", "cause"), set(get_args(Cause))),
        (("verification", "permissions", "*", "decision"), set(get_args(Decision))),
        (("run", "dryRun"), set(get_args(DryRun))),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_it_knows_every_word_of_the_core_and_no_other(path: tuple[str, ...], known: set[str]) -> None:
    assert allowed(*path) == known


def test_a_manifest_may_have_every_setting() -> None:
    assert mistakes(manifest()) == []


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({"policies": []}, id="no-policy"),
        pytest.param({"policies": None, "role": {"arn": ARN}}, id="somebody-else's-role"),
        pytest.param({"role": {"permissionsBoundary": ARN, "maxSessionDuration": 3600}}, id="seconds"),
    ],
)
def test_other_manifests_that_are_right(spec: dict[str, Any]) -> None:
    assert mistakes(manifest(**spec)) == []


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        pytest.param({"polices": []}, "$.spec", id="unknown-field"),
        pytest.param({"policies": None}, "$.spec", id="policies-left-open"),
        pytest.param({"policies": "AmazonS3ReadOnlyAccess"}, "$.spec.policies", id="no-list"),
        pytest.param({"policies": [{"file": "a", "name": "b"}]}, "$.spec.policies[0]", id="two-in-one"),
        pytest.param({"policies": [{"name": "orders"}]}, "$.spec.policies[0]", id="no-document"),
        pytest.param({"via": "IRSA"}, "$.spec.via", id="unknown-binding"),
        pytest.param({"role": {"arn": ARN, "name": "shop"}}, "$.spec.role", id="settings-of-another's-role"),
        pytest.param(
            {"role": {"maxSessionDuration": "one hour"}}, "$.spec.role.maxSessionDuration", id="no-duration"
        ),
        pytest.param({"audience": ""}, "$.spec.audience", id="empty-audience"),
        pytest.param({"subjects": [{"pattern": "web"}]}, "$.spec.subjects[0]", id="no-namespace"),
    ],
)
def test_a_mistake_is_told_with_its_place(spec: dict[str, Any], place: str) -> None:
    (mistake,) = mistakes(manifest(**spec))
    assert mistake.startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param({"apiVersion": "iamsa/v1"}, "$.apiVersion", id="another-version"),
        pytest.param({"kind": "ServiceAccountRoles"}, "$.kind", id="another-kind"),
        pytest.param({"metadata": {"namespace": "web"}}, "$.metadata", id="no-name"),
        pytest.param({"status": {"states": "ok"}}, "$.status", id="unknown-status"),
    ],
)
def test_a_mistake_outside_of_the_spec_is_told_too(change: dict[str, Any], place: str) -> None:
    assert any(mistake.startswith(f"{place}: ") for mistake in mistakes({**manifest(), **change}))


def test_a_document_with_a_status_may_leave_settings_out() -> None:
    assert mistakes({**manifest(policies=None), "status": {"state": "ok"}}) == []
