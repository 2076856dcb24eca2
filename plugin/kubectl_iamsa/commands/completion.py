"""`kubectl iamsa completion install`: install the program that kubectl runs for shell completion."""

from __future__ import annotations

from ..argv.parser import SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa completion install [options]"
DESCRIPTION = """\
Set up shell completion for kubectl iamsa: commands, options, ServiceAccounts,
namespaces, policies and more.

kubectl 1.26 or later runs a program named kubectl_complete-iamsa. pip installs
it next to kubectl-iamsa. krew does not; "completion install" does. The completion
of kubectl itself must be enabled, in bash, zsh, fish or PowerShell: see kubectl
completion --help."""
EXAMPLES = """\
  # Set up completion after kubectl krew install iamsa
  kubectl iamsa completion install

  # Install into another directory of PATH
  kubectl iamsa completion install --directory ~/bin
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "action",
        nargs="?",
        metavar="install",
        choices=("install",),
        help="install kubectl_complete-iamsa; without it, show this help",
    )
    group = parser.add_argument_group("Options")
    group.add_argument(
        "--directory", metavar="DIR", help="directory to install to (default: the one of kubectl-iamsa)"
    )
    group.add_argument("--force", action=SwitchAction, help="overwrite a file that iamsa did not write")
