# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of `metadata` and `spec`: the ServiceAccount, and the settings of its role."""

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
    "The ServiceAccount.",
    {
        "name": text("The name of the ServiceAccount."),
        "namespace": text("The namespace of the ServiceAccount."),
        "cluster": text("The EKS name or the ARN of the cluster. Outside EKS, the URL of its issuer."),
    },
    required=["name"],
)

_POLICY: Schema = {
    "anyOf": [
        text("The name or ARN of a managed policy."),
        whole(
            "A file with a policy document. It becomes an inline policy named after the file.",
            {"file": text("The path of the file, relative to the folder of the manifest.")},
        ),
        whole(
            "An inline policy.",
            {
                "name": text("The name of the policy."),
                "document": policy_document("The policy document."),
            },
        ),
        closed(
            f"A policy from one of iamsa's templates. {NOT_YET}",
            {
                "template": text(
                    "The name of the template, optionally with its revision: external-dns@2026-08.",
                    pattern=r"^[a-z0-9-]+(@[0-9]{4}-[0-9]{2})?$",
                ),
                "with": {
                    "description": "The inputs of the template.",
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
    "The settings of the role. For a role that iamsa does not manage, only its ARN.",
    {
        "arn": text(
            "The ARN of a role that iamsa does not manage and does not change. The ServiceAccount is"
            " annotated with it."
        ),
        "name": text("The name of the role."),
        "path": text("The path of the role.", pattern="^/"),
        "permissionsBoundary": or_null(
            text(
                "The ARN of the permissions boundary. Absent: the boundary is not changed. null: the role has"
                " no boundary."
            )
        ),
        "tags": map_of_texts("The tags of the role, except those that only AWS and iamsa set."),
        "description": any_text("The description of the role."),
        "maxSessionDuration": duration("The maximum session duration of the role, 1h to 12h."),
    },
    dependentSchemas={"arn": {"maxProperties": 1}},
)

_SERVICE_ACCOUNT: Schema = closed(
    "The ServiceAccount.",
    {
        "manage": flag(f"false: manage only the role. Another tool manages the ServiceAccount. {NOT_YET}"),
        "create": flag(f"false: only annotate an existing ServiceAccount. {NOT_YET}"),
        "labels": map_of_texts(f"The labels of a ServiceAccount that iamsa creates. {NOT_YET}"),
        "annotations": map_of_texts(f"Other annotations of a ServiceAccount that iamsa creates. {NOT_YET}"),
        "imagePullSecrets": array(
            f"The imagePullSecrets of a ServiceAccount that iamsa creates. {NOT_YET}",
            whole("A Secret in the same namespace.", {"name": text("The name of the Secret.")}),
        ),
        "automountServiceAccountToken": flag(
            f"The automountServiceAccountToken of a ServiceAccount that iamsa creates. {NOT_YET}"
        ),
        "stsRegionalEndpoints": flag(
            "Whether pods use regional STS endpoints. Absent: the annotation is not changed."
        ),
        "tokenExpiration": duration(
            "The lifetime of the tokens of pods, 10m to 24h. Absent: the annotation is not changed."
        ),
    },
)

_POD_IDENTITY: Schema = closed(
    f"The settings of the Pod Identity association. {NOT_YET}",
    {
        "targetRoleArn": text("The ARN of a role in another account that pods assume through the role."),
        "sessionPolicy": policy_document("A policy document that further limits the sessions of pods."),
        "disableSessionTags": flag("true: sessions do not have the tags of EKS."),
        "tags": map_of_texts("The tags of the association."),
    },
)

_SUBJECTS: Schema = array(
    f"Other ServiceAccounts that share the role. {NOT_YET}",
    {
        "anyOf": [
            whole(
                "A ServiceAccount.",
                {
                    "namespace": text("The namespace of the ServiceAccount."),
                    "name": text("The name of the ServiceAccount."),
                },
            ),
            whole(
                "All ServiceAccounts that match a pattern.",
                {"pattern": text("NAMESPACE/NAME, in which * matches any text.", pattern="^[^/]+/[^/]+$")},
            ),
        ]
    },
)

SPEC: Schema = closed(
    "The settings of the role. Absent settings were not read, or are not changed.",
    {
        "via": word(
            "How pods get the role. irsa: with IAM roles for service accounts. pod-identity: with an EKS Pod"
            " Identity association, which is not supported yet.",
            *("irsa", "pod-identity"),
        ),
        "policies": array(
            "All policies of the role; [] for none. Printed only if iamsa has read all of them.",
            _POLICY,
        ),
        "purge": flag("true: remove all policies that are not in policies."),
        "role": _ROLE,
        "audience": text("The audience of the tokens of pods."),
        "serviceAccount": _SERVICE_ACCOUNT,
        "podIdentity": _POD_IDENTITY,
        "subjects": _SUBJECTS,
        "migration": word(
            f"finish: end a change of via, and remove the previous binding. {NOT_YET}", "finish"
        ),
    },
)

# What the spec of a manifest must have.
HAS_POLICIES: Schema = {
    "anyOf": [
        {"required": ["policies"]},
        {"required": ["role"], "properties": {"role": {"required": ["arn"]}}},
    ]
}
