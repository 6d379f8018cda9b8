-- Tables of the two peers that run on PostgreSQL.
CREATE TABLE event(n bigserial PRIMARY KEY, body text NOT NULL);
CREATE TABLE state(id int PRIMARY KEY, v bigint NOT NULL);
INSERT INTO state SELECT g, 0 FROM generate_series(1, 20000) g;
CREATE TABLE chain(n bigint PRIMARY KEY, body text NOT NULL, hash bytea NOT NULL);
CREATE TABLE chain_head(k int PRIMARY KEY, n bigint NOT NULL, hash text NOT NULL);
INSERT INTO chain_head VALUES (1, 0, '00');
