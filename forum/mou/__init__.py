"""The register of memoranda of understanding."""
