"""Suggests a command or flag for an unknown one: other tools' names for it, and similar spellings."""

from __future__ import annotations

from .parser import LONGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .parser import Parser

# Commands of other tools, and iamsa's names for them.
OTHER_WORDS = {
    **dict.fromkeys(("apply", "add", "new", "annotate"), "create"),
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
    **dict.fromkeys(("--role", "--attach-role-arn", "--role-arn"), "--role-name"),
    **dict.fromkeys(("--boundary", "--permission-boundary"), "--permissions-boundary"),
    **dict.fromkeys(("--tags", "--labels"), "--tag"),
    **dict.fromkeys(("--override-existing-serviceaccounts", "--overwrite"), "--force-conflicts"),
    **dict.fromkeys(("--eks-cluster", "--clustername"), "--cluster-name"),
    **dict.fromkeys(("--ns",), "--namespace"),
    **dict.fromkeys(("--format",), "--output"),
}


def instead(word: str, known: Iterable[str], parser: Parser) -> str:
    """Return the remedy for an unknown command or flag."""
    from difflib import get_close_matches  # noqa: PLC0415

    meant = {**OTHER_WORDS, **OTHER_FLAGS}.get(word)
    twins = {flag for flag, action in parser.flags().items() if (action.help or "").startswith("same as")}
    known = [one for one in known if one not in twins]
    similar = get_close_matches(word[:LONGEST], known, n=2, cutoff=0.75)
    found = [meant] if meant in known else similar
    return f"did you mean {' or '.join(found)}?" if found else parser.see_help
