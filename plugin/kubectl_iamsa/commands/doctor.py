"""`kubectl iamsa doctor`: what keeps pods from their role, and the command that mends it."""

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
Look at everything between a pod and its role: the cluster's OIDC provider, the
webhook that tells pods their role, the ServiceAccount, the role, its trust policy
and policies, the pods, and Pod Identity. Nothing is changed.

With a NAME, of that ServiceAccount; with KIND/NAME, of a pod, deployment,
statefulset, daemonset or job; without, of all in the namespace that have a role.
What fails is explained, with the command that mends it where there is one. What
may not be read is skipped, and the other checks go on.

Exit codes: 0 well, 1 something fails, 3 could not look."""
EXAMPLES = """\
  # Why does my-sa not get its role?
  kubectl iamsa doctor my-sa -n web

  # Why does this deployment not?
  kubectl iamsa doctor deployment/shop -n web

  # The whole cluster, for a script
  kubectl iamsa doctor -A -o json | jq '.items[] | select(.status.diagnosis.well | not) | .metadata'
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "name", nargs="?", metavar="NAME", help="a ServiceAccount, or KIND/NAME of what runs under it"
    )
    group = parser.add_argument_group("What is looked at")
    group.add_argument(
        "-A", "--all-namespaces", action=SwitchAction, help="the ServiceAccounts of all namespaces"
    )
    group.add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: the annotation's, else derived)"
    )
    group.add_argument("-v", "--verbose", action=SwitchAction, help="show all checks, also those that pass")
    add_reading_options(parser, OUTPUTS, verbose=False)
    add_connection_options(parser)
    parser.set_defaults(check=asked_about, failure_code=COULD_NOT_LOOK)
