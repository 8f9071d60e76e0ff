-- The contents of format1.db: every type and placement of values, a merge, a branch, staged rows. It was
-- made by: sqlite3 format1.db '.load vkv' '.read make.sql' VACUUM. What it makes must never change.
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES
  ('', 'an empty key'), ('blob', x'00ff'), ('integer', -9223372036854775808), ('null', NULL),
  ('real', 0.1), ('text', 'grüße'), ('text as long as fits', printf('%.1024c', 'a')),
  ('text outside', printf('%.1025c', 'b')), ('empty text', ''), ('empty blob', x'');
-- Text that is cut in chunks, different everywhere.
WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
  INSERT INTO kv SELECT 'text in chunks', group_concat(i * 7919 % 100003) FROM n;
WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
  INSERT INTO kv SELECT printf('row/%04d', i), 'value ' || (i * i) FROM n;
SELECT vkv_commit('kv', 'first', '{"author":"A U Thor","time":"2026-01-02T03:04:05.678Z","info":{"b":1,"a":[2]}}');
SELECT vkv_branch('kv', 'dev');
UPDATE kv SET value = 'on main' WHERE key GLOB 'row/0*7';
SELECT vkv_commit('kv', 'on main', '{"time":0}');
SELECT vkv_checkout('kv', 'dev');
DELETE FROM kv WHERE key GLOB 'row/1*3';
UPDATE kv SET value = 'on dev' WHERE key = 'row/0017';
SELECT vkv_commit('kv', 'on dev', '{"time":null}');
SELECT vkv_checkout('kv', 'main');
SELECT vkv_merge('kv', 'dev', '{"on_conflict":"theirs","author":"M","time":-1}');
INSERT INTO kv VALUES('staged', 1);
DELETE FROM kv WHERE key = 'null';
