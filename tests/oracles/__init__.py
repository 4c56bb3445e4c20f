"""Second opinions from outside: what other parsers of JavaScript find in the same scripts."""
