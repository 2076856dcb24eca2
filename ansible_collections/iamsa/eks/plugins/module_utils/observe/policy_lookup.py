# SPDX-License-Identifier: GPL-3.0-or-later

"""Resolve names and ARNs to managed policies of this account, in few calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..aws.iam.client import Iam
from ..concurrency import Answers, side_by_side
from ..deadline import Deadline
from ..errors import InvalidFile, NotFound, Refused, ResourceRef, excerpt, quoted
from ..identity.account import RoleHome
from ..identity.arn import Arn
from ..policy.aws_managed import AWS_MANAGED_PATHS, COMMON_AWS_POLICIES, near
from ..policy.reference import InlinePolicy, ManagedPolicy, PolicyName, PolicyReference, ResolvedPolicy
from ..policy.resources import partitions
from ..wording.text import Option, Sentence


class PolicyLookup:
    """Looks up policies. Attached and cached policies need no call."""

    def __init__(
        self, iam: Iam, home: RoleHome, attached: Mapping[str, str], deadline: Deadline, answers: Answers
    ) -> None:
        self._iam = iam
        self._home = home
        self._attached = attached
        self._deadline = deadline
        self._answers = answers

    def resolve(self, references: Iterable[PolicyReference]) -> tuple[ResolvedPolicy, ...]:
        """Return one policy for each reference, without duplicates; the references are resolved concurrently.

        Raises:
            NotFound: a policy does not exist; the remedy lists similar names.
            InvalidFile: a policy file names a resource of another partition.
            Refused: a name matches several policies, or an ARN is of another account or partition.
        """
        works = [lambda reference=reference: self._resolve(reference) for reference in references]
        found = side_by_side("looking policies up", self._deadline, *works)
        return tuple({_identity(policy): policy for policy in found}.values())

    def require(self, arn: str, field: Sentence) -> None:
        """Check that a managed policy exists; `field` is the option that names it, for errors.

        Raises:
            NotFound: it does not exist.
            Refused: it is of another account or partition.
        """
        self._by_arn(arn, field)

    def _resolve(self, reference: PolicyReference) -> ResolvedPolicy:
        if isinstance(reference, InlinePolicy):
            self._check_partition(reference)
            return reference
        if isinstance(reference, PolicyName):
            return self._by_name(reference.name)
        return self._by_arn(str(reference.arn), Option("policy"))

    def _check_partition(self, policy: InlinePolicy) -> None:
        other = next((one for one in partitions(policy.document) if one[1] != self._home.partition), None)
        if other:
            raise InvalidFile(
                f"policy {quoted(policy.source)} has the resource {quoted(excerpt(other[0]))} of the"
                f" partition {other[1]}, but the cluster is in the partition {self._home.partition}",
                remedy=f"write an ARN that begins with arn:{self._home.partition}:",
                resource=policy.source,
            )

    def _by_arn(self, text: str, field: Sentence) -> ManagedPolicy:
        arn = Arn.parse(text)
        if arn and (arn.partition != self._home.partition or arn.account not in ("aws", self._home.account)):
            raise Refused(
                field + f" {text} is not in the cluster's account {self._home.account} in"
                f" partition {self._home.partition}",
                remedy="specify a policy of that account, or an AWS managed policy of that partition",
                resource=ResourceRef("policy", text),
            )
        if text in self._attached:
            return ManagedPolicy(self._attached[text], text)
        found = self._policy(text)
        if not found:
            name = text.rpartition("/")[2]
            raise self._unknown(field + f" {text} does not exist", name, (), "check the ARN")
        return found

    def _by_name(self, name: str) -> ManagedPolicy:
        found = [ManagedPolicy(name, arn) for arn, attached in self._attached.items() if attached == name]
        if not found:
            found = self._directly(name)
        own: tuple[ManagedPolicy, ...] = ()
        if not found:
            own = self._answers.of("own policies", self._iam.policies.own)
            found = [policy for policy in own if policy.name == name]
        aws = [policy for policy in found if ":iam::aws:" in policy.arn]
        if len(aws) == 1 and len(found) == 2:
            # As everywhere at AWS, a plain name means AWS's policy.
            (other,) = (policy for policy in found if policy not in aws)
            return replace(aws[0], namesake=other.arn)
        if len(found) > 1:
            raise Refused(
                Option("policy")
                + f" {name} matches more than one policy: {', '.join(policy.arn for policy in found)}",
                remedy="specify the ARN of one of them",
            )
        if not found:
            otherwise = "specify its ARN, or a file for an inline policy"
            raise self._unknown(f"there is no managed policy named {name}", name, own, otherwise)
        return found[0]

    def _directly(self, name: str) -> list[ManagedPolicy]:
        """Read the ARNs that the name could have, instead of paging through 1,500 policies."""
        arns = [self._home.policy_arn(name, path=path, aws_managed=True) for path in AWS_MANAGED_PATHS]
        arns.append(self._home.policy_arn(name))
        works = [lambda arn=arn: self._policy(arn) for arn in arns]
        return [policy for policy in side_by_side(f"looking up {name}", self._deadline, *works) if policy]

    def _policy(self, arn: str) -> ManagedPolicy | None:
        return self._answers.of(("policy", arn), lambda: self._iam.policies.read(arn))

    def _unknown(
        self, problem: Sentence, name: str, own: Iterable[ManagedPolicy], otherwise: str
    ) -> NotFound:
        similar = near(name, [*(policy.name for policy in own), *COMMON_AWS_POLICIES])
        hint = f"did you mean {' or '.join(similar)}?" if similar else otherwise
        if "," in name:
            hint = "specify each policy separately, if it is a list of policies"
        return NotFound(problem, remedy=hint, resource=ResourceRef("policy", name))


def _identity(policy: ResolvedPolicy) -> tuple[str, str]:
    return ("inline", policy.name) if isinstance(policy, InlinePolicy) else ("managed", policy.arn)
