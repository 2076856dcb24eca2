# SPDX-License-Identifier: GPL-3.0-or-later

"""URLs of the documentation of AWS and Kubernetes that checks refer to."""

_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"

KUBECONFIG = _EKS + "create-kubeconfig.html"
PROVIDER = _EKS + "enable-iam-roles-for-service-accounts.html"
ROLE = _EKS + "associate-service-account-role.html"
POD = _EKS + "pod-configuration.html"
STS = _EKS + "configure-sts-endpoint.html"
STS_ENDPOINTS = "https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html"
POD_IDENTITY = _EKS + "pod-identities.html"
AGENT = _EKS + "pod-id-agent-setup.html"
IMDS = "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html"

OPERATORS = _IAM + "reference_policies_elements_condition_operators.html"
MANY_VALUES = _IAM + "reference_policies_condition-single-vs-multi-valued-context-keys.html"
EVALUATION = _IAM + "reference_policies_evaluation-logic.html"
OIDC_TROUBLE = _IAM + "troubleshoot_oidc.html"
BOUNDARY = _IAM + "access_policies_boundaries.html"
QUOTAS = _IAM + "reference_iam-quotas.html"

WEBHOOK = "https://github.com/aws/amazon-eks-pod-identity-webhook"
ADMISSION = "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"
CREDENTIAL_ORDER = "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html"
