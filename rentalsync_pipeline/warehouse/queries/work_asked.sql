-- Listings whose feeds a person wants rendered again. In: asked (listing).
INSERT INTO work SELECT 'feeds', listing, $run_id FROM asked;
