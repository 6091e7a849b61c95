"""Google Calendar, by its secret address: where owners write down the weeks they keep for themselves.

Google Vacation Rentals is no source: it lists and forwards, the bookings are made elsewhere.
"""

from rentalsync_pipeline.channels.calendar import CalendarChannel

CHANNEL = CalendarChannel(
    name="google",
    title="Google Calendar",
    color="slategray",
    description="The busy events of one calendar, recurring ones included.",
    export="Settings > the calendar > Integrate calendar > Secret address in iCal format: copy the link",
    addresses=(r"calendar\.google\.com[:/]", r"www\.google\.com/calendar/"),
)
