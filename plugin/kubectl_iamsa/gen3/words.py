"""The command line of `gen3 iam-serviceaccount`: `kubectl iamsa -c NAME -p …`, `-u …`, `-l NAME`."""

from __future__ import annotations

VERB = "iam-serviceaccount"
JOBS = {"create": "-c", "update": "-u", "list": "-l"}
OVERRIDES = (
    *("adopt", "replace_trust", "rebind", "force_conflicts"),
    *("create_oidc_provider", "create_namespace"),
)
# gen3's usage text documents u (update), but its script expects a (add). Both are accepted.
ACTIONS = {"a": "add", "add": "add", "u": "add", "update": "add", "d": "delete", "delete": "delete"}
SUMMARY = 'Use "kubectl iamsa -l NAME --help" for the flags of gen3 iam-serviceaccount.'
USAGE = "kubectl iamsa -c NAME -p POLICY | -u NAME -p POLICY -a a|d | -l NAME [options]"
DESCRIPTION = """\
The command line of gen3 iam-serviceaccount. The role is CLUSTER-NAME-role.

-c creates the role and prints only its name. -u adds or deletes a policy and
prints nothing. -l prints the names of the managed policies, then of the inline
policies. To change a role that gen3 created, adopt it once with --adopt."""
