"""Second opinions from outside: what other parsers find in the same scripts, style sheets and drawings."""
