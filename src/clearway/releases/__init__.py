"""What happens to releases after they were built."""
