"""What a release does, one step a file."""
