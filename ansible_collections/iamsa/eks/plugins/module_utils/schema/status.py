# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of `status`: what was found, and what a run changed."""

from __future__ import annotations

from ..errors import DOCS
from .forms import (
    Schema,
    any_text,
    array,
    closed,
    flag,
    map_of_texts,
    number,
    or_null,
    policy_document,
    ref,
    text,
    texts,
    whole,
    word,
)

# The causes in the results of verify.
_CAUSES = (
    "serviceAccountMissing",
    "notAnnotated",
    "malformedArn",
    "podsRefused",
    "providerMissing",
    "audienceNotAccepted",
    "thumbprintMismatch",
    "issuerKeysMissing",
    "issuerNotReachable",
    "tokenNotAccepted",
    "tokenExpired",
    "notTrusted",
    "roleMissing",
    "otherPath",
    "notAdmitted",
    "credentialsNotAccepted",
    "stsNotActivated",
    "refused",
    "otherRole",
    "podIdentity",
)

# The states that list prints.
_STATES = (
    "ok",
    "roleMissing",
    "notTrusted",
    "unmanaged",
    "noRole",
    "deleting",
    "podIdentity",
    "invalidArn",
    "podsRefused",
)

CLUSTER: Schema = whole(
    "The cluster.",
    {
        "name": text("The EKS name of the cluster. Outside EKS, the host and path of its issuer."),
        "arn": or_null(text("The ARN of the cluster. null outside EKS.")),
        "region": text("The AWS region of the cluster."),
        "issuer": text("The URL of the issuer of the cluster's tokens."),
    },
)

ROLE: Schema = closed(
    "The role. description, maxSessionDuration and lastUsed are absent if they were not read.",
    {
        "arn": text("The ARN of the role."),
        "name": text("The name of the role."),
        "path": text("The path of the role."),
        "permissionsBoundary": or_null(text("The ARN of the permissions boundary of the role.")),
        "tags": map_of_texts("All tags of the role."),
        "trustPolicy": policy_document("The trust policy of the role."),
        "description": any_text("The description of the role."),
        "maxSessionDuration": number("The maximum session duration of the role, in seconds."),
        "lastUsed": or_null(
            whole(
                "When the role was last used. null if it was not used in the last 400 days.",
                {"at": text("The time, in RFC 3339."), "region": any_text("The AWS region.")},
            )
        ),
    },
    required=["arn"],
)

OWNER: Schema = closed(
    "The owner of the role.",
    {
        "name": text(
            "iamsa, another ServiceAccount (NAMESPACE/NAME), another tool, an AWS account, or unknown."
        ),
        "verdict": word(
            "`ours`: iamsa manages the role for this ServiceAccount. `rebound`: iamsa managed it for a"
            " deleted cluster with the same name. `unmanaged`: it has another owner. Absent if not read.",
            *("ours", "rebound", "unmanaged"),
        ),
        "words": text("The owner in words."),
    },
    required=["name"],
)

TRUST: Schema = whole(
    "How the trust policy of the role applies to the ServiceAccount.",
    {
        "verdict": word(
            "Whether the trust policy allows the ServiceAccount to assume the role. depends: only under"
            " conditions that iamsa cannot evaluate.",
            *("allowed", "depends", "denied"),
        ),
        "conditions": texts("The condition keys that the verdict depends on."),
        "statements": array(
            "The statements of the trust policy.",
            whole(
                "A statement.",
                {
                    "mark": word(
                        "`ours`: added by iamsa for this ServiceAccount. `stale`: the same, for an earlier"
                        " issuer. `podIdentity`: for EKS Pod Identity. `unmanaged`: not added by iamsa.",
                        *("ours", "stale", "podIdentity", "unmanaged"),
                    ),
                    "words": text("The statement in words."),
                    "statement": {"description": "The statement, unchanged."},
                },
            ),
        ),
    },
)

POLICIES: Schema = whole(
    "The policies of the role. After create and update, only the inline policies that were read.",
    {
        "managed": array(
            "The managed policies.",
            whole(
                "A managed policy.",
                {"name": text("The name of the policy."), "arn": text("The ARN of the policy.")},
            ),
        ),
        "inline": texts("The names of the inline policies."),
    },
)

SERVICE_ACCOUNT: Schema = closed(
    "The ServiceAccount.",
    {
        "annotations": map_of_texts("The annotations that EKS or iamsa reads."),
        "madeByIamsa": flag("Whether iamsa created the ServiceAccount."),
        "finalizers": texts("The finalizers that delay its deletion. [] if it is not being deleted."),
    },
)

OIDC_PROVIDER: Schema = whole(
    "The cluster's IAM OIDC provider.",
    {"arn": text("The ARN of the provider."), "audiences": texts("The audiences of the provider.")},
)

