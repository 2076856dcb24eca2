"""The form of `gen3 iam-serviceaccount`: `kubectl iamsa -c NAME -p …`, `-u NAME -p … -a a|d`, `-l NAME`."""

from __future__ import annotations

VERB = "iam-serviceaccount"
JOBS = {"create": "-c", "update": "-u", "list": "-l"}
OVERRIDES = (
    *("adopt", "replace_trust", "rebind", "force_conflicts"),
    *("create_oidc_provider", "create_namespace"),
)
# The usage text says u for update where the script wants a for adding: both are taken.
ACTIONS = {"a": "add", "add": "add", "u": "add", "update": "add", "d": "delete", "delete": "delete"}
SUMMARY = "The flags -c, -u and -l of gen3 iam-serviceaccount work too: see kubectl iamsa -l NAME --help."
USAGE = "kubectl iamsa -c NAME -p POLICY | -u NAME -p POLICY -a a|d | -l NAME [options]"
DESCRIPTION = """\
The form of gen3 iam-serviceaccount. It works on the role CLUSTER-NAME-role.

-c creates the role and prints its name alone; -u adds or deletes a policy and
prints nothing; -l prints the names of managed, then of inline policies. A role
that gen3 made is changed only with --adopt, once."""
