"""FeWo-direkt and its siblings Vrbo, Abritel, HomeAway, Stayz and Bookabach: one engine, one calendar."""

from rentalsync_pipeline.channels.calendar import CalendarChannel

CHANNEL = CalendarChannel(
    name="fewo_direkt",
    title="FeWo-direkt / Vrbo",
    color="mediumseagreen",
    description="Reservations with a first name, requests and blocked nights of one property.",
    export="Calendar > Import & export > Export calendar: copy the link",
    addresses=(
        r"(?:[\w-]+\.)*(?:fewo-direkt|vrbo|abritel|homeaway|stayz|bookabach)\.(?:com?\.)?[a-z]{2,3}[:/]",
    ),
)
