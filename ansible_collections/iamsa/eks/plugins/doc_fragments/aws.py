# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for AWS: the cluster, the credentials and the time limits."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  cluster_name:
    description:
      - The name of the EKS cluster.
      - The default is read from the kubeconfig context. If O(cluster_name) and O(region) are set, no
        kubeconfig is needed.
    type: str
  region:
    description:
      - The AWS region of the cluster.
      - The default is read from the kubeconfig context, then E(AWS_REGION), E(AWS_DEFAULT_REGION) and the AWS
        profile.
    type: str
    aliases: [aws_region]
  profile:
    description:
      - The AWS profile to use for credentials.
      - The default is the profile in the kubeconfig context, then E(AWS_PROFILE).
      - If the profile requires an MFA code, first run C(aws sts get-caller-identity --profile NAME). The
        command asks for the code and caches the session in C(~/.aws/cli/cache).
    type: str
    aliases: [aws_profile]
  access_key:
    description:
      - The AWS access key ID. Requires O(secret_key).
      - By default, credentials are found as in the AWS SDKs.
    type: str
    aliases: [aws_access_key_id, aws_access_key]
  secret_key:
    description:
      - The AWS secret access key.
    type: str
    aliases: [aws_secret_access_key, aws_secret_key]
  session_token:
    description:
      - The AWS session token of temporary credentials.
    type: str
    aliases: [aws_session_token]
  endpoint_url:
    description:
      - The URL to use instead of the default endpoints of all AWS services.
      - The default is E(AWS_ENDPOINT_URL).
    type: str
    aliases: [aws_endpoint_url]
  aws_ca_bundle:
    description:
      - The file of CA certificates to verify the certificates of AWS with.
      - The default is E(AWS_CA_BUNDLE).
    type: path
  validate_certs:
    description:
      - If V(false), does not verify the TLS certificates of AWS.
    type: bool
    default: true
  request_timeout:
    description:
      - The time limit for a single request, for example V(10) or V(10s). The default is 20 to 30 seconds.
    type: str
  timeout:
    description:
      - The time limit for the task, for example V(2m) or V(300).
    type: str
    default: 2m
notes:
  - Credentials and kubeconfig files are read on the host that runs the module, usually C(localhost).
requirements:
  - python >= 3.10
  - boto3 >= 1.40
"""
