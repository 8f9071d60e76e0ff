-- Functions that write or move the connection are for direct use alone; those that read are not.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('a', 1);
SELECT vkv_commit('kv', 'one') = vkv_current_commit('kv');
CREATE TABLE t(x);
CREATE VIEW commit_view AS SELECT vkv_commit('kv', 'm');
SELECT * FROM commit_view;
CREATE TRIGGER commit_trigger AFTER INSERT ON t BEGIN SELECT vkv_commit('kv', 'm'); END;
INSERT INTO t VALUES(1);
DROP TRIGGER commit_trigger;
CREATE TABLE defaults(x, y DEFAULT (vkv_reset('kv')));
INSERT INTO defaults(x) VALUES(1);
CREATE TABLE generated(x, y AS (vkv_reset('kv')));
CREATE VIEW v1 AS SELECT vkv_branch('kv', 'x');
SELECT * FROM v1;
CREATE VIEW v2 AS SELECT vkv_branch_delete('kv', 'x');
SELECT * FROM v2;
CREATE VIEW v3 AS SELECT vkv_branch_rename('kv', 'x', 'y');
SELECT * FROM v3;
CREATE VIEW v4 AS SELECT vkv_checkout('kv', 'main');
SELECT * FROM v4;
CREATE VIEW v5 AS SELECT vkv_workspace('kv', 'x');
SELECT * FROM v5;
CREATE VIEW v6 AS SELECT vkv_workspace_delete('kv', 'x');
SELECT * FROM v6;
CREATE VIEW v7 AS SELECT vkv_merge('kv', 'main');
SELECT * FROM v7;
CREATE VIEW v8 AS SELECT vkv_refresh('kv');
SELECT * FROM v8;
CREATE VIEW v9 AS SELECT vkv_reset_to('kv', 'main');
SELECT * FROM v9;
CREATE VIEW v10 AS SELECT vkv_tag('kv', 'x');
SELECT * FROM v10;
CREATE VIEW v11 AS SELECT vkv_tag_delete('kv', 'x');
SELECT * FROM v11;
CREATE VIEW v12 AS SELECT vkv_cas('kv', 'a', 2, 1);
SELECT * FROM v12;

PRAGMA trusted_schema = OFF;
CREATE VIEW reads AS SELECT vkv_get('kv', 'a'), vkv_current_branch('kv'), vkv_has_changes('kv'), vkv_hash('kv') = vkv_hash('kv', 'main'), vkv_check('kv'), vkv_current_commit('kv') = vkv_base_commit('kv'), vkv_rev_parse('kv', 'main') = vkv_merge_base('kv', 'main', 'HEAD'), vkv_last_merge('kv') IS NULL;
SELECT * FROM reads;
-- A temporary trigger is the session's own SQL.
CREATE TEMP TRIGGER own AFTER INSERT ON t BEGIN SELECT vkv_commit('kv', 'by trigger'); END;
INSERT INTO kv VALUES('b', 2);
INSERT INTO t VALUES(1);
SELECT vkv_has_changes('kv');

-- Read-only.
PRAGMA query_only = ON;
SELECT vkv_commit('kv', 'm');
SELECT vkv_branch('kv', 'x');
SELECT vkv_checkout('kv', 'HEAD~1') = vkv_rev_parse('kv', 'main~1'), vkv_get('kv', 'b');
SELECT vkv_workspace('kv', 'new');
SELECT vkv_current_branch('kv');
PRAGMA query_only = OFF;
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');

-- Of an older statement in the connection.
SELECT last_insert_rowid() = (SELECT max(rowid) FROM t);
SELECT vkv_tag('kv', 'x') IS NOT NULL, last_insert_rowid() = (SELECT max(rowid) FROM t), changes();
