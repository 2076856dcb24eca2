# SPDX-License-Identifier: GPL-3.0-or-later

"""By which kind of binding a ServiceAccount is bound now, and to which role."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..identity.keys import ANNOTATION_MARKER, ANNOTATION_RECORD
from ..identity.ownership import marker
from ..identity.subject import Subject
from ..model.binding import BindingRecord
from ..model.observed import ClusterFacts, ServiceAccount
from .binding import BindingKind, Kinds, Sides

# What each kind keeps of its own beside the ServiceAccounts, by its name.
Records = Mapping[str, Mapping[Subject, BindingRecord]]

NO_RECORDS: Records = MappingProxyType({})

# Who carries one of these has to do with iamsa.
_TELLING = (ANNOTATION_MARKER, ANNOTATION_RECORD)


class BoundNow(NamedTuple):
    """`role` is the one that new pods are to get, right or wrong as it is spelled; None where there is none,
    and `kind` then the usual one. `named` is that role, or one that a delete has begun to take away."""

    kind: BindingKind
    record: BindingRecord | None
    role: str | None
    named: str


def bound_now(
    subject: Subject, service_account: ServiceAccount | None, kinds: Kinds, records: Records
) -> BoundNow:
    """The first kind by which it is bound."""
    found = [_of(kind, subject, service_account, records) for kind in kinds.values()]
    return next((one for one in found if one.role is not None), found[0])


def is_shown(service_account: ServiceAccount, now: BoundNow) -> bool:
    """Whether a ServiceAccount has to do with a role."""
    return now.role is not None or any(key in service_account.annotations for key in _TELLING)


def is_made_here(service_account: ServiceAccount, cluster: ClusterFacts) -> bool:
    """Whether the marker says that iamsa made this very ServiceAccount: a copy elsewhere is not it."""
    return marker(cluster.cluster, service_account.subject).items() <= service_account.annotations.items()


def named_role(service_account: ServiceAccount | None, bound: str | None) -> str:
    """The role that a ServiceAccount has to do with: the `bound` one, else one that a delete has begun to
    take away from it; "" where it has to do with none."""
    return bound or (service_account.annotations if service_account else {}).get(ANNOTATION_RECORD, "")


def records_of(subject: Subject, sides: Sides, kinds: Kinds) -> Records:
    """What the kinds keep of one ServiceAccount."""
    found = {kind.name: kind.observe(subject, sides) for kind in kinds.values()}
    return {name: {subject: record} for name, record in found.items() if record}


def all_records(namespace: str | None, sides: Sides, kinds: Kinds) -> Records:
    """What the kinds keep of a namespace, or with None of the cluster."""
    return {kind.name: kind.observe_all(namespace, sides) for kind in kinds.values()}


def _of(
    kind: BindingKind, subject: Subject, service_account: ServiceAccount | None, records: Records
) -> BoundNow:
    record = records.get(kind.name, {}).get(subject)
    role = kind.bound_role(service_account, record)
    return BoundNow(kind, record, role, named_role(service_account, role))
