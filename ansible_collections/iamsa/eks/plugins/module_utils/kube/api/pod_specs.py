# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert pods and pod templates from Kubernetes documents to records of model/pods.py.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...model.pods import TOKEN_VOLUME, Container, Pod, PodTemplate

Json = Mapping[str, Any]


def template_of(metadata: Json, spec: Json) -> PodTemplate:
    """Convert the `metadata` and `spec` of a pod or a pod template."""
    return PodTemplate(
        service_account=spec.get("serviceAccountName") or "default",
        labels=metadata.get("labels") or {},
        annotations=metadata.get("annotations") or {},
        containers=tuple(_container(one) for one in _containers(spec)),
        host_network=bool(spec.get("hostNetwork")),
        token_audience=_token_audience(spec),
    )


def pod_of(document: Json) -> Pod:
    """Convert a Pod document, stored or returned by a dry run."""
    metadata = document.get("metadata") or {}
    owner_kind, owner_name = _owner(metadata)
    return Pod(
        namespace=metadata.get("namespace") or "",
        name=metadata.get("name") or "",
        spec=template_of(metadata, document.get("spec") or {}),
        created=metadata.get("creationTimestamp") or "",
        owner_kind=owner_kind,
        owner_name=owner_name,
    )


def _owner(metadata: Json) -> tuple[str, str]:
    """Return kind and name of the controller to restart.

    The name of a Deployment is derived from its ReplicaSet's, which spares reading the ReplicaSet.
    """
    controllers = [owner for owner in metadata.get("ownerReferences") or () if owner.get("controller")]
    if not controllers:
        return "Pod", metadata.get("name") or metadata.get("generateName") or ""
    kind, name = controllers[0].get("kind") or "", controllers[0].get("name") or ""
    suffix = "-" + ((metadata.get("labels") or {}).get("pod-template-hash") or "")
    if kind == "ReplicaSet" and len(suffix) > 1 and name.endswith(suffix):
        return "Deployment", name.removesuffix(suffix)
    return kind, name


def _containers(spec: Json) -> Iterator[Json]:
    for kind in ("initContainers", "containers"):
        yield from spec.get(kind) or ()


def _container(document: Json) -> Container:
    variables = [(one.get("name") or "", one) for one in document.get("env") or ()]
    return Container(
        name=document.get("name") or "",
        env={name: _value(one) for name, one in variables},
        optional=frozenset(name for name, one in variables if _is_optional(one)),
        mounts={
            one.get("mountPath") or "": one.get("name") or "" for one in document.get("volumeMounts") or ()
        },
    )


def _value(variable: Json) -> str | None:
    """Return the literal value; None if it comes from a reference, including $(NAME)."""
    value = variable.get("value") or ""
    return None if "valueFrom" in variable or "$(" in value else value


def _is_optional(variable: Json) -> bool:
    source = variable.get("valueFrom") or {}
    keys = (source.get(kind) or {} for kind in ("secretKeyRef", "configMapKeyRef"))
    return any(key.get("optional") for key in keys)


def _token_audience(spec: Json) -> str | None:
    for volume in spec.get("volumes") or ():
        if volume.get("name") == TOKEN_VOLUME:
            for source in (volume.get("projected") or {}).get("sources") or ():
                if "serviceAccountToken" in source:
                    return str((source["serviceAccountToken"] or {}).get("audience") or "")
    return None
