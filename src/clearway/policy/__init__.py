"""What users' files may be, be called, and do to a browser: pure rules, the same wherever media are kept or served."""
