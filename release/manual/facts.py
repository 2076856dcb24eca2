"""Facts for the manual and docs/reference that the parser does not know."""

from __future__ import annotations

from kubectl_iamsa.gen3.jobs import NAMESPACE
from kubectl_iamsa.render.difference import EXTERNAL
from kubectl_iamsa.requests.environment import BOUNDARY, CLUSTER_NAME, PATH, REGION, TAGS

from ansible_collections.iamsa.eks.plugins.module_utils.errors import DEBUG

OWN_VARIABLES = {
    CLUSTER_NAME: "the EKS cluster, if neither --cluster-name nor the context says it",
    REGION: "its region, if neither --region nor the context says it; takes precedence over AWS_REGION",
    PATH: "path of a new role, if --path is not given",
    BOUNDARY: "permissions boundary of a new role, if --permissions-boundary is not given",
    TAGS: "KEY=VALUE,KEY=VALUE: tags of a new role, in addition to those of --tag, which take precedence;"
    " a value cannot contain a comma",
}
OTHER_VARIABLES = {
    "KUBECONFIG": "the kubeconfig files, as kubectl reads them",
    "AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION": "as the AWS CLI reads them; the options and the"
    " context take precedence",
    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN": "credentials; the other variables"
    " of the AWS SDKs are used too",
    "HTTPS_PROXY, HTTP_PROXY, NO_PROXY": "the proxy for AWS and for the API server",
    EXTERNAL: "the program that diff shows the difference with, as in kubectl diff",
    NAMESPACE: "the namespace, only with -c, -u and -l",
    "NO_COLOR": "if it is set, the output has no color, unless --color is always",
    DEBUG: "if it is 1, the traceback of an internal error is shown; it may contain secrets",
}
# By command. "" is for all other commands.
EXIT_CODES: dict[str, dict[int, str]] = {
    "": {0: "success", 2: "usage error", 130: "interrupted", 1: "any other error"},
    "diff": {0: "no changes", 1: "changes", 3: "the changes could not be determined"},
    "verify": {0: "yes", 1: "no", 3: "could not be determined"},
    "doctor": {0: "no problems", 1: "problems found", 3: "the checks could not be made"},
}
FILES = {
    "~/.kube/config": "the kubeconfig, if neither KUBECONFIG nor --kubeconfig is set",
    "~/.aws/config, ~/.aws/credentials": "AWS profiles, including those of aws login and aws sso login",
}
