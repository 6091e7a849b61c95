"""Floor 5: when things run: jobs, the schedule, sensors."""
