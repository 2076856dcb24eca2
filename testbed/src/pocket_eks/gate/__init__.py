"""The gate: one reverse proxy in front of an AWS emulator and of a kube-apiserver.

`python -m pocket_eks.gate CONFIG.json` serves three ports on 127.0.0.1: AWS (plain HTTP), Kubernetes
(TLS) and the control API (plain HTTP). It adds what the emulator lacks, keeps a log of the calls and
breaks them on request. `control` documents the control API, `config` the configuration.
"""
