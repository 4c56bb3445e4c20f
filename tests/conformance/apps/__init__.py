"""One module per server under test; CONFORMANCE_HOME names the tree to serve."""
