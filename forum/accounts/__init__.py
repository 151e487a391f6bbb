"""Users, their roles and the one door by which they sign in."""
