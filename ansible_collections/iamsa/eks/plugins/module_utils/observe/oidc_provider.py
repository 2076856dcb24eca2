# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there of an issuer's OIDC provider, and of all providers of the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ..aws.iam.client import Iam
from ..aws.session import AwsSession
from ..concurrency import bounded, few_at_a_time
from ..deadline import Deadline
from ..errors import Denied
from ..identity.account import RoleHome
from ..model.cluster import ClusterDescription
from ..model.permissions import aws_remedy
from ..model.provider import ProviderFacts, lets_in
from ..model.role import Provider
from ..wording.text import Either, Option

# The document of docs/permissions that allows all that is read here, but for the account's roles.
DOCUMENT = "provider.json"


@dataclass(frozen=True)
class IamAccess:
    """The IAM of a run and its time; nothing has been asked yet."""

    iam: Iam
    deadline: Deadline

    @classmethod
    def of(cls, session: AwsSession, deadline: Deadline) -> IamAccess:
        return cls(Iam(session, deadline), deadline)


# Tells the issuer, and the account that holds its provider.
Issuer = Callable[[], "tuple[str, RoleHome]"]


def issuer_of_cluster(describe: Callable[[], ClusterDescription]) -> Issuer:
    """The issuer of a cluster, in the cluster's account, by the `describe` of any ClusterSource.

    Not by the source itself: its `connect` would bring all of Kubernetes along, which nothing here needs.
    """

    def look() -> tuple[str, RoleHome]:
        described = describe()
        return described.cluster.issuer, described.home

    return look


def given_issuer(url: str, home: Callable[[], RoleHome]) -> Issuer:
    """An issuer that is known, of whatever cluster, in the account that `home` tells: no cluster is asked."""
    return lambda: (url, home())


def read_provider(issuer: Issuer, aws: IamAccess) -> ProviderFacts:
    """The provider of an issuer, or None in its place.

    Raises:
        IamsaError: what is in the way; Denied names the action that is not allowed.
    """

    def look() -> ProviderFacts:
        url, home = issuer()
        return ProviderFacts(url, home, aws.iam.providers.read(home.provider_arn(url)))

    with _remedied():
        return bounded("reading the OIDC provider", look, aws.deadline)


def read_providers(aws: IamAccess) -> tuple[Provider, ...]:
    """All OIDC providers of the credentials' account, by ARN."""
    with _remedied():
        arns = bounded("listing the OIDC providers", aws.iam.providers.arns, aws.deadline)
        works = [lambda arn=arn: aws.iam.providers.read(arn) for arn in sorted(arns)]
        found = few_at_a_time("reading OIDC providers", aws.deadline, works)
    return tuple(provider for provider in found if provider)


def with_trusting_roles(observed: ProviderFacts, aws: IamAccess) -> ProviderFacts:
    """The same, with the names of all roles of the account that trust the provider: a call a thousand roles.

    Raises:
        Denied: the account's roles may not be read; the sentence says how to do without.
    """

    def look() -> tuple[str, ...]:
        pages = aws.iam.roles.pages()
        return tuple(
            seen.role.name for page in pages for seen in page if lets_in(seen.role.trust, observed.arn)
        )

    if observed.provider is None:
        return observed
    try:
        return replace(observed, trusting=bounded("reading the account's roles", look, aws.deadline))
    except Denied as error:
        remedy = aws_remedy(error.action, str(error.problem))
        raise Denied(
            f"whether roles still trust the OIDC provider {observed.arn} cannot be told: " + error.problem,
            action=error.action,
            remedy=Either(remedy, "set " + Option("force") + " to delete the provider without looking"),
            resource=error.resource,
        ) from error


@contextmanager
def _remedied() -> Iterator[None]:
    """A denial names the document for providers, not base.json, which allows some of it and much more."""
    try:
        yield
    except Denied as error:
        raise Denied(
            error.problem,
            action=error.action,
            remedy=aws_remedy(error.action, str(error.problem), document=DOCUMENT),
            resource=error.resource,
        ) from error
