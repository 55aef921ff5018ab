"""NEMSIS v3.5.1: the records of the United States' national database."""
