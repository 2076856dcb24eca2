# SPDX-License-Identifier: GPL-3.0-or-later

"""Read Pod Identity associations. A run does not fail if they cannot be read.

Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ..cluster.access import Access
from ..concurrency import AT_ONCE, Answers, bounded, few_at_a_time
from ..deadline import Deadline
from ..errors import Denied, IamsaError, RemoteError
from ..identity.subject import Subject
from ..model.association import NONE, UNASKED, Association, AssociationPage, PodUse, SeenAssociations
from ..wording.text import Sentence

Value = TypeVar("Value")

# The time limit for these reads, which are optional.
SECONDS = 10.0
# EKS allows 5,000 associations per cluster, in pages of 100.
MOST_PAGES = 60
# A list does not show roles, so each association is described. Whether one of more than this many names a
# certain role stays unknown.
MOST_DESCRIBED = 200


@dataclass(frozen=True)
class AllAssociations:
    """The associations of a cluster or a namespace by ServiceAccount, without their roles.

    `unread` says why they could not be read, or is "".
    """

    by_subject: Mapping[Subject, Association]
    unread: Sentence = ""


class _NotEks:
    """Stands in for EKS: a cluster that is not of EKS has no associations."""

    def associations(self, **_asked: str) -> AssociationPage:
        return AssociationPage()

    def with_role(self, _association: Association) -> Association | None:
        return None


class AssociationReader:
    """Reads the associations of ServiceAccounts of one cluster. Thread-safe.

    `answers` caches calls if many ServiceAccounts are read: one list serves all of them if it fits on a page.
    """

    def __init__(self, access: Access, answers: Answers | None = None) -> None:
        self._cluster = access.source.name
        self._eks = access.pod_identity or _NotEks()
        self._deadline = access.deadline
        self._answers = answers

    def of(self, subject: Subject) -> SeenAssociations:
        """Return the association of a ServiceAccount, with its role if the caller is allowed to read it.

        Raises:
            TimedOut: the run has used up its time.
        """
        found, unread = self._attempted(lambda: self._of(subject), NONE)
        return replace(found, unread=unread)

    def all(self, namespace: str | None) -> AllAssociations:
        """Return the associations of a namespace (None: of the cluster).

        Raises:
            TimedOut: the run has used up its time.
        """
        found, unread = self._attempted(lambda: self._all(namespace or ""), AllAssociations({}))
        return replace(found, unread=unread)

    def of_role(
        self,
        role_arn: str,
        subject: Subject,
        seen: SeenAssociations = UNASKED,
        listed: Mapping[Subject, Association] | None = None,
    ) -> PodUse:
        """Return which association of this cluster names the role; the most likely ones are read first.

        `seen` are the associations of the ServiceAccount, `listed` those of the cluster, if already read.

        Raises:
            TimedOut: the run has used up its time.
        """
        if seen.unread and seen != UNASKED:
            return PodUse(unread=seen.unread)
        for one in seen.items:
            if one.role_arn == role_arn:
                return PodUse(one)
        use, unread = self._attempted(lambda: self._use(role_arn, subject, listed), PodUse())
        return replace(use, unread=unread) if unread else use

    def _use(self, role_arn: str, subject: Subject, known: Mapping[Subject, Association] | None) -> PodUse:
        every = known if known is not None else self._shared("all", lambda: self._all("")).by_subject
        listed = sorted(
            every.items(),
            key=lambda it: (
                it[0] != subject,
                it[0].namespace != subject.namespace,
                it[0].name != subject.name,
            ),
        )
        for start in range(0, min(len(listed), MOST_DESCRIBED), AT_ONCE):
            works = [
                lambda one=one: self._described(one) for _subject, one in listed[start : start + AT_ONCE]
            ]
            for one in few_at_a_time("reading associations", self._deadline, works):
                if one and one.role_arn == role_arn:
                    return PodUse(one)
        if len(listed) > MOST_DESCRIBED:
            return PodUse(
                unread=f"only {MOST_DESCRIBED} of the cluster's {len(listed)} associations were read"
            )
        return PodUse()

    def _described(self, association: Association) -> Association | None:
        return self._shared(association.id, lambda: self._eks.with_role(association))

    def _shared(self, question: str, look: Callable[[], Value]) -> Value:
        return self._answers.of(("associations", question), look) if self._answers else look()

    def _of(self, subject: Subject) -> SeenAssociations:
        if self._answers:
            first = self._answers.of("associations", self._first_page)
            if isinstance(first, IamsaError):
                raise first
            if not first.next_token:
                return self.shown(*(one for one in first.items if one.subject == subject))
        page = self._eks.associations(namespace=subject.namespace, service_account=subject.name)
        return self.shown(*page.items)

    def shown(self, *listed: Association) -> SeenAssociations:
        """Return those of `listed` that still exist, with their roles if the caller is allowed to read them.

        Raises:
            RemoteError: AWS answered with an error.
        """
        return SeenAssociations(tuple(one for each in listed if (one := self._with_role(each))))

    def _first_page(self) -> AssociationPage | IamsaError:
        """Return the first page, or the error in its place, so that a denial is cached too."""
        try:
            return self._eks.associations()
        except IamsaError as error:
            return error

    def _with_role(self, association: Association) -> Association | None:
        try:
            return self._eks.with_role(association)
        except (Denied, RemoteError):
            # The association exists even though its role is unknown.
            return association

    def _all(self, namespace: str) -> AllAssociations:
        found: list[Association] = []
        token = ""
        for _page in range(MOST_PAGES):
            page = self._eks.associations(namespace=namespace, token=token)
            found += page.items
            token = page.next_token
            if not token:
                return AllAssociations({one.subject: one for one in found if one.subject})
        raise RemoteError(
            f"cluster {self._cluster} has more than {MOST_PAGES} pages of Pod Identity associations"
        )

    def _attempted(self, work: Callable[[], Value], otherwise: Value) -> tuple[Value, Sentence]:
        """Return the result of `work` and "", or `otherwise` and why it failed."""
        deadline = Deadline(min(SECONDS, self._deadline.remaining))
        try:
            return bounded("reading Pod Identity associations", work, deadline), ""
        except IamsaError as error:
            self._deadline.check("reading Pod Identity associations")
            return otherwise, error.sentence
