"""The parts of Clearway's `collectstatic`: what is gathered, how originals are placed, cleared and told about."""
