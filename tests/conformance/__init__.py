"""HTTP conformance of static file servers, row by row from the RFCs."""
