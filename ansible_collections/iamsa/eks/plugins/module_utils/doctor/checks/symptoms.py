# SPDX-License-Identifier: GPL-3.0-or-later

"""What users see before they know the cause: the headings of docs/troubleshooting.md, in their order."""

ASSUME_DENIED = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
NO_PROVIDER = "InvalidIdentityToken: No OpenIDConnect provider found in your account"
WRONG_AUDIENCE = "InvalidIdentityToken: Incorrect token audience"
INVALID_ARN = "ValidationError: Request ARN is invalid"
TOKEN_REFUSED = "InvalidIdentityToken: Couldn't retrieve verification key, or IDPCommunicationError"
NO_VARIABLES = "Pods use the node's role: AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE are not set"
NO_TOKEN_FILE = "No such file or directory: /var/run/secrets/eks.amazonaws.com/serviceaccount/token"
OTHER_IDENTITY = "Pods use another role or an IAM user: aws sts get-caller-identity shows the wrong ARN"
CALL_DENIED = "AccessDenied: User arn:aws:sts::...:assumed-role/... is not authorized to perform ..."
SOMETIMES = "Pods can assume the role only from some networks or at some times"
NO_SERVICE_ACCOUNT = 'Pods are not created: serviceaccount "NAME" not found'
INVALID_EXPIRATION = "Pods are not created: expirationSeconds: Invalid value"
WEBHOOK_FAILED = 'Pods are not created: failed calling webhook "pod-identity-webhook.amazonaws.com"'
AGENT_UNREACHABLE = "Pods cannot connect to 169.254.170.23"
STS_UNREACHABLE = "Calls to AWS STS are slow or time out"
NO_REGION = "You must specify a region, or Could not connect to the endpoint URL"
TOKEN_LIFE = "Tokens expire earlier or later than configured"
TOO_OPEN = "Other pods or users can assume the role"
LIMIT_EXCEEDED = "LimitExceeded: Cannot exceed quota for PoliciesPerRole"
CHANGED_ROLE = "iamsa refuses to reuse a role, or changes its trust policy unexpectedly"
OTHER_CLUSTER = "Changes have no effect, or roles trust the wrong cluster"
LEFT_PROVIDER = "IAM has an OIDC provider of a deleted cluster"

SYMPTOMS = (
    *(ASSUME_DENIED, NO_PROVIDER, WRONG_AUDIENCE, INVALID_ARN, TOKEN_REFUSED),
    *(NO_VARIABLES, NO_TOKEN_FILE, OTHER_IDENTITY, CALL_DENIED, SOMETIMES),
    *(NO_SERVICE_ACCOUNT, INVALID_EXPIRATION, WEBHOOK_FAILED),
    *(AGENT_UNREACHABLE, STS_UNREACHABLE, NO_REGION, TOKEN_LIFE),
    *(TOO_OPEN, LIMIT_EXCEEDED, CHANGED_ROLE, OTHER_CLUSTER, LEFT_PROVIDER),
)
