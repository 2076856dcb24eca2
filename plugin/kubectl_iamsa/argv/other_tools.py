"""Suggests a command or flag for an unknown one: other tools' names for it, and similar spellings."""

from __future__ import annotations

from .parser import LONGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .parser import Parser

# Commands of other tools, and iamsa's names for them.
OTHER_WORDS = {
    **dict.fromkeys(("add", "new", "annotate"), "create"),
    **dict.fromkeys(("attach", "detach", "edit", "set", "patch"), "update"),
    **dict.fromkeys(("rm", "remove", "destroy"), "delete"),
    **dict.fromkeys(("get", "ls"), "list"),
    **dict.fromkeys(("show", "explain"), "describe"),
    **dict.fromkeys(("check", "debug", "why"), "doctor"),
    **dict.fromkeys(("test", "can-i", "prove", "wait"), "verify"),
}
# Flags of other tools, including eksctl, gen3 and kubectl.
OTHER_FLAGS = {
    **dict.fromkeys(("--attach-policy-arn", "--attach-policy", "--policy-arn", "--policies"), "--policy"),
    **dict.fromkeys(("--role",), "--role-name"),
    **dict.fromkeys(("--boundary", "--permission-boundary"), "--permissions-boundary"),
    **dict.fromkeys(("--tags",), "--tag"),
    **dict.fromkeys(("--labels",), "--selector"),
    **dict.fromkeys(("--override-existing-serviceaccounts", "--overwrite"), "--force-conflicts"),
    **dict.fromkeys(("--eks-cluster", "--clustername"), "--cluster-name"),
    **dict.fromkeys(("--ns",), "--namespace"),
    **dict.fromkeys(("--format",), "--output"),
}
# Flags of other tools that iamsa has no flag for, and what to do instead.
_ROLE_ARN = "name the role with --role-name, and add --adopt if iamsa did not create it"
_WITHOUT_FLAG = {
    **dict.fromkeys(("--role-arn", "--attach-role-arn"), _ROLE_ARN),
    "--labels": "iamsa sets no labels; use kubectl label serviceaccount",
    "--approve": "omit it: iamsa writes, unless you add --dry-run",
    "--name": "write the name without a flag",
    "--force": "each override has its own flag, under Overrides in the help",
    **dict.fromkeys(
        ("-f", "--filename", "-k", "--kustomize"), "only apply, diff, delete and verify read manifests"
    ),
}
# Those of a command, where the same flag means something else.
_OF_COMMAND = {("delete", "--force"): "did you mean --yes? To delete more, see Overrides in the help"}


def instead(word: str, known: Iterable[str], parser: Parser) -> str:
    """Return the remedy for an unknown command or flag."""
    from difflib import get_close_matches  # noqa: PLC0415

    meant = {**OTHER_WORDS, **OTHER_FLAGS}.get(word)
    twins = {flag for flag, action in parser.flags().items() if (action.help or "").startswith("same as")}
    known = [one for one in known if one not in twins]
    similar = get_close_matches(word[:LONGEST], known, n=2, cutoff=0.75)
    if meant in known:
        return f"did you mean {meant}?"
    without = _OF_COMMAND.get((parser.prog.rpartition(" ")[2], word)) or _WITHOUT_FLAG.get(word)
    if without:
        return without
    return f"did you mean {' or '.join(similar)}?" if similar else parser.see_help
