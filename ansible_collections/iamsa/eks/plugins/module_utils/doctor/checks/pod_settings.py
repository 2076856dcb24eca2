# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of settings of a pod that override its role, or keep it from reaching AWS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...errors import quoted
from ...identity.keys import ANNOTATION_TOKEN_EXPIRATION
from ...model.names import is_region
from ...model.pods import Container, Pod
from ...model.token_life import LEAST_EXPIRATION, MOST_EXPIRATION, is_usual
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding
from .restart import removed, set_to, unset

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
SESSION = "AWS_SESSION_TOKEN"
PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS")
ENDPOINT_MODE = "AWS_STS_REGIONAL_ENDPOINTS"


def fixed_keys(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container, names in pod.setting(*KEYS):
        # A session token is useless without keys, so it is removed with them.
        all_names = (*names, SESSION) if SESSION in container.env else names
        if container.optional.issuperset(names):
            what = (
                f"container {container.name} sets {', '.join(names)} if the source exists, overriding the"
                " role"
            )
            yield replace(unset(pod, what, *all_names), verdict="warn")
        else:
            what = f"container {container.name} sets {', '.join(names)}, which overrides the role"
            yield unset(pod, what, *all_names)
    for container in pod.told:
        for source in container.env_from:
            # A variable of the container's own overrides those of a source.
            open_keys = [key for key in KEYS if source.may_set(key) and key not in container.env]
            if source.kind == "Secret" and open_keys:
                what = f"container {container.name} sets all keys of the Secret {source.name} as variables"
                yield Finding(f"{what}; it may hold access keys", mends=False, verdict="warn")


def profile_set(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container, names in pod.setting(*PROFILES):
        what = f"container {container.name} sets {', '.join(names)}, which can override the role"
        yield unset(pod, what, *names)


def credentials_mounted(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container in pod.spec.containers:
        for path in container.mounts:
            if "/.aws" in path:
                what = (
                    f"container {container.name} mounts a volume at {path}, where SDKs look for credentials"
                )
                yield Finding(what, mends=False)


def on_host_network(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if pod.spec.host_network:
        what = "the pod uses the host network, so a container without the role can use the node's role"
        yield removed(pod, what, "spec", "hostNetwork")


def expiration_odd(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    text = pod.spec.annotations.get(ANNOTATION_TOKEN_EXPIRATION)
    if text is not None and not is_usual(text):
        within = f"{LEAST_EXPIRATION} to {MOST_EXPIRATION}"
        what = (
            f"{ANNOTATION_TOKEN_EXPIRATION} is {quoted(text)}; it must be a number of seconds from {within}"
        )
        yield removed(pod, what, "metadata", "annotations", ANNOTATION_TOKEN_EXPIRATION)


def region_wrong(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container in pod.told:
        if container.is_told and not _may_have_region(container):
            what = f"container {container.name} has no AWS Region: the webhook sets none"
            yield replace(set_to(pod, what, REGIONS[0], evidence.chain.facts.cluster.region), verdict="warn")
        for name in REGIONS:
            value = container.env.get(name)
            if value is not None and not is_region(value):
                what = (
                    f"container {container.name} sets {name} to {quoted(value)}, which is not an AWS Region"
                )
                yield unset(pod, what, name)


def _may_have_region(container: Container) -> bool:
    return any(name in container.env for name in REGIONS) or any(
        source.may_set(name) for source in container.env_from for name in REGIONS
    )


def endpoint_odd(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container, _names in pod.setting(ENDPOINT_MODE):
        if container.env[ENDPOINT_MODE] == "legacy":
            what = f"container {container.name} sets {ENDPOINT_MODE}=legacy, for the global STS endpoint"
            yield unset(pod, what, ENDPOINT_MODE)
    for container, names in pod.setting(*ENDPOINTS):
        what = f"container {container.name} sends AWS calls to another endpoint by {', '.join(names)}"
        yield unset(pod, what, *names)


_AFTER = ("cluster-context", "service-account-exists", "pod-account")

POD_SETTING_CHECKS = (
    Check(
        "pod-keys",
        "pod",
        "the pod's environment contains no access keys",
        symptoms.OTHER_IDENTITY,
        "SDKs use access keys from the environment before they use the role. Remove the keys, and revoke"
        " them if nothing else uses them.",
        doc_links.CREDENTIAL_ORDER,
        "Run `kubectl set env WORKLOAD AWS_ACCESS_KEY_ID- AWS_SECRET_ACCESS_KEY-` to remove the variables.",
        judge_pod=fixed_keys,
        needs=("pods",),
        after=_AFTER,
    ),
    Check(
        "pod-profile",
        "pod",
        "the pod's environment selects no profile or configuration file",
        symptoms.OTHER_IDENTITY,
        "SDKs look up a named profile in files, and many of them then do not use the role. Remove the"
        " variables unless they are intended.",
        doc_links.CREDENTIAL_ORDER,
        "Run `kubectl set env WORKLOAD NAME-` to remove the variable NAME.",
        judge_pod=profile_set,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-files",
        "pod",
        "the pod mounts no AWS credentials",
        symptoms.OTHER_IDENTITY,
        "SDKs differ in whether they use a credentials file or the role first. Remove the file, so that all"
        " of them use the role.",
        doc_links.CREDENTIAL_ORDER,
        "Remove the volume from the workload's template.",
        judge_pod=credentials_mounted,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-host-network",
        "pod",
        "the pod cannot reach the node's credentials",
        symptoms.OTHER_IDENTITY,
        "Pods on the host network reach the instance metadata service, whatever its hop limit. A container"
        " without the role, or an SDK that is too old to support it, silently uses the node's role.",
        doc_links.IMDS,
        "If the pod does not need the host network, run `kubectl patch` to remove hostNetwork from the"
        " workload's template.",
        judge_pod=on_host_network,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-expiration",
        "pod",
        "the pod's token expires when its annotation says",
        symptoms.TOKEN_LIFE,
        "The pod's annotation overrides the ServiceAccount's. The webhook ignores values that are not a"
        " number and raises values below 600 seconds.",
        doc_links.POD,
        "Run `kubectl patch` to remove the annotation from the workload's template.",
        judge_pod=expiration_odd,
        needs=("pods", "told"),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-region",
        "pod",
        "the pod's AWS Region is valid",
        symptoms.NO_REGION,
        "The webhook sets AWS_REGION and AWS_DEFAULT_REGION to the cluster's Region unless a container sets"
        " one of them. Without a Region, or with a value that is not one, calls to AWS fail.",
        doc_links.STS,
        "Run `kubectl set env WORKLOAD AWS_REGION- AWS_DEFAULT_REGION-` to remove the variables. If the"
        " webhook sets none, run `kubectl set env WORKLOAD AWS_REGION=REGION`.",
        judge_pod=region_wrong,
        needs=("pods",),
        after=_AFTER,
    ),
    Check(
        "pod-endpoint",
        "pod",
        "the pod uses the regional STS endpoint",
        symptoms.STS_UNREACHABLE,
        "Variables of the pod select another endpoint than the Region's STS endpoint. That is intended only"
        " in tests and private networks.",
        doc_links.STS,
        "Run `kubectl set env WORKLOAD NAME-` to remove the variable NAME.",
        judge_pod=endpoint_odd,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
)
