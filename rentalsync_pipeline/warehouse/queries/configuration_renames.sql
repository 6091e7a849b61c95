-- A connection or listing that was renamed keeps its history. In: renames (subject, old, new).
UPDATE bookings SET connection = renames.new FROM renames
WHERE renames.subject = 'connection' AND bookings.connection = renames.old;
UPDATE stay_sources SET connection = renames.new FROM renames
WHERE renames.subject = 'connection' AND stay_sources.connection = renames.old;
UPDATE bookings SET listing = renames.new FROM renames
WHERE renames.subject = 'listing' AND bookings.listing = renames.old;
UPDATE stays SET listing = renames.new FROM renames
WHERE renames.subject = 'listing' AND stays.listing = renames.old;
UPDATE stay_sources SET listing = renames.new FROM renames
WHERE renames.subject = 'listing' AND stay_sources.listing = renames.old;
UPDATE conflicts SET listing = renames.new FROM renames
WHERE renames.subject = 'listing' AND conflicts.listing = renames.old;
UPDATE feed_events SET listing = renames.new FROM renames
WHERE renames.subject = 'listing' AND feed_events.listing = renames.old;
UPDATE changes SET listing = renames.new FROM renames
WHERE renames.subject = 'listing' AND changes.listing = renames.old;
