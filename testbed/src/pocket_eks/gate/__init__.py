"""The gate: a reverse proxy in front of an AWS emulator and a kube-apiserver.

`python -m pocket_eks.gate CONFIG.json` serves three ports on 127.0.0.1: AWS (plain HTTP), Kubernetes
(TLS) and the control API (plain HTTP). It adds features that the emulator lacks, logs calls, and breaks them
on request. `control` documents the control API, and `config` the configuration.
"""
