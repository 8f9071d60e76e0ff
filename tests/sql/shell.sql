-- What the test shell itself shows.
.echo on
SELECT 1, NULL, 'a', x'4142', 2.5;
.nullvalue NULL
.headers on
SELECT 1 AS one, NULL AS none;
.headers off
SELECT 1; SELECT
  2;
CREATE TABLE t(a PRIMARY KEY);
INSERT INTO t VALUES(1), (1);
SELECT * FROM missing;
SELECT abs(-9223372036854775807 - 1);
.open file.db
CREATE TABLE t(a);
BEGIN IMMEDIATE;
.connection 1
SELECT count(*) FROM sqlite_schema;
.open file.db
SELECT name FROM sqlite_schema;
INSERT INTO t VALUES(1);
.connection 0
.echo off
COMMIT;
SELECT vkv_version() IS NOT NULL;
.print without a semicolon at the end:
SELECT 3
