# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each step changes, and the sentence for it."""

from __future__ import annotations

from typing import get_args

import pytest
from unit.fakes.examples import ISSUER, ROLE_ARN, SUBJECT, document, our_role

from ansible_collections.iamsa.eks.plugins.module_utils.errors import ResourceRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps import kubernetes, provider, role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.provider import ProviderStep
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import BindingStep, Step

HOST = ISSUER.removeprefix("https://")
ROLE = our_role()
ANNOTATIONS = {ANNOTATION_ROLE_ARN: ROLE_ARN}
RELEASED = {ANNOTATION_ROLE_ARN: None, ANNOTATION_RECORD: ROLE_ARN}

NAMESPACE = ResourceRef("namespace", "web")
PROVIDER = ResourceRef("oidc-provider", HOST)
WHOLE = ResourceRef("role", "app")
ACCOUNT = ResourceRef("serviceaccount", "my-sa", "web")

STEPS = [
    (kubernetes.CreateNamespace("web"), NAMESPACE, "", "create", "created"),
    (provider.CreateProvider(ISSUER, ("a", "b")), PROVIDER, "", "create", "created for audience a, b"),
    (provider.DeleteProvider(ISSUER), PROVIDER, "", "delete", "deleted"),
    (provider.AddAudience(ISSUER, "a"), PROVIDER, "audience", "add", "audience a added"),
    (provider.RemoveAudience(ISSUER, "a"), PROVIDER, "audience", "remove", "audience a removed"),
    (provider.TagProvider(ISSUER, {"a": "1", "b": "2"}), PROVIDER, "tags", "set", "tagged with a, b"),
    (provider.UntagProvider(ISSUER, ("a", "b")), PROVIDER, "tags", "remove", "tags a, b removed"),
    (role.CreateRole(ROLE), WHOLE, "", "create", "created"),
    (role.DeleteRole(ROLE), WHOLE, "", "delete", "deleted"),
    (
        role.SetRoleSettings("app", "d", 3600, ("description", "max session duration")),
        *(WHOLE, "settings", "set", "description and max session duration set"),
    ),
    (role.SetBoundary("app", "b"), WHOLE, "boundary", "set", "permissions boundary b set"),
    (
        role.SetBoundary("app", "b", restored=True),
        *(WHOLE, "boundary", "set", "permissions boundary b restored"),
    ),
    (role.RemoveBoundary("app", "b"), WHOLE, "boundary", "remove", "permissions boundary b removed"),
    (
        role.PutInlinePolicy("app", "p", document()),
        *(WHOLE, "inline policy", "put", "inline policy p added"),
    ),
    (
        role.PutInlinePolicy("app", "p", document(), replaced=document("s3:*")),
        *(WHOLE, "inline policy", "put", "inline policy p updated"),
    ),
    (role.DeleteInlinePolicy("app", "p"), WHOLE, "inline policy", "delete", "inline policy p deleted"),
    (role.AttachPolicy("app", "arn", "p"), WHOLE, "policy", "attach", "policy p attached"),
    (role.DetachPolicy("app", "arn", "p"), WHOLE, "policy", "detach", "policy p detached"),
    (role.SetTrust("app", {}, {}, "repaired"), WHOLE, "trust policy", "set", "trust policy repaired"),
    (role.TagRole("app", {"a": "1", "b": "2"}), WHOLE, "tags", "set", "tagged with a, b"),
    (role.UntagRole("app", {"a": "1", "b": "2"}), WHOLE, "tags", "remove", "tags a, b removed"),
    (kubernetes.CreateServiceAccount(SUBJECT, ANNOTATIONS), ACCOUNT, "", "create", "created"),
    (
        kubernetes.AnnotateServiceAccount(SUBJECT, ANNOTATIONS, ANNOTATIONS, "7", force=False),
        *(ACCOUNT, "", "set", "annotated"),
    ),
    (
        kubernetes.PatchAnnotations(SUBJECT, RELEASED, "7"),
        *(ACCOUNT, "annotations", "set", f"annotation {ANNOTATION_ROLE_ARN} removed"),
    ),
    (kubernetes.DeleteServiceAccount(SUBJECT, "1", "7"), ACCOUNT, "", "delete", "deleted"),
    (
        kubernetes.DeleteServiceAccount(SUBJECT, "1", "7", ("a.b/c", "d.e/f")),
        *(ACCOUNT, "", "delete", "marked for deletion, blocked by the finalizers a.b/c, d.e/f"),
    ),
]


@pytest.mark.parametrize(("step", "resource", "part", "verb", "words"), STEPS)
def test_a_step_names_its_resource_and_says_what_is_done(
    step: Step | ProviderStep, resource: ResourceRef, part: str, verb: str, words: str
) -> None:
    target = step.target
    assert (target.kind, target.name, target.namespace) == (resource.kind, resource.name, resource.namespace)
    assert (target.part, step.verb, step.sentence) == (part, verb, f"{resource} {words}")


def test_every_step_is_in_the_table() -> None:
    classes = {*get_args(Step), *get_args(ProviderStep)} - {BindingStep}
    assert classes == {type(step) for step, *_ in STEPS}


def test_a_resource_is_printed_without_its_namespace_and_part() -> None:
    assert str(ResourceRef("serviceaccount", "my-sa", "web", "annotations")) == "serviceaccount/my-sa"


@pytest.mark.parametrize(
    ("ref", "short", "words"),
    [
        (ResourceRef("role", "app"), "role/app", "role app"),
        (ResourceRef("serviceaccount", "my-sa", "web"), "serviceaccount/my-sa", "serviceaccount web/my-sa"),
        (ResourceRef("pod", "", "web"), "pod", "pod web"),
        (ResourceRef("pod", ""), "pod", "pod"),
    ],
    ids=["role", "of-a-namespace", "list-of-a-namespace", "list"],
)
def test_a_resource_is_named_in_documents_and_in_sentences(ref: ResourceRef, short: str, words: str) -> None:
    assert (str(ref), ref.words) == (short, words)


def test_what_is_told_apart_as_a_step_on_the_role_is_all_of_them() -> None:
    assert set(role.ROLE_STEPS) == set(get_args(role.RoleStep))
