#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read IAM OIDC providers."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_oidc_provider_info
short_description: Get IAM OIDC providers
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - Returns the IAM OIDC provider of an EKS cluster or of an issuer, or all providers of the AWS account.
options:
  cluster_name:
    description:
      - The name of the EKS cluster.
      - Without O(cluster_name) and O(issuer_url), all providers of the account are returned.
    type: str
  region:
    description:
      - The AWS region of the cluster.
      - The default is E(AWS_REGION), then E(AWS_DEFAULT_REGION), then the region of the AWS profile.
    type: str
  profile:
    description:
      - The AWS profile to use for credentials. The default is E(AWS_PROFILE).
    type: str
  issuer_url:
    description:
      - The URL of the issuer. If set, O(cluster_name) is ignored.
    type: str
seealso:
  - module: iamsa.eks.iam_oidc_provider
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.attributes.info
"""

EXAMPLES = r"""
- name: Get the provider of a cluster
  iamsa.eks.iam_oidc_provider_info:
    cluster_name: demo
    region: us-east-1
  register: found

- name: Fail if the provider does not exist
  ansible.builtin.assert:
    that: found.oidc_providers | length == 1

- name: Get all providers of the account
  iamsa.eks.iam_oidc_provider_info:
    region: us-east-1
"""

RETURN = r"""
oidc_providers:
  description:
    - The providers, sorted by ARN. Empty if there are none.
    - Each is a document of the kind C(OIDCProvider). Its JSON Schema is part of
      C(docs/reference/service-account-role.schema.json).
  returned: on success
  type: list
  elements: dict
  contains:
    apiVersion: {description: V(iamsa/v1alpha1)., type: str, returned: always}
    kind: {description: V(OIDCProvider)., type: str, returned: always}
    metadata: {description: The C(name) of the provider., type: dict, returned: always}
    spec:
      description: The settings of the provider.
      type: dict
      returned: always
      contains:
        url: {description: The URL of the issuer., type: str, returned: always}
        audiences: {description: The audiences of the provider., type: list, elements: str, returned: always}
        tags: {description: The tags of the provider., type: dict, returned: always}
    status:
      description: What was found.
      type: dict
      returned: always
      contains:
        arn: {description: The ARN of the provider., type: str, returned: always}
error:
  description: The parts of the error message.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - The kind of error. One of V(invalid_value), V(unlocated), V(not_found), V(denied), V(remote_error),
          V(timed_out), V(unmet_requirement), V(internal_error).
      type: str
      returned: always
    problem: {description: The problem., type: str, returned: always}
    remedy: {description: How to fix the problem. Empty if no fix is known., type: str, returned: always}
    resource: {description: The option or the resource that has the problem., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.task.arguments import AWS_ARGUMENTS, PROVIDER_INFO_ARGUMENTS
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Run the job, which is imported only after `run_module` has checked Python and the libraries."""
    from ..module_utils.task.oidc_provider import provider_info_job  # noqa: PLC0415

    return provider_info_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**PROVIDER_INFO_ARGUMENTS, **AWS_ARGUMENTS}, supports_check_mode=True
    )
    run_module(module, job)


if __name__ == "__main__":
    main()
