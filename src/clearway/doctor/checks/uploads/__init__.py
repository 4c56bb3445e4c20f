"""What happens to files that people send."""
