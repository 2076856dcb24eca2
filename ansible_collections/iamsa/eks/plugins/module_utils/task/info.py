# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of the module iam_serviceaccount_info, which combines list, describe, verify and doctor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..cluster.access import Access
from ..doctor.runner import problems
from ..documents.description import description_document
from ..documents.diagnosis import diagnosis_part
from ..documents.document import Document, cluster_part
from ..documents.inventory import inventory_document
from ..documents.verification import verification_part
from ..errors import Absent, InvalidValue
from ..identity.subject import Subject
from ..jobs.describe import describe
from ..jobs.doctor import Diagnosis, examine_all, examine_service_account
from ..jobs.inventory import inventory
from ..jobs.verify import verify, verify_many
from ..model.desired import Desired
from ..model.verification import Verification
from ..request.check import CheckedRequest, check
from ..request.request import Request
from .access import opened
from .field_names import named
from .words import worded


def info_job(module: AnsibleModule) -> dict[str, Any]:
    """Return one ServiceAccount in detail, or all with a role in the namespace or in the cluster."""
    params = module.params
    if params["all_namespaces"] and params["namespace"]:
        raise InvalidValue(
            "namespace",
            params["namespace"],
            "cannot be combined with all_namespaces",
            remedy="omit one of them",
        )
    asked = _asked(params)
    access = opened(module)
    namespace = None if params["all_namespaces"] else access.namespace
    found = _described(asked.desired(access.namespace), access) if asked else _listed(namespace, access)
    documents = {_subject(one): one["status"] for one in found["service_account_roles"]}
    if params["verify"] and documents:
        for proof in _proven(asked, namespace, access):
            if proof.subject in documents:
                documents[proof.subject]["verification"] = verification_part(proof)
    if params["doctor"] and documents:
        for diagnosis in _examined(asked, namespace, access):
            if diagnosis.subject in documents:
                documents[diagnosis.subject]["diagnosis"] = diagnosis_part(diagnosis)
    return {"changed": False, **worded(found)}


def _asked(params: Mapping[str, Any]) -> CheckedRequest | None:
    """Return the request for the ServiceAccount that the task names, or None if it names none."""
    if params["name"] is None:
        return None
    style = params["role_name_style"]
    return check(Request(params["name"], role_name=params["role_name"], role_name_style=style), named)


def _examined(asked: CheckedRequest | None, namespace: str | None, access: Access) -> tuple[Diagnosis, ...]:
    """Run the checks of doctor for one ServiceAccount, or for all with a role."""
    if asked is None:
        return examine_all(namespace, access)
    return (examine_service_account(asked.desired(access.namespace), access),)


def _proven(asked: CheckedRequest | None, namespace: str | None, access: Access) -> tuple[Verification, ...]:
    """Verify one ServiceAccount, or all that are annotated with a role."""
    if asked is None:
        return verify_many(access, namespace).items
    return (verify(asked.desired(access.namespace).subject, access),)


def _listed(namespace: str | None, access: Access) -> dict[str, Any]:
    found = inventory(access, namespace)
    return {
        "cluster": cluster_part(found.cluster),
        "service_account_roles": inventory_document(found)["items"],
    }


def _described(desired: Desired, access: Access) -> dict[str, Any]:
    try:
        chain = describe(desired, access)
    except Absent:
        return {"service_account_roles": []}
    return {
        "cluster": cluster_part(chain.facts.cluster),
        "service_account_roles": [description_document(chain, problems(chain, ()))],
    }


def _subject(document: Document) -> Subject | None:
    return Subject(document["metadata"]["namespace"], document["metadata"]["name"])
