"""Booking.com, by the calendar that its extranet exports for each room type.

It is offered for up to 20 room types of one unit each, and only where no channel manager is connected.
"""

from rentalsync_pipeline.channels.calendar import CalendarChannel

CHANNEL = CalendarChannel(
    name="booking_com",
    title="Booking.com",
    color="royalblue",
    description="Taken nights of one room type; a reservation and a closed night look the same.",
    export="Extranet > Calendar > Sync calendars > Export calendar: copy the link",
    addresses=(r"(?:[\w-]+\.)*booking\.com[:/]",),
)
