"""Letters with which people ask an embassy for a visa: asked for, decided on by staff, issued."""
