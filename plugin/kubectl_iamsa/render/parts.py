"""Parts of documents for machines that several kinds have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.model.constants import MANAGED_ANNOTATIONS
from ansible_collections.iamsa.eks.plugins.module_utils.model.identity import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.model.state import Provider, Role

from ..console import Console

API_VERSION = "iamsa/v1alpha1"


def print_document(document: Mapping[str, Any], console: Console, *, output: str) -> None:
    """As `-o json` or `-o yaml` asks for it."""
    text = json.dumps(document, indent=2)
    if output == "yaml":
        import yaml  # noqa: PLC0415

        # Read back, so that nothing occurs twice, which YAML would write as an alias.
        text = yaml.safe_dump(json.loads(text), sort_keys=False).rstrip()
    console.result(text)


def cluster_part(cluster: ClusterRef) -> dict[str, Any]:
    return {"name": cluster.name, "arn": cluster.arn, "region": cluster.region, "issuer": cluster.issuer}


def provider_part(provider: Provider | None) -> dict[str, Any] | None:
    return {"arn": provider.arn, "audiences": list(provider.audiences)} if provider else None


def role_part(role: Role) -> dict[str, Any]:
    """What every read of a role tells; description and session length only GetRole does."""
    return {
        "arn": role.arn,
        "name": role.name,
        "path": role.path,
        "permissionsBoundary": role.permissions_boundary,
        "tags": dict(role.tags),
        "trustPolicy": role.trust,
    }


def policies_part(attached: Mapping[str, str], inline: Iterable[str]) -> dict[str, Any]:
    """`attached` maps ARN to name."""
    return {
        "managed": [{"name": name, "arn": arn} for arn, name in attached.items()],
        "inline": list(inline),
    }


def annotations_part(annotations: Mapping[str, str]) -> dict[str, str]:
    """Those that the webhook or iamsa read."""
    return {key: annotations[key] for key in MANAGED_ANNOTATIONS if key in annotations}
