-- Which of these answers the warehouse holds already. In: spooled (fetch_id).
SELECT fetch_id FROM fetches SEMI JOIN spooled USING (fetch_id);
