"""From sources to a release: sources, references, graph, encode, emit. `pipeline` puts them together."""
