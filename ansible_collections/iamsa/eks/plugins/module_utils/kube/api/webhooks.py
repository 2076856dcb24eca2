# SPDX-License-Identifier: GPL-3.0-or-later

"""The pod identity webhook as the API server has it registered, and a trial of it.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/mutating-webhook-configuration-v1/
and https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
"""

from __future__ import annotations

import base64
import binascii
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ...identity.subject import Subject
from ...model.webhook import WEBHOOK_NAMES, CertificateAuthority, Probe, Webhook, is_pod_identity
from ..config.text import one_line
from ..http.connection import Connection
from ..http.errors import causes
from ..http.request import Request
from ..http.transport import Answer
from .pod_specs import pod_of

# How the API server refuses a pod of which it could not ask the webhook.
_NO_ANSWER = re.compile(rb'failed calling webhook \\?"(?:' + "|".join(WEBHOOK_NAMES).encode() + rb')\\?"')
_TOKEN_VOLUME = re.compile(r"spec\.volumes\[\d+\]\.projected\.sources\[\d+\]\.serviceAccountToken\b")
_PATH = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"


def registered(connection: Connection) -> tuple[Webhook, ...]:
    """The pod identity webhooks of all MutatingWebhookConfigurations; Denied where those may not be read."""
    request = Request("list", "mutatingwebhookconfigurations", _PATH)
    document = connection.decode(connection.send(request), request)
    return tuple(_ours(connection, document.get("items") or ()))


def probe(connection: Connection, subject: Subject) -> Probe:
    """What becomes of a new pod of the ServiceAccount; it is never stored.

    Where the webhook does not answer and must (failurePolicy Fail), the pod is told no role.

    Raises:
        Denied: pods may not be created there, or admission does not let this one in.
    """
    request = Request(
        "create",
        "pods",
        f"/api/v1/namespaces/{subject.namespace}/pods",
        subject.namespace,
        "iamsa-dry-run",
        query={"dryRun": "All"},
        body=_pod(subject),
    )
    answer = connection.send(request)
    if answer.status == 500 and _NO_ANSWER.search(answer.body):
        return Probe()
    if answer.status == 422 and (why := _refused_volume(answer)):
        return Probe(refusal=why)
    document = connection.decode(answer, request)
    containers = pod_of(document).spec.containers
    return Probe(
        is_told=any(one.is_told for one in containers),
        is_by_agent=any(one.is_by_agent for one in containers),
    )


def _refused_volume(answer: Answer) -> str:
    """What the API server does not accept of a token volume; the pod has only those that admission adds."""
    found = (
        f"{cause.get('field')}: {cause.get('message')}"
        for cause in causes(answer)
        if _TOKEN_VOLUME.match(str(cause.get("field")))
    )
    return one_line(next(found, ""))


def _ours(connection: Connection, configurations: Any) -> Iterator[Webhook]:
    for configuration in configurations:
        name = (configuration.get("metadata") or {}).get("name") or ""
        for one in configuration.get("webhooks") or ():
            if is_pod_identity(name, one.get("name") or ""):
                yield _webhook(connection, name, one)


def _webhook(connection: Connection, configuration: str, document: Mapping[str, Any]) -> Webhook:
    client = document.get("clientConfig") or {}
    service = client.get("service") or {}
    namespace, name = service.get("namespace") or "", service.get("name") or ""
    return Webhook(
        configuration=configuration,
        name=document.get("name") or "",
        ca=certificate_authority(client.get("caBundle") or ""),
        url=client.get("url") or "",
        service=f"{namespace}/{name}" if service else "",
        has_service=_has_service(connection, namespace, name) if service else None,
        rules=tuple(document.get("rules") or ()),
        failure_policy=document.get("failurePolicy") or "Fail",
        namespace_selector=document.get("namespaceSelector") or {},
        object_selector=document.get("objectSelector") or {},
    )


def _has_service(connection: Connection, namespace: str, name: str) -> bool | None:
    """None where it may not be read."""
    path = f"/api/v1/namespaces/{namespace}/services/{name}"
    answer = connection.send(Request("get", "services", path, namespace, name))
    return None if answer.status not in (200, 404) else answer.ok


def certificate_authority(bundle: str) -> CertificateAuthority:
    """What a caBundle (base64 of PEM) holds; without one the system's CAs count, and nothing is known."""
    if not bundle:
        return CertificateAuthority()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        pem = base64.b64decode(bundle, validate=True)
        context.load_verify_locations(cadata=pem.decode("ascii"))
    except (ssl.SSLError, binascii.Error, ValueError):
        return CertificateAuthority(is_readable=False)
    ends = [ssl.cert_time_to_seconds(str(one["notAfter"])) for one in context.get_ca_certs() if one]
    if not ends:
        return CertificateAuthority()
    last = max(ends)
    return CertificateAuthority(
        until=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(last)), is_over=last < time.time()
    )


def _pod(subject: Subject) -> dict[str, Any]:
    """A pod that the strictest Pod Security Standard lets in."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "iamsa-dry-run", "namespace": subject.namespace},
        "spec": {
            "serviceAccountName": subject.name,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                {
                    "name": "probe",
                    "image": "registry.k8s.io/pause:3.10",
                    "resources": {
                        "requests": {"cpu": "1m", "memory": "1Mi"},
                        "limits": {"cpu": "1m", "memory": "1Mi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "runAsUser": 65535,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }
