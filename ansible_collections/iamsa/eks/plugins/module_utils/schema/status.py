# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of `status`: what was found, and what a run did."""

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

# Why pods do not get the role, as verify says it.
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

# As list says how the role of a ServiceAccount stands.
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
        "name": text("Its EKS name. Without EKS, host and path of its issuer."),
        "arn": or_null(text("Its ARN.")),
        "region": text("Its AWS region."),
        "issuer": text("URL of the issuer of its tokens."),
    },
)

ROLE: Schema = closed(
    "The role. description, maxSessionDuration and lastUsed are absent where iamsa did not read them.",
    {
        "arn": text("Its ARN."),
        "name": text("Its name."),
        "path": text("Its path."),
        "permissionsBoundary": or_null(text("ARN of its permissions boundary.")),
        "tags": map_of_texts("All of its tags."),
        "trustPolicy": policy_document("Its trust policy."),
        "description": any_text("Its description."),
        "maxSessionDuration": number("Its maximum session duration in seconds."),
        "lastUsed": or_null(
            whole(
                "When it was last used; null if it was not used in the last 400 days.",
                {"at": text("The time, in RFC 3339."), "region": any_text("The region.")},
            )
        ),
    },
    required=["arn"],
)

OWNER: Schema = closed(
    "Who manages the role.",
    {
        "name": text("iamsa, another ServiceAccount as NAMESPACE/NAME, a tool, an account, or unknown."),
        "verdict": word(
            "ours: made by iamsa for this ServiceAccount. rebound: the same, for a deleted cluster of that"
            " name. foreign: anything else. Absent if the role was not read.",
            *("ours", "rebound", "foreign"),
        ),
        "words": text("The same in a sentence."),
    },
    required=["name"],
)

TRUST: Schema = whole(
    "What the role's trust policy says of this ServiceAccount.",
    {
        "verdict": word(
            "Whether the ServiceAccount is allowed to assume the role; depends: only under conditions that"
            " iamsa does not know.",
            *("allowed", "depends", "denied"),
        ),
        "conditions": texts("The condition keys that it depends on."),
        "statements": array(
            "The statements of the trust policy.",
            whole(
                "A statement.",
                {
                    "mark": word(
                        "ours: for this ServiceAccount. stale: the same, for an earlier issuer. podIdentity:"
                        " for EKS Pod Identity. foreign: not added by iamsa.",
                        *("ours", "stale", "podIdentity", "foreign"),
                    ),
                    "words": text("The statement in a sentence."),
                    "statement": {"description": "The statement as it is."},
                },
            ),
        ),
    },
)

POLICIES: Schema = whole(
    "The policies of the role. After create and update, those inline policies that the run read.",
    {
        "managed": array(
            "The managed policies.",
            whole("A managed policy.", {"name": text("Its name."), "arn": text("Its ARN.")}),
        ),
        "inline": texts("The names of the inline policies."),
    },
)

SERVICE_ACCOUNT: Schema = closed(
    "The ServiceAccount.",
    {
        "annotations": map_of_texts("Its annotations that EKS or iamsa reads."),
        "madeByIamsa": flag("Whether iamsa created it."),
        "finalizers": texts("The finalizers that hold it while it is marked for deletion; [] if none do."),
    },
)

OIDC_PROVIDER: Schema = whole(
    "The cluster's IAM OIDC provider.",
    {"arn": text("Its ARN."), "audiences": texts("The audiences that it lists.")},
)

ASSOCIATIONS: Schema = array(
    "The ServiceAccount's EKS Pod Identity association. New pods get its role, whatever the annotation says.",
    whole(
        "An association.",
        {
            "id": text("Its ID."),
            "roleArn": or_null(text("ARN of its role; null if it was not read.")),
            "targetRoleArn": or_null(text("ARN of the role of another account that pods get through it.")),
            "ownerArn": or_null(text("ARN of the EKS add-on that made it.")),
        },
    ),
)

