"""What the verbs that only read have in common: their flags, and argv's meaning."""

from __future__ import annotations

from .argv.parser import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from .inputs import Request

# Where flags that a remedy has to repeat, so that it works on the same cluster; a token is never printed.
_WHERE = (
    *("cluster_name", "region", "profile", "kubeconfig", "context", "cluster", "user", "server", "as_user"),
    *("as_group", "as_uid", "certificate_authority", "client_certificate", "client_key", "tls_server_name"),
)


def reading_request(args: argparse.Namespace) -> Request:
    """Check what argv says of one ServiceAccount and its role."""
    from ansible_collections.iamsa.eks.plugins.module_utils.model import names  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import (  # noqa: PLC0415
        RoleSpec,
        ServiceAccountSpec,
    )

    from .checks import checked  # noqa: PLC0415
    from .inputs import Request  # noqa: PLC0415

    role = RoleSpec(
        name=checked(args.role_name, names.check_role_name),
        name_style=getattr(args, "role_name_style", "derived"),
    )
    return Request(names.check_service_account(args.name), role, ServiceAccountSpec())


def refuse_without_name(args: argparse.Namespace) -> None:
    """Raise UsageError for what only makes sense with a NAME, or only without one."""
    see_help = "see kubectl iamsa list --help"
    if args.name is None and args.role_name:
        raise UsageError("--role-name needs a NAME", see_help)
    if args.name is not None and args.all_namespaces:
        raise UsageError("-A goes without a NAME", f"give -n NAMESPACE instead, or {see_help}")
    if args.name is not None and args.output == "wide":
        raise UsageError("-o wide goes without a NAME", see_help)


def where_words(args: argparse.Namespace) -> tuple[str, ...]:
    """The flags of argv that say where to work, for a command to be run after this one."""
    words: list[str] = []
    given = vars(args)
    for key in _WHERE:
        flag = "--as" if key == "as_user" else "--" + key.replace("_", "-")
        values = given.get(key)
        for value in values if isinstance(values, list) else [values] if values else []:
            words += [flag, value]
    if given.get("insecure_skip_tls_verify"):
        words.append("--insecure-skip-tls-verify")
    return tuple(words)
