"""What agenda adds to templates."""
