"""Expedia, by a calendar where a property has one.

Most have none: their bookings come through the property's booking system, as a connection of its own.
"""

from rentalsync_pipeline.channels.calendar import CalendarChannel

CHANNEL = CalendarChannel(
    name="expedia",
    title="Expedia",
    color="gold",
    description="Taken nights of one property, where Expedia offers a calendar for it.",
    export="Partner Central > Rates and Availability > Calendar: copy the export link, if there is one",
    addresses=(
        r"(?:[\w-]+\.)*expedia\.(?:com?\.)?[a-z]{2,3}[:/]",
        r"(?:[\w-]+\.)*expediapartnercentral\.com[:/]",
    ),
)
