#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the IAM roles of ServiceAccounts on EKS."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_serviceaccount_info
short_description: Get the IAM roles of Kubernetes ServiceAccounts on EKS, and their problems
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - With O(name), returns the chain from one ServiceAccount to its permissions. The chain is its annotations,
    its role and who owns it, the trust policy, the policies, and the cluster's OIDC provider. The result
    lists what is broken, and the command or the options that fix it.
  - Without O(name), returns the ServiceAccounts of the namespace, or of all namespaces, that have an IAM
    role, with the role's policies and state.
options:
  name:
    description:
      - The name of the ServiceAccount.
    type: str
  namespace:
    description:
      - The namespace of the ServiceAccounts.
      - The default is the namespace of the kubeconfig context, or V(default) if it has none.
      - Mutually exclusive with O(all_namespaces).
    type: str
  all_namespaces:
    description:
      - If V(true), returns the ServiceAccounts of all namespaces.
      - Mutually exclusive with O(name).
    type: bool
    default: false
  role_name:
    description:
      - The name of the role.
      - The default is the role in the annotation of the ServiceAccount. Without an annotation, the name is
        derived from the account, region, cluster, namespace and name.
      - Requires O(name).
    type: str
  role_name_style:
    description:
      - How a role without O(role_name) and without an annotation is named.
      - If V(gen3), the name is C(CLUSTER-NAME-role) and the path is C(/), as in gen3's script.
    type: str
    choices: [derived, gen3]
    default: derived
  verify:
    description:
      - If V(true), checks that a pod of each ServiceAccount can assume its role.
      - The check requests a token of the ServiceAccount, and exchanges it in AWS STS for a session that is
        not allowed to do anything. It needs the verb C(create) on C(serviceaccounts/token).
      - Changes nothing.
    type: bool
    default: false
  doctor:
    description:
      - If V(true), finds out why pods do not get their role. Checks the cluster's OIDC provider, the pod
        identity webhook, each ServiceAccount, its role, trust policy and policies, its pods, and Pod
        Identity.
      - Explains each failed check, and returns the command or the options that fix it if there are any.
      - Changes nothing. Checks that need permissions you do not have are skipped.
    type: bool
    default: false
seealso:
  - module: iamsa.eks.iam_serviceaccount
  - module: iamsa.eks.iam_oidc_provider_info
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.k8s
  - iamsa.eks.attributes.info
"""

EXAMPLES = r"""
- name: Get one ServiceAccount and its role
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
  register: found

- name: Fail if pods would not get their role
  ansible.builtin.assert:
    that: found.service_account_roles[0].status.problems | selectattr('verdict', 'eq', 'fail') | length == 0

- name: Check that pods can assume the role
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
    verify: true
  register: found
  failed_when: found.service_account_roles[0].status.verification.verdict != 'yes'

- name: Find out why pods do not get their role
  iamsa.eks.iam_serviceaccount_info:
    name: my-sa
    namespace: web
    doctor: true
  register: found

- name: Show how to fix the problems
  ansible.builtin.debug:
    msg: "{{ found.service_account_roles[0].status.diagnosis.checks | selectattr('verdict', 'eq', 'fail')
      | map(attribute='remedy') }}"

- name: Get all ServiceAccounts of the cluster that have an IAM role
  iamsa.eks.iam_serviceaccount_info:
    all_namespaces: true
"""

RETURN = r"""
cluster:
  description: The EKS cluster, with the keys C(name), C(arn), C(region) and C(issuer).
  returned: on success, unless O(name) is set and nothing was found
  type: dict
