"""How a person comes to the forum: passes, quotas, registrations."""
