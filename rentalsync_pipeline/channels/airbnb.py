"""Airbnb, by the calendar that it exports for each listing. There is no API without a partner contract."""

from rentalsync_pipeline.channels.calendar import CalendarChannel

CHANNEL = CalendarChannel(
    name="airbnb",
    title="Airbnb",
    color="tomato",
    description="Reservations, with code and last four digits, and blocked nights of one listing.",
    export="Calendar > Availability > Connect to another website: copy the Airbnb calendar link",
    addresses=(r"(?:[\w-]+\.)*airbnb\.(?:com?\.)?[a-z]{2,3}[:/]",),
)