ASSOCIATIONS: Schema = array(
    "The EKS Pod Identity association of the ServiceAccount. New pods get its role, not the annotated one.",
    whole(
        "An association.",
        {
            "id": text("The ID of the association."),
            "roleArn": or_null(text("The ARN of its role. null if it was not read.")),
            "targetRoleArn": or_null(
                text("The ARN of the role in another account that pods assume through the role.")
            ),
            "ownerArn": or_null(text("The ARN of the EKS add-on that created the association.")),
        },
    ),
)

CHECK: Schema = whole(
    "The result of a check of doctor.",
    {
        "check": text(f"The ID of the check; see {DOCS}/troubleshooting.md."),
        "link": word(
            "The link of the chain that the check belongs to.",
            *("cluster", "serviceAccount", "role", "trust", "policies", "oidcProvider", "pod"),
        ),
        "object": text("The kind and name of the object that was checked."),
        "verdict": word("The result of the check.", "ok", "warn", "fail", "skipped"),
        "looksAt": text("What is true if the check passes."),
        "what": any_text("The problem, or why the check was skipped. Empty if the check passed."),
        "explanation": text("Why the problem matters."),
        "remedy": any_text(
            "How to fix the problem: a command, or options in Ansible. Empty if no fix is known."
        ),
        "page": text("The URL of a page of AWS or Kubernetes that explains the problem."),
    },
)

DIAGNOSIS: Schema = whole(
    "The results of doctor.",
    {
        "well": flag("true: no check failed."),
        "summary": whole(
            "The number of checks by verdict.",
            {verdict: number("The number of checks.") for verdict in ("ok", "warn", "fail", "skipped")},
        ),
        "checks": array("The results of the checks.", ref("check")),
    },
)

ERROR: Schema = whole(
    "Why the run failed, or the answer could not be determined.",
    {
        "kind": text("The kind of error, such as denied."),
        "problem": text("The problem."),
        "remedy": any_text("How to fix the problem. Empty if no fix is known."),
    },
)

VERIFICATION: Schema = whole(
    "Whether a pod of the ServiceAccount can assume the role.",
    {
        "verdict": word("The answer.", "yes", "no", "unknown"),
        "assumedRole": or_null(
            whole(
                "The session of the role.",
                {"arn": text("The ARN of the session, from GetCallerIdentity.")},
            )
        ),
        "seconds": {
            "description": "The duration of the check, including waits.",
            "type": "number",
            "minimum": 0,
        },
        "attempts": number("The number of requests for the role."),
        "reason": or_null(
            whole(
                "Why pods do not get the role.",
                {
                    "cause": word("The cause.", *_CAUSES),
                    "code": or_null(text("The error code of AWS. null if AWS was not called.")),
                    "words": text("The cause in words."),
                },
            )
        ),
        "permissions": array(
            "The results of --can. [] without --can.",
            whole(
                "An action on a resource.",
                {
                    "action": text("The action."),
                    "resource": text("The resource."),
                    "decision": word(
                        "The decision of IAM's policy simulator.", "allowed", "explicitDeny", "implicitDeny"
                    ),
                    "limiter": or_null(
                        text("What denies the action, if not the role's policies: boundary or organization.")
                    ),
                    "missingContext": texts("The condition keys that the simulator had no value for."),
                },
            ),
        ),
        "error": or_null(ref("error")),
    },
)

STEP: Schema = whole(
    "A change.",
    {
        "verb": text("The change, such as create, attach or set."),
        "kind": text("The kind of the resource, such as role."),
        "name": text("The name of the resource."),
        "part": any_text("The part of the resource that is changed. Empty for the whole resource."),
        "sentence": text("The change in words."),
    },
)

RUN: Schema = closed(
    "What the run changed, or would change.",
    {
        "changed": flag("Whether anything was changed, or would be."),
        "dryRun": word("The mode of --dry-run. none: the run was not a dry run.", "none", "client", "server"),
        "steps": array("The changes, in order.", ref("step")),
        "restarts": texts("The commands that restart workloads whose pods still run without the role."),
        "notices": texts("Other information about the run."),
    },
    required=["changed", "dryRun", "steps", "notices"],
)

STATE: Schema = word("The state that list shows.", *_STATES)

STATUS: Schema = closed(
    "What was found. Absent fields were not read. Fields that are null or empty have no value. Ignored on"
    " input.",
    {
        "state": STATE,
        "owner": OWNER,
        "cluster": ref("cluster"),
        "role": or_null(ref("role")),
        "trust": TRUST,
        "policies": POLICIES,
        "serviceAccount": or_null(SERVICE_ACCOUNT),
        "audience": any_text(
            "The audience of the tokens of pods. Empty if they are only for the API server."
        ),
        "oidcProvider": or_null(OIDC_PROVIDER),
        "podIdentityAssociations": ASSOCIATIONS,
        "problems": array("The problems that describe found.", ref("check")),
        "verification": VERIFICATION,
        "diagnosis": ref("diagnosis"),
        "run": RUN,
        "error": ref("error"),
    },
)
