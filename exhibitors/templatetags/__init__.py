"""What exhibitors adds to templates."""
