"""The files that say how a project is deployed, read: Dockerfile, compose, Procfile and those of the platforms."""
