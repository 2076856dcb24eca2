# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of `metadata` and `spec`: which ServiceAccount is meant, and the settings of its role."""

from __future__ import annotations

from .forms import (
    Schema,
    any_text,
    array,
    closed,
    duration,
    flag,
    map_of_texts,
    or_null,
    policy_document,
    text,
    whole,
    word,
)

NOT_YET = "Not supported yet."

METADATA: Schema = closed(
    "Which ServiceAccount it is.",
    {
        "name": text("Name of the ServiceAccount."),
        "namespace": text("Namespace of the ServiceAccount."),
        "cluster": text("The cluster: its EKS name or its ARN. Without EKS, the URL of its issuer."),
    },
    required=["name"],
)

_POLICY: Schema = {
    "anyOf": [
        text("Name or ARN of a managed policy."),
        whole(
            f"A file with a policy document, for an inline policy that is named after the file. {NOT_YET}",
            {"file": text("Path of the file.")},
        ),
        whole(
            "An inline policy.",
            {"name": text("Its name."), "document": policy_document("Its policy document.")},
        ),
        closed(
            f"A policy made from one of iamsa's templates. {NOT_YET}",
            {
                "template": text(
                    "Name of the template, with its revision if it is pinned: external-dns@2026-08.",
                    pattern=r"^[a-z0-9-]+(@[0-9]{4}-[0-9]{2})?$",
                ),
                "with": {
                    "description": "Inputs of the template.",
                    "type": "object",
                    "additionalProperties": {
                        "anyOf": [
                            {"type": ["string", "number", "boolean"]},
                            {"type": "array", "items": {"type": "string"}},
                        ]
                    },
                },
            },
            required=["template"],
        ),
    ]
}

_ROLE: Schema = closed(
    "The role. Either its settings, or the ARN alone of a role that iamsa does not manage.",
    {
        "arn": text(
            "ARN of a role that iamsa does not manage. The ServiceAccount names it, and it stays as it is."
        ),
        "name": text("Name of the role."),
        "path": text("Path of the role.", pattern="^/"),
        "permissionsBoundary": or_null(
            text(
                "ARN of the permissions boundary. Absent: it stays as it is. null: the role is to have none."
            )
        ),
        "tags": map_of_texts("Tags of the role, without those by which iamsa marks its roles."),
        "description": any_text("Description of the role."),
        "maxSessionDuration": duration("Maximum session duration, from 1h to 12h."),
    },
    dependentSchemas={"arn": {"maxProperties": 1}},
)

_SERVICE_ACCOUNT: Schema = closed(
    "The ServiceAccount.",
    {
        "manage": flag(f"false: the role only; the ServiceAccount is left to another tool. {NOT_YET}"),
        "create": flag(f"false: annotate only a ServiceAccount that exists. {NOT_YET}"),
        "labels": map_of_texts(f"Labels of a ServiceAccount that iamsa creates. {NOT_YET}"),
        "annotations": map_of_texts(f"Further annotations of a ServiceAccount that iamsa creates. {NOT_YET}"),
        "imagePullSecrets": array(
            f"imagePullSecrets of a ServiceAccount that iamsa creates. {NOT_YET}",
            whole("A Secret of the same namespace.", {"name": text("Name of the Secret.")}),
        ),
        "automountServiceAccountToken": flag(
            f"automountServiceAccountToken of a ServiceAccount that iamsa creates. {NOT_YET}"
        ),
        "stsRegionalEndpoints": flag(
            "Whether pods use the region's STS endpoint. Absent: it stays as it is."
        ),
        "tokenExpiration": duration(
            "Lifetime of the pods' tokens, from 10m to 24h. Absent: it stays as it is."
        ),
    },
)

_POD_IDENTITY: Schema = closed(
    f"Settings of the Pod Identity association. {NOT_YET}",
    {
        "targetRoleArn": text("ARN of a role of another account, which pods get through the role."),
        "sessionPolicy": policy_document("A policy document that limits the pods' sessions further."),
        "disableSessionTags": flag("Whether sessions go without EKS's tags."),
        "tags": map_of_texts("Tags of the association."),
    },
)

_SUBJECTS: Schema = array(
    f"Further ServiceAccounts that share the role. {NOT_YET}",
    {
        "anyOf": [
            whole(
                "A ServiceAccount.",
                {"namespace": text("Its namespace."), "name": text("Its name.")},
            ),
            whole(
                "All ServiceAccounts that match.",
                {"pattern": text("NAMESPACE/NAME with * for any text.", pattern="^[^/]+/[^/]+$")},
            ),
        ]
    },
)

SPEC: Schema = closed(
    "The settings of the role. Absent: iamsa did not read it, or leaves it as it is.",
    {
        "via": word(
            "How pods get the role: irsa, by IAM roles for service accounts, or pod-identity, by an EKS Pod"
            " Identity association, which is not supported yet.",
            *("irsa", "pod-identity"),
        ),
        "policies": array(
            "All policies of the role; [] for none. iamsa prints them only if it has read all of them.",
            _POLICY,
        ),
        "purge": flag("true: the role is to have no policies other than these."),
        "role": _ROLE,
        "audience": text("Audience of the pods' tokens."),
        "serviceAccount": _SERVICE_ACCOUNT,
        "podIdentity": _POD_IDENTITY,
        "subjects": _SUBJECTS,
        "migration": word(f"Ends a change of via, and removes the other binding. {NOT_YET}", "finish"),
    },
)
