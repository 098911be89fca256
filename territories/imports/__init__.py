"""Importers of the official files that an operator downloads: one module per file, and what they share in `frame`."""
