-- What the feeds of the listings at hand may show, in the order in which they show it.
-- In: batch (listing, since).
SELECT stay, listing, kind, check_in, check_out, channel, channels, code, guest_name, phone_last4, guests, url,
       notes, extras
FROM stays
JOIN batch USING (listing)
WHERE active AND kind <> 'horizon' AND check_out >= since
ORDER BY listing, check_in, check_out, stay;
