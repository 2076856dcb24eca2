"""What the manual and docs/reference say and the parser does not know."""

from __future__ import annotations

from kubectl_iamsa.gen3.jobs import NAMESPACE
from kubectl_iamsa.render.difference import EXTERNAL
from kubectl_iamsa.requests.environment import BOUNDARY, CLUSTER_NAME, PATH, REGION, TAGS

from ansible_collections.iamsa.eks.plugins.module_utils.errors import DEBUG

OWN_VARIABLES = {
    CLUSTER_NAME: "the EKS cluster, where neither --cluster-name nor the context tells it",
    REGION: "its region, where neither --region nor the context tells it; before AWS_REGION",
    PATH: "path of a new role, without --path",
    BOUNDARY: "ARN of a new role's boundary, without --permissions-boundary",
    TAGS: "KEY=VALUE,KEY=VALUE: tags of a new role, among those of --tag, which win;"
    " no value can hold a comma",
}
OTHER_VARIABLES = {
    "KUBECONFIG": "the kubeconfig files, as kubectl reads them",
    "AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION": "as the AWS command line reads them, after the flags and"
    " the context",
    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN": "credentials; all other variables of"
    " AWS's SDKs count too",
    "HTTPS_PROXY, HTTP_PROXY, NO_PROXY": "the proxy on the way to AWS and to the API server",
    EXTERNAL: "the program that diff and --diff show a difference with, as of kubectl diff",
    NAMESPACE: "the namespace, with -c, -u and -l alone",
    "NO_COLOR": "if it is set, nothing is coloured",
    DEBUG: "if it is 1, the traceback of an internal error is shown; it may hold secrets",
}
# By verb; "" is what holds of all of which nothing else is said.
EXIT_CODES: dict[str, dict[int, str]] = {
    "": {0: "done", 2: "the command line cannot be right", 130: "interrupted", 1: "everything else"},
    "diff": {0: "nothing would change", 1: "something would", 3: "it could not be found out"},
    "verify": {0: "yes", 1: "no", 3: "it could not be found out"},
    "doctor": {0: "well", 1: "something fails", 3: "it could not look"},
}
FILES = {
    "~/.kube/config": "the kubeconfig, without KUBECONFIG and --kubeconfig",
    "~/.aws/config, ~/.aws/credentials": "AWS's profiles; an aws login or aws sso login counts",
}
