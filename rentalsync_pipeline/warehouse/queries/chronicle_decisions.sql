-- Notes what people decided, in the transaction that carries it out. In: decisions_made (kind, subject, payload).
INSERT INTO decisions SELECT kind, subject, payload, $run_id FROM decisions_made;
