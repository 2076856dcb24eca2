# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of the module iam_serviceaccount_info: what list and describe know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..cluster.access import Access
from ..doctor.runner import problems
from ..documents.description import description_document
from ..documents.diagnosis import diagnosis_document
from ..documents.inventory import inventory_document
from ..documents.verification import verification_document
from ..errors import InvalidValue, NotFound
from ..identity.subject import Subject
from ..jobs.describe import describe
from ..jobs.doctor import examine_account, examine_all
from ..jobs.inventory import inventory
from ..jobs.verify import verify, verify_many
from ..model.desired import Desired
from ..request.check import CheckedRequest, check
from ..request.request import Request
from .field_names import named
from .results import snake_case
from .target import opened

_LEFT_OUT = ("apiVersion", "kind", "metadata")


def info_job(module: AnsibleModule) -> dict[str, Any]:
    """One ServiceAccount in full, or those of a namespace or of all that have to do with a role."""
    params = module.params
    if params["all_namespaces"] and params["namespace"]:
        raise InvalidValue(
            "namespace", params["namespace"], "contradicts all_namespaces", remedy="leave one of the two out"
        )
    asked = _asked(params)
    access = opened(module)
    namespace = None if params["all_namespaces"] else access.namespace
    found = _described(asked.desired(access.namespace), access) if asked else _listed(namespace, access)
    if params["verify"] and found["service_accounts"]:
        proven = _proven(asked, namespace, access)
        for one in found["service_accounts"]:
            one["verification"] = proven.get(Subject(one["namespace"], one["name"]))
    if params["doctor"] and found["service_accounts"]:
        examined = _examined(asked, namespace, access)
        for one in found["service_accounts"]:
            one["diagnosis"] = examined.get(Subject(one["namespace"], one["name"]))
    return {"changed": False, **found}


def _asked(params: Mapping[str, Any]) -> CheckedRequest | None:
    """The ServiceAccount that is meant, if it is one."""
    if params["name"] is None:
        return None
    style = params["role_name_style"]
    return check(Request(params["name"], role_name=params["role_name"], role_name_style=style), named)


def _examined(
    asked: CheckedRequest | None, namespace: str | None, access: Access
) -> dict[Subject | None, Any]:
    """What the checks came to for one ServiceAccount, or for each that has to do with a role."""
    if asked is None:
        found = examine_all(namespace, access)
    else:
        found = (examine_account(asked.desired(access.namespace), access),)
    return {one.subject: _part(diagnosis_document(one), _LEFT_OUT) for one in found}


def _proven(asked: CheckedRequest | None, namespace: str | None, access: Access) -> dict[Subject, Any]:
    """What came of the proof of one ServiceAccount, or of each that names a role."""
    if asked is None:
        found = verify_many(access, namespace).items
    else:
        found = (verify(asked.desired(access.namespace).subject, access),)
    return {one.subject: _part(verification_document(one), (*_LEFT_OUT, "cluster")) for one in found}


def _listed(namespace: str | None, access: Access) -> dict[str, Any]:
    document = inventory_document(inventory(access, namespace))
    return {
        "cluster": snake_case(document["cluster"]),
        "service_accounts": [_item(one) for one in document["items"]],
    }


def _described(desired: Desired, access: Access) -> dict[str, Any]:
    try:
        chain = describe(desired, access)
    except NotFound as error:
        if error.resource != f"serviceaccount/{desired.subject.name}":
            raise
        return {"service_accounts": []}
    document = description_document(chain, problems(chain, ()))
    return {"cluster": snake_case(document.pop("cluster")), "service_accounts": [_item(document)]}


def _item(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document["metadata"], **_part(document, _LEFT_OUT)}


def _part(document: Mapping[str, Any], left_out: Collection[str]) -> dict[str, Any]:
    part: dict[str, Any] = snake_case({key: document[key] for key in document if key not in left_out})
    return part
