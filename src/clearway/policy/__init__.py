"""What users' files may be called and may do to a browser: pure rules, the same wherever media are kept or served."""
