"""RentalSync Pipeline: calendars of every booking channel in, one calendar per listing out.

The package is a house of floors; a room imports only from floors below its own:

    6  definitions, cli      what starts: Dagster's code location and the command line
    5  automation            jobs, the schedule, sensors
    4  assets                what Dagster shows, thin
    3  operations            the verbs of the product: ingest, model, publish, explain, apply
    2  channels  warehouse  control  publishing      the outside world: vendors, DuckDB, SQLite, files
    1  calendars             pure: bytes to bookings, stays to bytes
    0  core                  pure: the values and the rules

`docs/explanation/architecture.md` tells why, and a test holds the imports to it.
"""

__version__ = "0.1.0"
