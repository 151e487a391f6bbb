"""The forum itself: settings, addresses and the rooms in which people, badges and signatures meet."""
