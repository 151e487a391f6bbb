"""The concrete pages; their slots show what other rooms hold."""