service_account_roles:
  description:
    - The ServiceAccounts and their roles. Empty if there are none.
    - Each is the document that C(kubectl iamsa -o json) prints. Its JSON Schema is
      C(docs/reference/service-account-role.schema.json).
    - If a field is absent, it was not read. If a field is null or empty, it was read and has no value.
  returned: on success
  type: list
  elements: dict
  contains:
    apiVersion: {description: V(iamsa/v1alpha1)., type: str, returned: always}
    kind: {description: V(ServiceAccountRole)., type: str, returned: always}
    metadata:
      description: The C(name) and C(namespace) of the ServiceAccount, and its C(cluster).
      type: dict
      returned: always
    spec:
      description:
        - The settings of the role. For a role that iamsa does not manage, only C(spec.role.arn).
      type: dict
      returned: if the ServiceAccount is annotated with a role, or if O(name) is set and the role exists
    status:
      description: What was found.
      type: dict
      returned: always
      contains:
        state:
          description:
            - The state of the ServiceAccount and its role.
            - V(ok) - pods can get the role.
            - V(roleMissing) - the role does not exist.
            - V(notTrusted) - the trust policy does not allow the ServiceAccount.
            - V(unmanaged) - the role is not managed by iamsa, or is in another AWS account.
            - V(noRole) - the annotation is missing.
            - V(deleting) - a delete was interrupted.
            - V(podIdentity) - pods get the role of a Pod Identity association instead.
            - V(invalidArn) - the annotation is not the ARN of a role.
            - V(podsRefused) - pods cannot be created, because of the annotation for the token lifetime.
          type: str
          returned: unless O(role_name) is not the role in the annotation
          sample: ok
        owner:
          description: The owner of the role, with the keys C(name), C(verdict) and C(words).
          type: dict
          returned: if the role was read
        cluster: {description: The cluster., type: dict, returned: always}
        role:
          description: The role, or null if it does not exist.
          type: dict
          returned: unless the role is in another AWS account
        trust:
          description: Whether the role's trust policy allows the ServiceAccount to assume it.
          type: dict
          returned: with O(name), if there is a role
        policies: {description: The policies of the role., type: dict, returned: if there is a role}
        serviceAccount:
          description:
            - The C(annotations) of the ServiceAccount that EKS or iamsa reads. C(madeByIamsa) is true if
              iamsa created it.
          type: dict
          returned: always
        audience: {description: The audience of the tokens of pods., type: str, returned: always}
        oidcProvider: {description: 'The OIDC provider, or null.', type: dict, returned: with O(name)}
        podIdentityAssociations:
          description:
            - The Pod Identity association of the ServiceAccount, with the keys C(id), C(roleArn),
              C(targetRoleArn) and C(ownerArn). Without O(name), C(roleArn) is null.
          type: list
          elements: dict
          returned: if the associations could be read
        problems:
          description:
            - The problems that were found.
            - Each has the C(link) of the chain, the C(check) that found it, its C(verdict) (V(fail) or
              V(warn)), the problem (C(what)), and its C(remedy).
            - C(remedy) is a command, or options of M(iamsa.eks.iam_serviceaccount). It is empty if no fix is
              known.
          type: list
          elements: dict
          returned: with O(name)
        verification:
          description:
            - The result of the check that pods can assume the role.
            - The C(verdict) is V(yes), V(no) or V(unknown). V(no) has a C(reason) with the C(code) of AWS.
              V(unknown) has an C(error).
            - If pods get their role from a Pod Identity association, no token is requested. The C(verdict) is
              then V(no) if the annotation names another role, else V(unknown).
          type: dict
          returned: with O(verify), if the ServiceAccount is annotated with a role
        diagnosis:
          description:
            - The results of all checks. C(well) is true if no check failed, and C(summary) is the number of
              checks by verdict.
            - Each item of C(checks) has a C(verdict) (V(ok), V(warn), V(fail) or V(skipped)), the problem
              (C(what)), and its C(remedy).
          type: dict
          returned: with O(doctor)
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

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ..module_utils.task.arguments import AWS_ARGUMENTS, INFO_ARGUMENTS, k8s_arguments
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Run the job, which is imported only after `run_module` has checked Python and the libraries."""
    from ..module_utils.task.info import info_job  # noqa: PLC0415

    return info_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**INFO_ARGUMENTS, **AWS_ARGUMENTS, **k8s_arguments(env_fallback)},
        supports_check_mode=True,
        mutually_exclusive=[("name", "all_namespaces")],
        required_by={"role_name": "name"},
    )
    run_module(module, job, kubernetes=True)


if __name__ == "__main__":
    main()
