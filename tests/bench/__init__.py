"""How fast the site is and what an operation costs: ``make bench``."""
