#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM OIDC provider of an EKS cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_oidc_provider
short_description: Manage the IAM OIDC provider of an EKS cluster
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - Makes sure that the AWS account has an IAM OIDC provider for the issuer of an EKS cluster, and that the
    provider lists the audiences of the pods' tokens. Without it no pod of the cluster can assume a role.
  - With O(state=absent), makes sure that there is none. It is not deleted while roles of the account trust
    it, unless O(force) is set.
  - Computes no thumbprint; AWS needs none where the issuer's certificate is publicly trusted, as EKS's is.
  - Reads what is there first; where nothing is to do, it writes nothing.
options:
  state:
    description:
      - V(present) makes sure that the provider exists with its audiences and tags.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  cluster_name:
    description:
      - Name of the EKS cluster whose issuer it is.
      - Either this or O(issuer_url) is needed.
    type: str
  region:
    description:
      - AWS region of the cluster.
      - If it is left out, E(AWS_REGION), E(AWS_DEFAULT_REGION) and the AWS profile tell it.
    type: str
  profile:
    description:
      - AWS profile to take the credentials from. If it is left out, E(AWS_PROFILE) counts.
    type: str
  issuer_url:
    description:
      - URL of the issuer, such as C(https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE).
      - EKS is then not asked, and O(cluster_name) does not count. The provider is the one of the account of
        the credentials, which may be another than the cluster's.
      - For O(state=absent) the way to delete the provider of a cluster that is gone.
    type: str
  audiences:
    description:
      - Audiences that the provider is to list; others that it lists stay, unless O(purge_audiences) is set.
    type: list
    elements: str
    default: [sts.amazonaws.com]
  purge_audiences:
    description:
      - Whether to remove every audience that is not in O(audiences).
      - Pods whose tokens are for an audience that goes can then no longer assume their roles.
    type: bool
    default: false
  tags:
    description:
      - Tags that the provider is to have; others stay, unless O(purge_tags) is set.
    type: dict
    default: {}
  purge_tags:
    description:
      - Whether to remove every tag that is not in O(tags), but for those of AWS itself.
    type: bool
    default: false
  force:
    description:
      - With O(state=absent), whether to delete the provider although roles trust it, and without looking for
        them. Pods that use these roles lose them.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
seealso:
  - module: iamsa.eks.iam_oidc_provider_info
  - module: iamsa.eks.iam_serviceaccount
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.attributes
"""

EXAMPLES = r"""
- name: The provider of a cluster
  iamsa.eks.iam_oidc_provider:
    cluster_name: demo
    region: us-east-1

- name: One more audience, and a tag
  iamsa.eks.iam_oidc_provider:
    cluster_name: demo
    region: us-east-1
    audiences: [sts.amazonaws.com, vault]
    tags:
      team: platform

- name: Just this audience and this tag
  iamsa.eks.iam_oidc_provider:
    cluster_name: demo
    region: us-east-1
    audiences: [sts.amazonaws.com]
    purge_audiences: true
    tags:
      cost-center: "42"
    purge_tags: true

- name: In another account, for roles there
  iamsa.eks.iam_oidc_provider:
    issuer_url: https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE
    region: us-east-1

- name: Away again, after the cluster
  iamsa.eks.iam_oidc_provider:
    issuer_url: https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE
    region: us-east-1
    state: absent
"""

RETURN = r"""
oidc_provider_arn:
  description: The ARN of the provider, as it is or would be; null where there is none.
  returned: on success
  type: str
  sample: arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE
oidc_provider:
  description:
    - The provider, as it is or would be; null where there is none.
    - A document of the kind C(OIDCProvider), whose JSON Schema is part of
      C(docs/reference/service-account-role.schema.json) of iamsa.
  returned: on success
  type: dict
  contains:
    apiVersion: {description: V(iamsa/v1alpha1)., type: str, returned: always}
    kind: {description: V(OIDCProvider)., type: str, returned: always}
    metadata: {description: The C(name)., type: dict, returned: always}
    spec:
      description: Its settings.
      type: dict
      returned: always
      contains:
        url: {description: The URL of its issuer., type: str, returned: always}
        audiences: {description: The audiences that it lists., type: list, elements: str, returned: always}
        tags: {description: Its tags., type: dict, returned: always}
    status:
      description: What was found.
      type: dict
      returned: always
      contains:
        arn: {description: Its ARN., type: str, returned: always}
steps:
  description: What was done, or would be done, in its order.
  returned: always
  type: list
  elements: dict
  sample:
    - verb: add
      kind: oidc-provider
      name: oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE
      part: audience
      sentence: oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE audience vault added
diff:
  description: What differs, or would differ, in audiences and tags; empty where nothing does.
  returned: on success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - One of V(invalid_value), V(unlocated), V(not_found), V(refused), V(denied), V(remote_error),
          V(timed_out),
          V(unmet_requirement), V(internal_error).
      type: str
      returned: always
    problem: {description: What is wrong., type: str, returned: always}
    remedy: {description: What mends it., type: str, returned: always}
    resource: {description: The option or the resource that it is about., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.task.arguments import AWS_ARGUMENTS, PROVIDER_ARGUMENTS
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Imported only once Python and the libraries are known to do."""
    from ..module_utils.task.oidc_provider import provider_job  # noqa: PLC0415

    return provider_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**PROVIDER_ARGUMENTS, **AWS_ARGUMENTS},
        supports_check_mode=True,
        required_one_of=[("cluster_name", "issuer_url")],
    )
    run_module(module, job)


if __name__ == "__main__":
    main()
