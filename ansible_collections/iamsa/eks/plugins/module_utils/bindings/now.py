# SPDX-License-Identifier: GPL-3.0-or-later

"""The current binding of a ServiceAccount: its kind and its role."""

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

# The kinds' own records, by the name of the kind.
Records = Mapping[str, Mapping[Subject, BindingRecord]]

NO_RECORDS: Records = MappingProxyType({})

# A ServiceAccount with one of these annotations was written by iamsa.
_TELLING = (ANNOTATION_MARKER, ANNOTATION_RECORD)


class BoundNow(NamedTuple):
    """The binding of one ServiceAccount.

    `role` is the role that new pods get, exactly as it was written, valid or not; None if there is none, and
    then `kind` is the default kind. `named` is that role, or the one that an interrupted delete recorded.
    """

    kind: BindingKind
    record: BindingRecord | None
    role: str | None
    named: str


def bound_now(
    subject: Subject, service_account: ServiceAccount | None, kinds: Kinds, records: Records
) -> BoundNow:
    """The binding of the first kind that binds the ServiceAccount."""
    found = [_of(kind, subject, service_account, records) for kind in kinds.values()]
    return next((one for one in found if one.role is not None), found[0])


def is_shown(service_account: ServiceAccount, now: BoundNow) -> bool:
    """Whether `list` shows the ServiceAccount: it is bound to a role, or iamsa has written to it."""
    return now.role is not None or any(key in service_account.annotations for key in _TELLING)


def is_made_here(service_account: ServiceAccount, cluster: ClusterFacts) -> bool:
    """Whether iamsa created this ServiceAccount, according to its marker. A copy of it does not match."""
    return marker(cluster.cluster, service_account.subject).items() <= service_account.annotations.items()


def named_role(service_account: ServiceAccount | None, bound: str | None) -> str:
    """The `bound` role; otherwise the role that an interrupted delete recorded; "" if there is neither."""
    return bound or (service_account.annotations if service_account else {}).get(ANNOTATION_RECORD, "")


def records_of(subject: Subject, sides: Sides, kinds: Kinds) -> Records:
    """The kinds' records of one ServiceAccount."""
    found = {kind.name: kind.observe(subject, sides) for kind in kinds.values()}
    return {name: {subject: record} for name, record in found.items() if record}


def all_records(namespace: str | None, sides: Sides, kinds: Kinds) -> Records:
    """The kinds' records of a namespace, or of the whole cluster if `namespace` is None."""
    return {kind.name: kind.observe_all(namespace, sides) for kind in kinds.values()}


def _of(
    kind: BindingKind, subject: Subject, service_account: ServiceAccount | None, records: Records
) -> BoundNow:
    record = records.get(kind.name, {}).get(subject)
    role = kind.bound_role(service_account, record)
    return BoundNow(kind, record, role, named_role(service_account, role))
