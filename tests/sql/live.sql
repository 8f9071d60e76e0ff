-- Live tables: every write is final with the transaction, and there are no versions.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE c USING vkv(type=live);
INSERT INTO c VALUES('i', 1), ('t', 'text'), ('n', NULL), (5, x'00ff');
INSERT OR IGNORE INTO c VALUES('i', 2), ('new', 2.5);
REPLACE INTO c VALUES('t', 'other');
INSERT INTO c VALUES('i', 3);
UPDATE c SET key = 'five', value = typeof(value) WHERE key = 5;
DELETE FROM c WHERE key = 'n';
SELECT * FROM c;
SELECT * FROM c WHERE key BETWEEN 'g' AND 'o' ORDER BY key DESC;
SELECT value FROM c WHERE key IN ('i', 't', 'none');
BEGIN;
DELETE FROM c;
SELECT count(*) FROM c;
ROLLBACK;
SELECT count(*) FROM c;
ALTER TABLE c RENAME TO d;
SELECT count(*) FROM d;
ALTER TABLE d RENAME TO c;

-- What works.
SELECT vkv_get('c', 'i'), vkv_get('c', 'none'), vkv_get('c', 'i', 'WORKING');
SELECT vkv_cas('c', 'i', 2, 1), vkv_cas('c', 'i', 3, 1), vkv_cas('c', 'x', 1, NULL), vkv_cas('c', 'x', 2, NULL);
SELECT vkv_get('c', 'i'), vkv_get('c', 'x');
SELECT vkv_check('c');

-- What does not.
SELECT vkv_get('c', 'i', 'HEAD');
SELECT vkv_commit('c', 'message');
SELECT vkv_checkout('c', 'main');
SELECT vkv_workspace('c', 'mine');
SELECT vkv_merge('c', 'dev', '{"dry_run":true}');
SELECT vkv_gc('c', '{"dry_run":true}');
SELECT * FROM vkv_status('c');
SELECT * FROM vkv_namespaces('c');
-- Arguments first.
SELECT vkv_commit('c', 'message', '{"autor":"Ann"}');

CREATE VIRTUAL TABLE e USING vkv(type=live, branch=dev);
CREATE VIRTUAL TABLE e USING vkv(type=other);
CREATE VIRTUAL TABLE e USING vkv(type=live, type=live);
CREATE VIRTUAL TABLE e USING vkv(type='versioned', branch="dev");
SELECT vkv_current_branch('e');
DROP TABLE c;
DROP TABLE e;
SELECT count(*) FROM sqlite_schema;
