"""What one person sees of many rooms: exhibitor's desk, on-site desk."""
