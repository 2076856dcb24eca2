# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert pods and pod templates from Kubernetes documents to records of model/pods.py.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...model.pods import TOKEN_FILE, TOKEN_VOLUME, Container, EnvFrom, Pod, PodTemplate

Json = Mapping[str, Any]


def template_of(metadata: Json, spec: Json) -> PodTemplate:
    """Convert the `metadata` and `spec` of a pod or a pod template."""
    volume = next((one for one in spec.get("volumes") or () if one.get("name") == TOKEN_VOLUME), None)
    token = _token(volume or {})
    return PodTemplate(
        service_account=spec.get("serviceAccountName") or "default",
        labels=metadata.get("labels") or {},
        annotations=metadata.get("annotations") or {},
        containers=tuple(_container(one) for one in _containers(spec)),
        host_network=bool(spec.get("hostNetwork")),
        token_audience=None if token is None else str(token.get("audience") or ""),
        token_path=str((token or {}).get("path") or TOKEN_FILE),
        volume_type=_type(volume) if volume and token is None else "",
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
        env_from=tuple(_env_from(document)),
    )


def _value(variable: Json) -> str | None:
    """Return the literal value; None if it comes from a reference, including $(NAME)."""
    value = variable.get("value") or ""
    return None if "valueFrom" in variable or "$(" in value else value


def _is_optional(variable: Json) -> bool:
    source = variable.get("valueFrom") or {}
    keys = (source.get(kind) or {} for kind in ("secretKeyRef", "configMapKeyRef"))
    return any(key.get("optional") for key in keys)


def _env_from(container: Json) -> Iterator[EnvFrom]:
    for source in container.get("envFrom") or ():
        for key, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
            if key in source:
                yield EnvFrom(kind, (source[key] or {}).get("name") or "", source.get("prefix") or "")


def _token(volume: Json) -> Json | None:
    """Return the token in a projected volume; None if it contains none."""
    for source in (volume.get("projected") or {}).get("sources") or ():
        if "serviceAccountToken" in source:
            return source["serviceAccountToken"] or {}
    return None


def _type(volume: Json) -> str:
    return next((key for key in volume if key != "name"), "emptyDir")
