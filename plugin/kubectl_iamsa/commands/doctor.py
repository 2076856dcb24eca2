"""`kubectl iamsa doctor`: why pods do not get their role, and the command that fixes it."""

from __future__ import annotations

from ..argv.parser import SwitchAction
from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options
from ..requests.workload import asked_about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

OUTPUTS = ("text", "json", "yaml")
COULD_NOT_LOOK = 3
USAGE = "kubectl iamsa doctor [NAME | KIND/NAME] [options]"
DESCRIPTION = """\
Find out why pods do not get their role. Checks the cluster's OIDC provider, the
pod identity webhook, the ServiceAccount, the role, its trust policy and policies,
the pods, and Pod Identity. Changes nothing.

With NAME, checks that ServiceAccount; with KIND/NAME, a pod, deployment,
statefulset, daemonset, replicaset, job or cronjob; otherwise, all ServiceAccounts
in the namespace that have a role. Explains each failed check, and shows the command that fixes it
if there is one. Skips checks that need permissions you do not have.

Exit codes: 0 no problems, 1 problems found, 3 the checks could not be made."""
EXAMPLES = """\
  # Find out why pods of my-sa do not get their role
  kubectl iamsa doctor my-sa -n web

  # Check the pods of a deployment
  kubectl iamsa doctor deployment/shop -n web

  # Print the ServiceAccounts with problems in the whole cluster, for a script
  kubectl iamsa doctor -A -o json | jq '.items[] | select(.status.diagnosis.well | not) | .metadata'
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="name of the ServiceAccount, or KIND/NAME of a workload that uses it",
    )
    group = parser.add_argument_group("Options")
    group.add_argument(
        "-A", "--all-namespaces", action=SwitchAction, help="check the ServiceAccounts of all namespaces"
    )
    group.add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: from the annotation, else derived)"
    )
    group.add_argument("-v", "--verbose", action=SwitchAction, help="show all checks, including passed ones")
    add_reading_options(parser, OUTPUTS, verbose=False)
    add_connection_options(parser)
    parser.set_defaults(check=asked_about, failure_code=COULD_NOT_LOOK)
