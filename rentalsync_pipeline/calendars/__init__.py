"""Floor 1: calendars. Pure: bytes to bookings, stays to bytes."""
