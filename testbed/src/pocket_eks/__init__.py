"""A test world: a Kubernetes control plane and an AWS account, both on 127.0.0.1.

`pocket-eks` runs a command or a shell in one, and `pocket_eks.world.start_world` starts one from Python.
"""
