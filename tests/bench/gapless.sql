-- A gapless hash chain as plain SQL has it: the head's row is locked until the commit.
\set id random(1, 20000)
BEGIN;
SELECT n, hash FROM chain_head WHERE k = 1 FOR UPDATE \gset
INSERT INTO chain(n, body, hash) VALUES (:n + 1, repeat('x', 900), sha256('\x:hash'::bytea));
UPDATE chain_head SET n = :n + 1, hash = (SELECT encode(hash, 'hex') FROM chain WHERE n = :n + 1) WHERE k = 1;
UPDATE state SET v = v + 1 WHERE id = :id;
COMMIT;
