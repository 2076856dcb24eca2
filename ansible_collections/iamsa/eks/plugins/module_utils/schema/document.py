# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON Schema of all documents that iamsa prints and that modules return, published in docs/reference."""

from __future__ import annotations

from .forms import Schema, array, closed, map_of_texts, ref, text, texts, whole
from .kinds import API_VERSION, LIST_KIND, PROVIDER_KIND, ROLE_KIND, VERSION_KIND
from .spec import METADATA, SPEC
from .status import CHECK, CLUSTER, DIAGNOSIS, ERROR, ROLE, STATUS, STEP

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ADDRESS = "https://raw.githubusercontent.com/iamsa/iamsa/main/docs/reference/service-account-role.schema.json"


def _kind(kind: str) -> dict[str, Schema]:
    return {"apiVersion": {"const": API_VERSION}, "kind": {"const": kind}}


_WITHOUT_STATUS: Schema = {
    "if": {"not": {"required": ["status"]}},
    "then": {
        "required": ["spec"],
        "properties": {
            "spec": {
                "anyOf": [
                    {"required": ["policies"]},
                    {"required": ["role"], "properties": {"role": {"required": ["arn"]}}},
                ]
            }
        },
    },
}

_SERVICE_ACCOUNT_ROLE: Schema = closed(
    "A ServiceAccount and its IAM role. Without a status, spec has to name the role's policies, or the ARN"
    " of a role that iamsa does not manage.",
    {**_kind(ROLE_KIND), "metadata": METADATA, "spec": SPEC, "status": STATUS},
    required=["apiVersion", "kind", "metadata"],
    **_WITHOUT_STATUS,
)

_LIST: Schema = closed(
    "Several of them.",
    {
        **_kind(LIST_KIND),
        "metadata": closed(
            "Where they are.", {"cluster": METADATA["properties"]["cluster"]}, required=["cluster"]
        ),
        "items": array("Each as a document of its own.", ref(ROLE_KIND)),
        "status": whole(
            "What doctor found out about the cluster itself, where no ServiceAccount has a role.",
            {"diagnosis": ref("diagnosis")},
        ),
    },
    required=["apiVersion", "kind", "metadata", "items"],
)

_PROVIDER: Schema = closed(
    "An IAM OIDC provider, as the modules return it.",
    {
        **_kind(PROVIDER_KIND),
        "metadata": whole(
            "Which provider it is.", {"name": text("Host and path of the issuer, as in the provider's ARN.")}
        ),
        "spec": whole(
            "Its settings.",
            {
                "url": text("The URL of the issuer."),
                "audiences": texts("The audiences that it lists."),
                "tags": map_of_texts("Its tags."),
            },
        ),
        "status": whole("What was found.", {"arn": text("Its ARN.")}),
    },
    required=["apiVersion", "kind", "metadata", "spec", "status"],
)

_VERSION: Schema = closed(
    "The versions of iamsa, of what it runs on, and of the cluster.",
    {
        **_kind(VERSION_KIND),
        **{
            name: text("A version.")
            for name in ("plugin", "core", "python", "boto3", "botocore", "kubernetes")
        },
        "cluster": closed(
            "The cluster, as far as it answered.",
            {"name": text("Its EKS name."), "kubernetes": text("The version of its API server.")},
        ),
    },
    required=["apiVersion", "kind", "plugin", "core", "python"],
)

_KINDS: dict[str, Schema] = {
    ROLE_KIND: _SERVICE_ACCOUNT_ROLE,
    LIST_KIND: _LIST,
    PROVIDER_KIND: _PROVIDER,
    VERSION_KIND: _VERSION,
}

SCHEMA: Schema = {
    "$schema": DRAFT,
    "$id": ADDRESS,
    "title": "Documents of iamsa",
    "description": "What kubectl iamsa prints with -o json and -o yaml, and what the modules of the Ansible"
    " collection iamsa.eks return.",
    "type": "object",
    "required": ["apiVersion", "kind"],
    "properties": {"apiVersion": {"const": API_VERSION}, "kind": {"enum": list(_KINDS)}},
    # One branch by kind, so that a mistake is told of that kind alone.
    "allOf": [
        {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": ref(kind)}
        for kind in _KINDS
    ],
    "$defs": {
        **_KINDS,
        "cluster": CLUSTER,
        "role": ROLE,
        "check": CHECK,
        "diagnosis": DIAGNOSIS,
        "step": STEP,
        "error": ERROR,
    },
}
