# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of what manifests contain: the documents that iamsa prints, whose `status` is not read."""

from __future__ import annotations

from .forms import Schema, closed
from .kinds import API_VERSION, LIST_KIND, ROLE_KIND
from .spec import HAS_POLICIES, METADATA, SPEC

# A document that iamsa printed, which has a status, says only what was read.
PRINTED_ROLE: Schema = closed(
    "A ServiceAccount and its IAM role.",
    {
        "apiVersion": {"const": API_VERSION},
        "kind": {"const": ROLE_KIND},
        "metadata": METADATA,
        "spec": SPEC,
        "status": {},
    },
    required=["apiVersion", "kind", "metadata"],
)

ROLE_MANIFEST: Schema = {
    **PRINTED_ROLE,
    "properties": {**PRINTED_ROLE["properties"], "spec": {**SPEC, **HAS_POLICIES}},
    "required": [*PRINTED_ROLE["required"], "spec"],
}

LIST_MANIFEST: Schema = closed(
    "A list of ServiceAccountRoles.",
    {
        "apiVersion": {"const": API_VERSION},
        "kind": {"const": LIST_KIND},
        "metadata": closed("The list.", {"cluster": METADATA["properties"]["cluster"]}),
        "items": {"type": "array"},
        "status": {},
    },
    required=["apiVersion", "kind", "items"],
)
