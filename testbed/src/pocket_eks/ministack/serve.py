"""Runs ministack on 127.0.0.1 with all AWS managed policies. ministack itself has 34 of them.

Run as a file by the Python that has ministack: `python -I serve.py PORT POLICIES`. POLICIES is the path of
moto's module with the policies, which is read as text because importing moto would need its dependencies.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from typing import Any, cast

Json = dict[str, Any]


def main() -> None:
    """Serve until killed."""
    port, policies = sys.argv[1:]
    # ministack reads its environment when it is imported.
    os.environ.update(GATEWAY_PORT=port, BIND_HOST="127.0.0.1")
    from ministack.app import main as serve  # noqa: PLC0415
    from ministack.services import iam  # noqa: PLC0415

    for name, policy in published(policies).items():
        record = entry(name, policy)
        iam._aws_managed_policies[record["Arn"]] = record
    change(iam)
    sys.argv[1:] = []
    serve()


def change(iam: Any) -> None:
    """Have IAM behave as AWS's where the gate cannot see to it.

    Roles are listed by name, in pages; versions of a policy with the newest first; tags of a policy with
    shorter keys first. A version's number is never given twice. Documents have been checked by the gate.
    """
    from ministack.core import iam_evaluator  # noqa: PLC0415

    iam_evaluator.validate_policy_document = lambda _: None
    versions, policy_tags = iam._list_policy_versions, iam._list_policy_tags
    create = iam._create_policy_version

    def list_roles(params: Json) -> Any:
        prefix, start = iam._p(params, "PathPrefix") or "/", int(iam._p(params, "Marker") or 0)
        end = start + int(iam._p(params, "MaxItems") or 100)
        names = sorted(name for name, role in iam._roles.items() if role.get("Path", "/").startswith(prefix))
        shown = "".join(
            f"<member>{iam._role_xml(name, boundary=False)}</member>" for name in names[start:end]
        )
        more = f"<IsTruncated>true</IsTruncated><Marker>{end}</Marker>"
        rest = more if end < len(names) else "<IsTruncated>false</IsTruncated>"
        result = f"<ListRolesResult><Roles>{shown}</Roles>{rest}</ListRolesResult>"
        return iam._xml(200, "ListRolesResponse", result, ns="iam")

    def list_versions(params: Json) -> Any:
        policy = iam._lookup_policy(iam._p(params, "PolicyArn"))
        if not policy:
            return versions(params)
        kept = policy["Versions"]
        policy["Versions"] = dict(sorted(kept.items(), key=lambda one: -int(one[0][1:])))
        answer = versions(params)
        policy["Versions"] = kept
        return answer

    def create_version(params: Json) -> Any:
        status, headers, body = create(params)
        policy = iam._policies.get(iam._p(params, "PolicyArn"))
        if status != 200 or policy is None:
            return status, headers, body
        given = list(policy["Versions"])[-1]
        number = policy["LastVersion"] = policy.get("LastVersion", int(given[1:]) - 1) + 1
        version = {**policy["Versions"].pop(given), "VersionId": f"v{number}"}
        policy["Versions"][f"v{number}"] = version
        if version["IsDefaultVersion"]:
            policy["DefaultVersionId"] = f"v{number}"
        return status, headers, body.replace(f">{given}<".encode(), f">v{number}<".encode())

    def list_tags(params: Json) -> Any:
        policy = iam._lookup_policy(iam._p(params, "PolicyArn"))
        if policy:
            policy["Tags"] = sorted(policy.get("Tags", []), key=lambda tag: (len(tag["Key"]), tag["Key"]))
        return policy_tags(params)

    iam._IAM_HANDLERS.update(
        CreatePolicyVersion=create_version,
        ListRoles=list_roles,
        ListPolicyVersions=list_versions,
        ListPolicyTags=list_tags,
    )


def published(module: str) -> dict[str, Json]:
    """Return the managed policies by name, from the path of moto's module."""
    spec = importlib.util.spec_from_file_location("aws_managed_policies", module)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return cast("dict[str, Json]", json.loads(loaded.aws_managed_policies_data))


def entry(name: str, policy: Json) -> Json:
    """Return a policy in the form in which ministack stores AWS managed policies."""
    from ministack.services import iam  # noqa: PLC0415

    path, version = policy["Path"], policy["DefaultVersionId"]
    made: Json = iam._make_aws_managed_record(
        f"{path}{name}".removeprefix("/"), json.dumps(policy["Document"])
    )
    dates = {key: policy[key].replace("+00:00", "Z") for key in ("CreateDate", "UpdateDate")}
    document = {**made["Versions"]["v1"], "VersionId": version, "CreateDate": dates["UpdateDate"]}
    return {**made, **dates, "DefaultVersionId": version, "Versions": {version: document}}


if __name__ == "__main__":
    main()