CHECK: Schema = whole(
    "A check of doctor and what it found.",
    {
        "check": text(f"ID of the check; see {DOCS}/troubleshooting.md."),
        "link": word(
            "The link of the chain that it looks at.",
            *("cluster", "serviceAccount", "role", "trust", "policies", "oidcProvider", "pod"),
        ),
        "object": text("What was looked at, as kind and name."),
        "verdict": word("What it came to.", "ok", "warn", "fail", "skipped"),
        "looksAt": text("What the check looks at."),
        "what": any_text("What is wrong, or why it was skipped; empty if all is well."),
        "explanation": text("Why that matters."),
        "remedy": any_text("What fixes it: a command, or in Ansible options; empty if nothing is known to."),
        "page": text("A page of AWS or Kubernetes that explains it."),
    },
)

DIAGNOSIS: Schema = whole(
    "What doctor's checks found.",
    {
        "well": flag("Whether no check failed."),
        "summary": whole(
            "How many checks came to which verdict.",
            {verdict: number("How many.") for verdict in ("ok", "warn", "fail", "skipped")},
        ),
        "checks": array("The checks.", ref("check")),
    },
)

ERROR: Schema = whole(
    "What kept iamsa from an answer.",
    {
        "kind": text("The kind of error, such as denied."),
        "problem": text("What is wrong."),
        "remedy": any_text("What fixes it; empty if nothing is known to."),
    },
)

VERIFICATION: Schema = whole(
    "Whether AWS gives the role to a token of the ServiceAccount.",
    {
        "verdict": word("The answer.", "yes", "no", "unknown"),
        "assumedRole": or_null(
            whole("The session that AWS gave.", {"arn": text("Its ARN, from GetCallerIdentity.")})
        ),
        "seconds": {"description": "How long it took, waiting included.", "type": "number", "minimum": 0},
        "attempts": number("How often AWS was asked for the role."),
        "reason": or_null(
            whole(
                "Why pods do not get the role.",
                {
                    "cause": word("The cause.", *_CAUSES),
                    "code": or_null(text("The error code of AWS; null if AWS was not asked.")),
                    "words": text("The cause in words."),
                },
            )
        ),
        "permissions": array(
            "The answers to --can; [] if nothing was asked.",
            whole(
                "An action on a resource.",
                {
                    "action": text("The action."),
                    "resource": text("The resource."),
                    "decision": word(
                        "The answer of IAM's policy simulator.", "allowed", "explicitDeny", "implicitDeny"
                    ),
                    "limiter": or_null(
                        text("What denies it apart from the role's own policies: boundary or organization.")
                    ),
                    "missingContext": texts("Condition keys of which the simulator knew no value."),
                },
            ),
        ),
        "error": or_null(ref("error")),
    },
)

STEP: Schema = whole(
    "A change.",
    {
        "verb": text("What is done, such as create, attach or set."),
        "kind": text("The kind of the resource, such as role."),
        "name": text("The name of the resource."),
        "part": any_text("The part of the resource that is changed; empty for the whole."),
        "sentence": text("The change in a sentence."),
    },
)

RUN: Schema = closed(
    "What this run changed, or would change.",
    {
        "changed": flag("Whether anything was changed, or would be."),
        "dryRun": word("none: the run was real.", "none", "client", "server"),
        "steps": array("The changes, in their order.", ref("step")),
        "restarts": texts("Commands that restart pods that still run without the role."),
        "notices": texts("What else to know."),
    },
    required=["changed", "dryRun", "steps", "notices"],
)

STATE: Schema = word("The state that list shows.", *_STATES)

STATUS: Schema = closed(
    "What was found. Absent: not read. null or empty: looked for, and there is none. Ignored on input.",
    {
        "state": STATE,
        "owner": OWNER,
        "cluster": ref("cluster"),
        "role": or_null(ref("role")),
        "trust": TRUST,
        "policies": POLICIES,
        "serviceAccount": or_null(SERVICE_ACCOUNT),
        "audience": any_text(
            "Audience of the pods' tokens; empty for tokens that only the API server accepts."
        ),
        "oidcProvider": or_null(OIDC_PROVIDER),
        "podIdentityAssociations": ASSOCIATIONS,
        "problems": array("What describe found to be wrong.", ref("check")),
        "verification": VERIFICATION,
        "diagnosis": ref("diagnosis"),
        "run": RUN,
    },
)
