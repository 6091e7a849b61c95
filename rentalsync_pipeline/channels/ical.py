"""Any other calendar: whatever serves text/calendar, and files."""

from rentalsync_pipeline.channels.calendar import CalendarChannel

CHANNEL = CalendarChannel(
    name="ical",
    title="iCalendar",
    color="darkgray",
    description="Any calendar by its URL or as a file: OwnerRez, Agoda, Smoobu, your own.",
    export="look for 'export calendar' or 'iCal link' where the bookings are kept: copy the link",
)
