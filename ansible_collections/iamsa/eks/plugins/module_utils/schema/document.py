# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON Schema of all documents that iamsa prints and modules return, published in docs/reference."""

from __future__ import annotations

from .forms import Schema, array, closed, map_of_texts, ref, text, texts, whole
from .kinds import API_VERSION, LIST_KIND, PROVIDER_KIND, ROLE_KIND, VERSION_KIND
from .spec import HAS_POLICIES, METADATA, SPEC
from .status import CHECK, CLUSTER, DIAGNOSIS, ERROR, ROLE, STATUS, STEP

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ADDRESS = "https://raw.githubusercontent.com/iamsa/iamsa/main/docs/reference/service-account-role.schema.json"


def _kind(kind: str) -> dict[str, Schema]:
    return {"apiVersion": {"const": API_VERSION}, "kind": {"const": kind}}


_WITHOUT_STATUS: Schema = {
    "if": {"not": {"required": ["status"]}},
    "then": {
        "required": ["spec"],
        "properties": {"spec": HAS_POLICIES},
    },
}

_SERVICE_ACCOUNT_ROLE: Schema = closed(
    "A ServiceAccount and its IAM role. Without status, spec must have policies, or the ARN of a role that"
    " iamsa does not manage.",
    {**_kind(ROLE_KIND), "metadata": METADATA, "spec": SPEC, "status": STATUS},
    required=["apiVersion", "kind", "metadata"],
    **_WITHOUT_STATUS,
)

_LIST: Schema = closed(
    "A list of ServiceAccountRoles.",
    {
        **_kind(LIST_KIND),
        "metadata": closed(
            "The cluster of the ServiceAccounts.",
            {"cluster": METADATA["properties"]["cluster"]},
            required=["cluster"],
        ),
        "items": array("The ServiceAccountRoles.", ref(ROLE_KIND)),
        "status": whole(
            "The results of doctor for the cluster, if no ServiceAccount has a role.",
            {"diagnosis": ref("diagnosis")},
        ),
    },
    required=["apiVersion", "kind", "metadata", "items"],
)

_PROVIDER: Schema = closed(
    "An IAM OIDC provider. Returned by the Ansible modules.",
    {
        **_kind(PROVIDER_KIND),
        "metadata": whole(
            "The provider.", {"name": text("The host and path of the issuer, as in the ARN of the provider.")}
        ),
        "spec": whole(
            "The settings of the provider.",
            {
                "url": text("The URL of the issuer."),
                "audiences": texts("The audiences of the provider."),
                "tags": map_of_texts("The tags of the provider."),
            },
        ),
        "status": whole("What was found.", {"arn": text("The ARN of the provider.")}),
    },
    required=["apiVersion", "kind", "metadata", "spec", "status"],
)

_VERSION: Schema = closed(
    "The versions of iamsa, its libraries, and the cluster.",
    {
        **_kind(VERSION_KIND),
        **{
            name: text(f"The version of {name}.")
            for name in ("plugin", "core", "python", "boto3", "botocore", "kubernetes")
        },
        "cluster": closed(
            "The cluster. Absent values could not be read.",
            {
                "name": text("The EKS name of the cluster."),
                "kubernetes": text("The version of the API server."),
            },
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
    "description": "The documents that kubectl iamsa prints with -o json and -o yaml, and that the modules of"
    " the Ansible collection iamsa.eks return.",
    "type": "object",
    "required": ["apiVersion", "kind"],
    "properties": {"apiVersion": {"const": API_VERSION}, "kind": {"enum": list(_KINDS)}},
    # With a branch for each kind, a validator reports only errors of that kind.
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
