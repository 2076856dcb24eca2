# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the OIDC provider of an issuer, or all providers of the account."""

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

# The document of docs/permissions that allows all reads of this module except those of the account's roles.
DOCUMENT = "provider.json"


@dataclass(frozen=True)
class IamAccess:
    """IAM and the deadline of a run."""

    iam: Iam
    deadline: Deadline

    @classmethod
    def of(cls, session: AwsSession, deadline: Deadline) -> IamAccess:
        """Return the access of a session; no call is made yet."""
        return cls(Iam(session, deadline), deadline)


# Returns the URL of the issuer, and the account of its provider.
Issuer = Callable[[], "tuple[str, RoleHome]"]


def issuer_of_cluster(describe: Callable[[], ClusterDescription]) -> Issuer:
    """Return the issuer of a cluster, in the cluster's account, by the `describe` of a ClusterSource.

    It does not take the source itself, whose `connect` would import all of Kubernetes.
    """

    def look() -> tuple[str, RoleHome]:
        described = describe()
        return described.cluster.issuer, described.home

    return look


def given_issuer(url: str, home: Callable[[], RoleHome]) -> Issuer:
    """Return the issuer with this URL, in the account that `home` returns; no cluster is read."""
    return lambda: (url, home())


def read_provider(issuer: Issuer, aws: IamAccess) -> ProviderFacts:
    """Read the provider of an issuer; `provider` of the result is None if it does not exist.

    Raises:
        Denied: an action is not allowed.
        IamsaError: the issuer or the provider could not be read.
    """

    def look() -> ProviderFacts:
        url, home = issuer()
        return ProviderFacts(url, home, aws.iam.providers.read(home.provider_arn(url)))

    with _remedied():
        return bounded("reading the OIDC provider", look, aws.deadline)


def read_providers(aws: IamAccess) -> tuple[Provider, ...]:
    """Return all OIDC providers of the credentials' account, sorted by ARN.

    Raises:
        Denied: an action is not allowed.
    """
    with _remedied():
        arns = bounded("listing the OIDC providers", aws.iam.providers.arns, aws.deadline)
        works = [lambda arn=arn: aws.iam.providers.read(arn) for arn in sorted(arns)]
        found = few_at_a_time("reading OIDC providers", aws.deadline, works)
    return tuple(provider for provider in found if provider)


def with_trusting_roles(observed: ProviderFacts, aws: IamAccess) -> ProviderFacts:
    """Add the names of all roles of the account that trust the provider; one call per thousand roles.

    Raises:
        Denied: the caller is not allowed to read the account's roles; the remedy names `force`.
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
            f"could not determine whether roles still trust the OIDC provider {observed.arn}: "
            + error.problem,
            action=error.action,
            remedy=Either(remedy, "set " + Option("force") + " to delete the provider without this check"),
            resource=error.resource,
        ) from error


@contextmanager
def _remedied() -> Iterator[None]:
    """Name provider.json in denials, because base.json allows only some of these actions."""
    try:
        yield
    except Denied as error:
        raise Denied(
            error.problem,
            action=error.action,
            remedy=aws_remedy(error.action, str(error.problem), document=DOCUMENT),
            resource=error.resource,
        ) from error
