# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what a pod sets itself, and what wins over its role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...identity.keys import ANNOTATION_TOKEN_EXPIRATION
from ...model.names import is_region
from ...model.pods import Pod
from ...model.token_life import LEAST_EXPIRATION, MOST_EXPIRATION, is_usual
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding
from .restart import removed, unset

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
SESSION = "AWS_SESSION_TOKEN"
PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS")
ENDPOINT_MODE = "AWS_STS_REGIONAL_ENDPOINTS"


def fixed_keys(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container, names in pod.setting(*KEYS):
        # Without a key a session token says nothing, and with the keys it goes.
        all_names = (*names, SESSION) if SESSION in container.env else names
        if container.optional.issuperset(names):
            what = (
                f"container {container.name} sets {', '.join(names)} where its source is there, and then wins"
            )
            yield replace(unset(pod, what, *all_names), verdict="warn")
        else:
            yield unset(pod, f"container {container.name} sets {', '.join(names)}, which wins", *all_names)


def profile_set(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container, names in pod.setting(*PROFILES):
        what = f"container {container.name} sets {', '.join(names)}, which can win over the role"
        yield unset(pod, what, *names)


def credentials_mounted(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container in pod.spec.containers:
        for path in container.mounts:
            if "/.aws" in path:
                what = f"container {container.name} has a volume at {path}, where SDKs look for keys"
                yield Finding(what, mends=False)


def on_host_network(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if pod.spec.host_network:
        what = "it is on the node's network, so whatever in it finds no role takes the node's"
        yield removed(pod, what, "spec", "hostNetwork")


def expiration_odd(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    text = pod.spec.annotations.get(ANNOTATION_TOKEN_EXPIRATION)
    if text is not None and not is_usual(text):
        within = f"{LEAST_EXPIRATION} to {MOST_EXPIRATION}"
        what = f"its {ANNOTATION_TOKEN_EXPIRATION} is {text!r}, which is no number of seconds from {within}"
        yield removed(pod, what, "metadata", "annotations", ANNOTATION_TOKEN_EXPIRATION)


def region_wrong(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container in pod.told:
        for name in REGIONS:
            value = container.env.get(name)
            if value is not None and not is_region(value):
                what = f"container {container.name} sets {name} to {value!r}, which is no region"
                yield unset(pod, what, name)


def endpoint_odd(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container, _names in pod.setting(ENDPOINT_MODE):
        if container.env[ENDPOINT_MODE] == "legacy":
            what = f"container {container.name} sets {ENDPOINT_MODE}=legacy: older SDKs ask the global STS"
            yield unset(pod, what, ENDPOINT_MODE)
    for container, names in pod.setting(*ENDPOINTS):
        what = f"container {container.name} sends calls elsewhere by {', '.join(names)}"
        yield unset(pod, what, *names)


_AFTER = ("cluster-context", "service-account-exists", "pod-account")

POD_SETTING_CHECKS = (
    Check(
        "pod-keys",
        "pod",
        "access keys in the pod's environment",
        "The pod works as some IAM user, not as its role.",
        "SDKs take access keys from the environment before they ask for the role. Remove them, and revoke"
        " them if they are not needed elsewhere.",
        doc_links.CREDENTIAL_ORDER,
        "`kubectl set env` removes the variables.",
        judge_pod=fixed_keys,
        needs=("pods",),
        after=_AFTER,
    ),
    Check(
        "pod-profile",
        "pod",
        "profiles in the pod's environment",
        "The pod works as somebody else, with some SDKs and not with others.",
        "A named profile is looked up in files, and many SDKs then do not look for the role. Remove it unless"
        " it is meant.",
        doc_links.CREDENTIAL_ORDER,
        "`kubectl set env` removes the variables.",
        judge_pod=profile_set,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-files",
        "pod",
        "credentials that are mounted into the pod",
        "The pod works as somebody else, with some SDKs and not with others.",
        "SDKs differ in whether a credentials file or the role comes first. Unmount it, so that there is only"
        " one answer.",
        doc_links.CREDENTIAL_ORDER,
        "Take the volume out of the pod's template.",
        judge_pod=credentials_mounted,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-host-network",
        "pod",
        "whether the pod can reach the node's own credentials",
        "The pod does what only the node's role may do.",
        "On the node's network the instance metadata service answers, whatever its hop limit. An SDK that is"
        " too old for the role, or a container that is skipped, silently works as the node.",
        doc_links.IMDS,
        "`kubectl patch` takes hostNetwork out of the workload's template, where it can do without.",
        judge_pod=on_host_network,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-expiration",
        "pod",
        "how long the pod's token is good for",
        "Tokens live longer or shorter than was asked for.",
        "The pod's own annotation wins over the ServiceAccount's. The webhook ignores what is no number and"
        " raises what is below 600 seconds.",
        doc_links.POD,
        "`kubectl patch` takes the annotation out of the workload's template.",
        judge_pod=expiration_odd,
        needs=("pods", "told"),
        after=_AFTER,
        warns=True,
    ),
    Check(
        "pod-region",
        "pod",
        "the region that the pod works in",
        "SDKs say: You must specify a region, or could not resolve the endpoint.",
        "The webhook sets the cluster's region unless a container sets one of the two variables itself. This"
        " one sets something that is no region.",
        doc_links.STS,
        "`kubectl set env` removes the variables.",
        judge_pod=region_wrong,
        needs=("pods",),
        after=_AFTER,
    ),
    Check(
        "pod-endpoint",
        "pod",
        "where the pod's calls to STS go",
        "Calls to STS are slow, or fail in a VPC without a way out.",
        "The pod sends calls to another endpoint than its region's. That is meant for tests and for private"
        " networks.",
        doc_links.STS,
        "`kubectl set env` removes the variables.",
        judge_pod=endpoint_odd,
        needs=("pods",),
        after=_AFTER,
        warns=True,
    ),
)
