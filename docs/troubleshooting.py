"""Writes docs/troubleshooting.md from doctor's checks: `python docs/troubleshooting.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kubectl_iamsa.spelling import spelled

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Check, Subject
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.registry import CHECKS

PAGE = Path(__file__).with_suffix(".md")
INTRODUCTION = """\
# Troubleshooting

If a pod does not get its IAM role, run `kubectl iamsa doctor NAME -n NAMESPACE`. It makes all of these checks, names the ones that fail, and prints the commands that fix them.
`kubectl iamsa doctor deployment/NAME` starts from a workload, and `-A` checks the whole cluster.
`kubectl iamsa verify NAME` checks that AWS accepts a token of the ServiceAccount.

If a run of iamsa itself failed or was interrupted, see [Interrupted runs](guarantees.md#interrupted-runs).

`make docs` generates this page from the checks.

## By symptom

Checks in *italics* are warnings: what they find does not keep a pod from its role.

| symptom | checks |
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
