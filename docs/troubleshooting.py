"""Writes docs/troubleshooting.md from the checks of doctor: `python docs/troubleshooting.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kubectl_iamsa.spelling import spelled

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Check, Subject
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.registry import CHECKS

PAGE = Path(__file__).with_suffix(".md")
INTRODUCTION = """\
# When a pod does not get its role

`kubectl iamsa doctor NAME -n NAMESPACE` makes all of these checks, names the one that fails, and prints the command that mends it.
`kubectl iamsa doctor deployment/NAME` begins at what runs under the ServiceAccount, and `-A` looks at the whole cluster.
`kubectl iamsa verify NAME` proves whether AWS takes a token of the ServiceAccount.

This page is made from the checks themselves, by `make docs`.

## By symptom

Checks in *italics* warn: what they find does not keep a pod from its role.

| what you see | checks |
| --- | --- |
"""
TITLES: dict[Subject, str] = {
    "cluster": "The cluster and its webhook",
    "oidcProvider": "The OIDC provider",
    "serviceAccount": "The ServiceAccount",
    "role": "The role",
    "trust": "The role's trust policy",
    "policies": "The role's policies",
    "pod": "Pods",
}


def page() -> str:
    """The whole page, in Markdown."""
    return INTRODUCTION + "\n".join((*_symptoms(), "", *_subjects())) + "\n"


def _symptoms() -> Iterator[str]:
    for symptom in dict.fromkeys(check.symptom for check in CHECKS):
        named = ", ".join(_linked(check) for check in CHECKS if check.symptom == symptom)
        yield f"| {symptom} | {named} |"


def _subjects() -> Iterator[str]:
    for subject, title in TITLES.items():
        yield f"## {title}"
        yield ""
        for check in CHECKS:
            if check.subject == subject:
                yield from _section(check)


def _section(check: Check) -> Iterator[str]:
    yield f"### {check.id}"
    yield ""
    yield f"Looks at {check.looks_at}." + (" Warns." if check.warns else "")
    yield check.explanation
    yield ""
    yield f"Remedy: {spelled(check.mend)}"
    yield f"See [{check.page.removeprefix('https://').partition('/')[0]}]({check.page})."
    yield ""


def _linked(check: Check) -> str:
    link = f"[{check.id}](#{check.id})"
    return f"*{link}*" if check.warns else link


if __name__ == "__main__":
    PAGE.write_text(page())
