"""The manual: kubectl-iamsa(1), and a page for each command, generated from the parser."""
