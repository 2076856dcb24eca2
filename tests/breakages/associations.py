"""Pods that were created before an association of their ServiceAccount was created or deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from breakages.breakage import Breakage
from breakages.patient import Patient
from breakages.pod_identity import another_role, associate, run_agent
from breakages.pods import BARE
from e2e.shop import ROLE_ARN

NOT_TRIED = 3


def of_a_deleted_association(start: Callable[[Patient], None]) -> Callable[[Patient], None]:
    """The state after doctor's remedy for an association that overrides the annotation."""

    def put(one: Patient) -> None:
        run_agent(one)
        associate(one, another_role(one))
        start(one)
        found = one.examine()
        (remedy,) = [it["remedy"] for it in found["checks"] if it["check"] == "pod-identity-association"]
        one.run(remedy)

    return put


def of_before_the_association(start: Callable[[Patient], None]) -> Callable[[Patient], None]:
    """The state after a migration to Pod Identity without a restart of the pods."""

    def put(one: Patient) -> None:
        start(one)
        run_agent(one)
        associate(one, another_role(one))
        one.shop.annotate(f"{ROLE_ARN}-")

    return put


def that_cannot_be_read(**effect: Any) -> Callable[[Patient], None]:
    """The user may create a pod as a dry run, but may not read associations."""

    def put(one: Patient) -> None:
        associate(one, another_role(one))
        one.control.fault("aws", "eks:ListPodIdentityAssociations", effect, times=None)
        one.undo.append(one.control.clear_faults)

    return put


BREAKAGES: tuple[Breakage, ...] = (
    Breakage("pod-of-a-deleted-association", "pod-association", of_a_deleted_association(Patient.deploy)),
    Breakage(
        "bare-pod-of-a-deleted-association",
        "pod-association",
        of_a_deleted_association(Patient.pod),
        no_remedy=BARE,
    ),
    Breakage(
        "pod-of-before-the-association",
        "pod-association",
        of_before_the_association(Patient.deploy),
        proven=NOT_TRIED,
    ),
    Breakage(
        "bare-pod-of-before-the-association",
        "pod-association",
        of_before_the_association(Patient.pod),
        no_remedy=BARE,
    ),
    Breakage(
        "association-that-may-not-be-read",
        "pod-identity-admission",
        that_cannot_be_read(error="AccessDeniedException"),
        no_remedy="an administrator has to grant the permission",
    ),
    Breakage(
        "association-of-an-eks-that-does-not-say",
        "pod-identity-admission",
        that_cannot_be_read(status=404),
        no_remedy="an administrator has to grant the permission",
    ),
)
