"""The steps of a sync, from the questions to the calendars, and what they do on their way."""
