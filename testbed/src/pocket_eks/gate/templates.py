"""CloudFormation templates in the form that moto reads.

CloudFormation User Guide: "Fn::GetAtt" is a list or a string, `resource.attribute`, as eksctl writes it. moto
reads the string as a list of characters.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pocket_eks.gate.message import Named, Request

BODY = "TemplateBody"


def with_lists(request: Request, named: Named) -> Request:
    """Return the call with lists for the attributes of a JSON template. Other calls do not change."""
    if named.service != "cloudformation" or BODY not in named.params:
        return request
    try:
        template = json.loads(named.params[BODY])
    except ValueError:
        return request
    form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if BODY not in form:
        return request
    form[BODY] = json.dumps(listed(template))
    return replace(request, body=urlencode(form).encode())


def listed(value: Any) -> Any:
    """Return the same value with a list for each Fn::GetAtt."""
    if isinstance(value, list):
        return [listed(one) for one in value]
    if not isinstance(value, dict):
        return value
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, str) and len(value) == 1:
        return {"Fn::GetAtt": attribute.split(".", 1)}
    return {key: listed(one) for key, one in value.items()}
