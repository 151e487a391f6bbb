"""The ground floor: editions, two languages, the site's shell, mail and PDF."""
