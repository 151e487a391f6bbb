"""The exhibition: agencies, halls, zones, booths and bookings."""
