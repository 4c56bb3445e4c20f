"""The Django project that every server of the benchmarks runs."""
