"""The argument NAME of most commands, in the forms in which kubectl and iamsa print ServiceAccounts."""

from __future__ import annotations

import argparse

from ..argv.kinds import KINDS, SERVICE_ACCOUNTS
from ..argv.parser import UsageError, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ServiceAccountName(argparse.Action):
    """Stores NAME, also of serviceaccount/NAME, and of NAMESPACE/NAME, which sets the namespace."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option: str | None = None,
    ) -> None:
        before, slash, name = str(values).partition("/")
        if not slash:
            namespace.name = before
            return
        if before.lower() in SERVICE_ACCOUNTS:
            namespace.name = name
            return
        if before.lower() in KINDS:
            raise UsageError(
                f"{quoted(str(values))} is not a ServiceAccount",
                "use the name of its ServiceAccount; doctor also accepts workloads",
            )
        given = getattr(namespace, "namespace", before)
        if given != before:
            raise UsageError(
                f"{quoted(str(values))} is not in the namespace {quoted(given)} of -n",
                "omit one of the two namespaces",
            )
        namespace.namespace, namespace.name = before, name
