# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the registrations of the pod identity webhook, and try it with a dry run.

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

# The message of the API server if the webhook cannot be reached and its failurePolicy is Fail.
_NO_ANSWER = re.compile(rb'failed calling webhook \\?"(?:' + "|".join(WEBHOOK_NAMES).encode() + rb')\\?"')
_TOKEN_VOLUME = re.compile(r"spec\.volumes\[\d+\]\.projected\.sources\[\d+\]\.serviceAccountToken\b")
_PATH = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"


def registered(connection: Connection) -> tuple[Webhook, ...]:
    """Return the pod identity webhooks of all MutatingWebhookConfigurations.

    Raises:
        Denied: the caller is not allowed to list them.
    """
    request = Request("list", "mutatingwebhookconfigurations", _PATH)
    document = connection.decode(connection.send(request), request)
    return tuple(_ours(connection, document.get("items") or ()))


def probe(connection: Connection, subject: Subject) -> Probe:
    """Create a pod of the ServiceAccount as a server-side dry run, and return what admission made of it.

    If the webhook cannot be reached and its failurePolicy is Fail, `is_unanswered` is set.

    Raises:
        Denied: the caller is not allowed to create pods in the namespace, or admission rejects the pod.
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
        return Probe(is_unanswered=True)
    if answer.status == 422 and (why := _refused_volume(answer)):
        return Probe(refusal=why)
    document = connection.decode(answer, request)
    containers = pod_of(document).spec.containers
    return Probe(
        is_told=any(one.is_told for one in containers),
        is_by_agent=any(one.is_by_agent for one in containers),
    )


def _refused_volume(answer: Answer) -> str:
    """Return why the API server rejects a token volume, or "". All its token volumes come from admission."""
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
    """Return whether the Service exists; None if it cannot be read."""
    path = f"/api/v1/namespaces/{namespace}/services/{name}"
    answer = connection.send(Request("get", "services", path, namespace, name))
    return None if answer.status not in (200, 404) else answer.ok


def certificate_authority(bundle: str) -> CertificateAuthority:
    """Read when a caBundle (base64-encoded PEM) expires.

    Without a caBundle the API server uses the system's CAs, about which nothing is known.
    """
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
    """Return a pod that the `restricted` Pod Security Standard accepts."""
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
