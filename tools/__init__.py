"""The scripts behind the Makefile. Standard library only: they run before anything is installed."""
