"""The gate that uploads pass: looked at while they arrive, refused as forms refuse, scanned before they are served."""
