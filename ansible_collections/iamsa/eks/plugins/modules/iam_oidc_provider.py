#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage the IAM OIDC provider of an EKS cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_oidc_provider
short_description: Manage the IAM OIDC provider of an EKS cluster
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - Creates or repairs the IAM OIDC provider of an EKS cluster, with the audiences of the tokens of pods.
    Without the provider, pods of the cluster cannot assume roles with IAM roles for service accounts (IRSA).
  - Run again, the module repairs drift and changes nothing else.
  - With O(state=absent), deletes the provider. It is not deleted while roles of the account trust it, unless
    O(force) is V(true).
options:
  state:
    description:
      - If V(present), the provider, its audiences and its tags are created or repaired.
      - If V(absent), the provider is deleted.
    type: str
    choices: [present, absent]
    default: present
  cluster_name:
    description:
      - The name of the EKS cluster.
      - At least one of O(cluster_name) and O(issuer_url) is required.
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
      - The URL of the issuer, for example C(https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE).
      - If set, EKS is not called, and O(cluster_name) is ignored. The provider is in the account of the
        credentials, which can be another account than the cluster's.
      - With O(state=absent), use this option to delete the provider of a cluster that no longer exists.
    type: str
  audiences:
    description:
      - The audiences of the provider. Other audiences are kept, unless O(purge_audiences) is V(true).
    type: list
    elements: str
    default: [sts.amazonaws.com]
  purge_audiences:
    description:
      - If V(true), removes all audiences that are not in O(audiences).
      - Pods with tokens for a removed audience can no longer assume their roles.
    type: bool
    default: false
  tags:
    description:
      - The tags of the provider. Other tags are kept, unless O(purge_tags) is V(true).
    type: dict
    default: {}
  purge_tags:
    description:
      - If V(true), removes all tags that are not in O(tags), except the tags of AWS itself.
    type: bool
    default: false
  force:
    description:
      - If V(true), O(state=absent) deletes the provider without checking whether roles trust it. Pods lose
        the roles that trust it.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
notes:
  - The module sets no thumbprint. AWS needs none if the certificate of the issuer is publicly trusted, as
    it is for EKS.
seealso:
  - module: iamsa.eks.iam_oidc_provider_info
  - module: iamsa.eks.iam_serviceaccount
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.attributes
"""

EXAMPLES = r"""
- name: Create the provider of a cluster
  iamsa.eks.iam_oidc_provider:
    cluster_name: demo
    region: us-east-1

- name: Add an audience and a tag
  iamsa.eks.iam_oidc_provider:
    cluster_name: demo
    region: us-east-1
    audiences: [sts.amazonaws.com, vault]
    tags:
      team: platform

- name: Give the provider exactly this audience and this tag
  iamsa.eks.iam_oidc_provider:
    cluster_name: demo
    region: us-east-1
    audiences: [sts.amazonaws.com]
    purge_audiences: true
    tags:
      cost-center: "42"
    purge_tags: true

- name: Create the provider in another account, for roles in that account
  iamsa.eks.iam_oidc_provider:
    issuer_url: https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE
    region: us-east-1

- name: Delete the provider of a cluster that no longer exists
  iamsa.eks.iam_oidc_provider:
    issuer_url: https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE
    region: us-east-1
    state: absent
"""

RETURN = r"""
oidc_provider_arn:
  description: The ARN of the provider after the task, or null if there is none.
  returned: on success
  type: str
  sample: arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE
oidc_provider:
  description:
    - The provider after the task, or null if there is none. In check mode, as it would be.
    - This is a document of the kind C(OIDCProvider). Its JSON Schema is part of
      C(docs/reference/service-account-role.schema.json).
  returned: on success
  type: dict
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
steps:
  description: The changes that were made, or would be made in check mode, in order.
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
  description: The differences in audiences and tags. Empty if there are none.
  returned: on success
  type: list
  elements: dict
error:
  description: The parts of the error message.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - The kind of error. One of V(invalid_value), V(unlocated), V(not_found), V(refused), V(denied),
          V(remote_error), V(timed_out), V(unmet_requirement), V(internal_error).
      type: str
      returned: always
    problem: {description: The problem., type: str, returned: always}
    remedy: {description: How to fix the problem. Empty if no fix is known., type: str, returned: always}
    resource: {description: The option or the resource that has the problem., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.task.arguments import AWS_ARGUMENTS, PROVIDER_ARGUMENTS
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Run the job, which is imported only after `run_module` has checked Python and the libraries."""
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
