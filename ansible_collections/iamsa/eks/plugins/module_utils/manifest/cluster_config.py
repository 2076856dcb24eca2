# SPDX-License-Identifier: GPL-3.0-or-later

"""Read eksctl's ClusterConfig: iam.serviceAccounts becomes requests, other sections are left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..policy.yaml_nodes import Node
from ..schema.cluster_config import ACCOUNT
from .place import Fault, Place
from .structure import structure_faults

# The fields of a request by their paths in an item of iam.serviceAccounts.
PATHS: dict[tuple[str, ...], str] = {
    ("metadata", "name"): "name",
    ("metadata", "namespace"): "namespace",
    ("permissionsBoundary",): "permissions_boundary",
    ("roleName",): "role_name",
    ("tags",): "tags",
}
POLICIES = ("policies",)
# eksctl's inline policies have names that CloudFormation generates.
INLINE_NAME = "attachPolicy"
_NAMESPACE = "default"
_OUTSIDE_IAM = ("apiVersion", "kind", "metadata", "iam", "status")
_NOT_YET = (
    ("attachRoleARN",),
    ("subjectPattern",),
    ("metadata", "labels"),
    ("metadata", "annotations"),
)

# eksctl requires one of these.
_POLICY_FIELDS = ("attachPolicyARNs", "attachPolicy", "wellKnownPolicies", "attachRoleARN")


def service_accounts(document: Node, place: Place) -> Iterator[tuple[Node, Place]]:
    """Each item of iam.serviceAccounts that is a mapping, with its place."""
    iam = _mapping(document, "iam")
    listed = iam.get("serviceAccounts")
    where = place.field("iam", place.line).field("serviceAccounts", listed.line if listed else place.line)
    for number, item in enumerate(listed.value if listed and isinstance(listed.value, list) else ()):
        yield item, where.element(number, item.line)


def section_faults(document: Node, place: Place) -> Iterator[Fault]:
    """What is wrong outside of the items, or not supported yet."""
    iam = document.value.get("iam")
    if iam is None or iam.value is None:
        return
    where = place.field("iam", iam.line)
    if not isinstance(iam.value, dict):
        yield where.fault("must be a mapping", "write a mapping")
        return
    listed = iam.value.get("serviceAccounts")
    if listed and listed.value is not None and not isinstance(listed.value, list):
        yield where.field("serviceAccounts", listed.line).fault("must be a list", "write a list")
    associations = iam.value.get("podIdentityAssociations")
    if associations and associations.value:
        yield where.field("podIdentityAssociations", associations.line).fault(
            "is not supported yet", "remove it, or move it to another file"
        )


def other_sections(document: Node) -> list[str]:
    """The sections that iamsa leaves alone."""
    return [key for key in document.value if key not in _OUTSIDE_IAM]


def item_faults(item: Node, place: Place) -> Iterator[Fault]:
    """What is wrong with an item of iam.serviceAccounts, or not supported yet."""
    wrong = [*structure_faults(item, ACCOUNT, place)]
    yield from wrong
    if wrong:
        return
    for path in _NOT_YET:
        node, where = item, place
        for key in path:
            if key not in node.value:
                break
            node = node.value[key]
            where = where.field(key, node.line)
        else:
            if node.value:
                yield where.fault("is not supported yet", "remove it")
    only = item.value.get("roleOnly")
    if only and only.value:
        yield place.field("roleOnly", only.line).fault("true is not supported yet", "remove it")
    known = item.value.get("wellKnownPolicies")
    if known and any(one.value for one in known.value.values()):
        yield place.field("wellKnownPolicies", known.line).fault(
            "is not supported yet", "list policies in attachPolicyARNs or attachPolicy"
        )
    sources = [item.value[key] for key in _POLICY_FIELDS if key in item.value]
    if not any(one.value for one in sources):
        yield place.field("attachPolicyARNs", place.line).fault(
            "or attachPolicy is required", "list the policies of the role"
        )


def with_policies(item: Node) -> Node:
    """The item with its namespace, and with the policies as a manifest lists them."""
    fields: dict[str, Node] = dict(item.value)
    policies: list[Node] = []
    line = item.line
    listed = fields.get("attachPolicyARNs")
    if listed:
        policies += listed.value
        line = listed.line
    inline = fields.get("attachPolicy")
    if inline:
        name = Node(INLINE_NAME, inline.line, inline.column)
        policies.append(Node({"name": name, "document": inline}, inline.line, inline.column))
        line = line if listed else inline.line
    fields["policies"] = Node(policies, line, item.column)
    metadata = dict(fields["metadata"].value)
    namespace = metadata.get("namespace")
    if namespace is None or not namespace.value:
        metadata["namespace"] = Node(_NAMESPACE, fields["metadata"].line, item.column)
    fields["metadata"] = fields["metadata"]._replace(value=metadata)
    return item._replace(value=fields)


def _mapping(document: Node, key: str) -> dict[str, Node]:
    node = document.value.get(key)
    value: Any = node.value if node else None
    return value if isinstance(value, dict) else {}
