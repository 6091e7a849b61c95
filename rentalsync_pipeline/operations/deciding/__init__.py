"""What people decide about calendars: quarantines, and versions to go back to."""
