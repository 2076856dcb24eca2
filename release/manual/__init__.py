"""The manual: kubectl-iamsa(1), and a page for each verb, made of the parser that reads the command line."""
