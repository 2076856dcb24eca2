"""`kubectl iamsa completion install`: put the program that kubectl asks for completions where it looks."""

from __future__ import annotations

from ..argv.parser import SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..argv.parser import Parser

USAGE = "kubectl iamsa completion install [options]"
DESCRIPTION = """\
Set up what TAB completes behind kubectl iamsa: verbs, flags, ServiceAccounts,
namespaces, policies and more.

kubectl 1.26 or later asks a program named kubectl_complete-iamsa. pip installs it
beside kubectl-iamsa; krew does not, and install writes it there. kubectl's own
completion has to be on, in bash, zsh, fish or PowerShell: see kubectl completion
--help."""
EXAMPLES = """\
  # After kubectl krew install iamsa
  kubectl iamsa completion install

  # Into another directory of PATH
  kubectl iamsa completion install --directory ~/bin
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "action",
        nargs="?",
        metavar="install",
        choices=("install",),
        help="write kubectl_complete-iamsa; without it, this help is shown",
    )
    group = parser.add_argument_group("Options")
    group.add_argument(
        "--directory", metavar="DIR", help="where to write it (default: where kubectl-iamsa is on PATH)"
    )
    group.add_argument("--force", action=SwitchAction, help="overwrite a file of that name that is not ours")
