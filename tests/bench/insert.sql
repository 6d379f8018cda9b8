-- What a plain client does: one event, one row of state, one transaction.
\set id random(1, 20000)
BEGIN;
INSERT INTO event(body) VALUES (repeat('x', 900));
UPDATE state SET v = v + 1 WHERE id = :id;
COMMIT;
