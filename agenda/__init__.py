"""The programme: tracks, rooms, speakers, sessions and their slots."""
