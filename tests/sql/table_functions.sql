.nullvalue NULL
.headers on
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('app/name', 'demo'), ('app/size', 1), ('log/1', 'x');
SELECT vkv_commit('kv', 'first', '{"author":"ann","time":"2026-01-02T03:04:05Z"}') IS NULL AS failed;
UPDATE kv SET value = 2 WHERE key = 'app/size';
DELETE FROM kv WHERE key = 'log/1';
SELECT vkv_commit('kv', 'second', '{"author":"bob","time":1767323046,"info":{"ticket":7}}') IS NULL AS failed;
SELECT vkv_branch('kv', 'dev', 'HEAD~1') IS NULL AS failed;
SELECT vkv_tag('kv', 'v1', 'HEAD~1', 'the first') IS NULL AS failed;
INSERT INTO kv VALUES('user/ann', NULL);
UPDATE kv SET value = 'renamed' WHERE key = 'app/name';

-- vkv_log: newest first, to the root.
SELECT author, time, message, info, parents <> '[]' AS has_parents FROM vkv_log('kv');
SELECT message FROM vkv_log('kv', 'dev');
SELECT message FROM vkv_log('kv', 'HEAD~1') LIMIT 1;
SELECT message, parents = json_array(vkv_rev_parse('kv', 'HEAD~1')) AS has_that_parent FROM vkv_log('kv') LIMIT 1;
SELECT commit_hash = vkv_rev_parse('kv', 'HEAD~2') AS is_root, parents FROM vkv_log('kv') WHERE message IS NULL;
SELECT message FROM vkv_log('kv', vkv_rev_parse('kv', 'HEAD'));

-- A merge has two parents; only all_parents follows the second.
SELECT vkv_checkout('kv', 'dev') IS NULL AS failed;
INSERT INTO kv VALUES('dev', 1);
SELECT vkv_commit('kv', 'on dev', '{"time":"2026-01-02T03:05:00Z"}') IS NULL AS failed;
SELECT vkv_branch('kv', 'merged', 'main') IS NULL AS failed;
SELECT vkv_checkout('kv', 'merged') IS NULL AS failed;
SELECT vkv_merge('kv', 'dev', '{"time":"2026-01-02T03:06:00Z"}') IS NULL AS failed;
SELECT message, json_array_length(parents) AS parents FROM vkv_log('kv');
SELECT message FROM vkv_log('kv', NULL, '{"all_parents":true}');
SELECT vkv_checkout('kv', 'main') IS NULL AS failed;

-- vkv_diff and vkv_status.
SELECT * FROM vkv_diff('kv', 'HEAD~1', 'HEAD');
SELECT * FROM vkv_diff('kv', 'HEAD', 'HEAD~1');
SELECT * FROM vkv_diff('kv', 'v1', 'WORKING');
SELECT * FROM vkv_diff('kv', 'WORKING', 'v1') WHERE key GLOB 'app/*';
SELECT * FROM vkv_diff('kv', 'main', 'dev') WHERE kind = 'added';
SELECT * FROM vkv_diff('kv', 'HEAD', 'main');
SELECT * FROM vkv_status('kv');
SELECT key FROM vkv_status('kv') ORDER BY key DESC;

-- vkv_at.
SELECT * FROM vkv_at('kv', 'v1');
SELECT * FROM vkv_at('kv', 'WORKING') ORDER BY key DESC;
SELECT * FROM vkv_at('kv', 'HEAD') WHERE key IN ('log/1', 'app/size', 5);
SELECT now.key, now.value, was.value FROM kv AS now JOIN vkv_at('kv', 'v1') AS was USING(key) WHERE now.value IS NOT was.value;

-- Restoring what was deleted, from a version.
SAVEPOINT restore;
INSERT INTO kv SELECT key, old_value FROM vkv_diff('kv', 'v1', 'WORKING') WHERE kind = 'removed';
SELECT * FROM kv WHERE key = 'log/1';
ROLLBACK TO restore;
RELEASE restore;

-- Branches, tags, workspaces.
SELECT name, commit_hash = vkv_rev_parse('kv', name) AS is_head, current, staged, author, time, message FROM vkv_branches('kv');
SELECT name, commit_hash = vkv_rev_parse('kv', 'HEAD~1') AS is_first, message, time IS NULL AS untimed FROM vkv_tags('kv');
SELECT name, branch, base_commit = vkv_rev_parse('kv', 'HEAD') AS at_head, staged, current FROM vkv_workspaces('kv');
SELECT vkv_workspace('kv', 'agent-7') IS NULL AS failed;
SELECT name, branch, base_commit = vkv_rev_parse('kv', 'HEAD') AS at_head, staged, current FROM vkv_workspaces('kv');
SELECT * FROM vkv_status('kv');
SELECT name, current FROM vkv_branches('kv');
SELECT vkv_workspace('kv', NULL) IS NULL AS failed;

-- vkv_namespaces sees what is staged.
SELECT * FROM vkv_namespaces('kv');
SELECT * FROM vkv_namespaces('kv', 'app');
INSERT INTO kv VALUES('app/a/1', 1), ('app/a/2', 2), ('app/b/1', 1), ('/', 1);
SELECT * FROM vkv_namespaces('kv');
SELECT * FROM vkv_namespaces('kv', 'app/');

-- vkv_history and vkv_blame.
SELECT time, author, message, kind, value FROM vkv_history('kv', 'app/size');
SELECT message, kind, value FROM vkv_history('kv', 'log/1');
SELECT count(*) FROM vkv_history('kv', 'app/a/1');
SELECT key, author, time, message FROM vkv_blame('kv');
SELECT key, message FROM vkv_blame('kv') WHERE key = 'app/size';

-- Arguments from other tables.
CREATE TABLE refs(name);
INSERT INTO refs VALUES('main'), ('dev'), ('merged');
SELECT name, count(*) FROM refs, vkv_log('kv', refs.name) GROUP BY name;
SELECT name, (SELECT group_concat(key) FROM vkv_diff('kv', 'v1', refs.name)) AS changed FROM refs;
SELECT b.name, count(*) FROM vkv_branches('kv') AS b, vkv_at('kv', b.name) AS v GROUP BY b.name;
SELECT v.key, h.message FROM vkv_at('kv', 'v1') AS v JOIN vkv_history('kv', v.key) AS h;

-- Inside a transaction that is undone.
BEGIN;
SELECT vkv_commit('kv', 'undone') IS NULL AS failed;
SELECT message FROM vkv_log('kv') LIMIT 1;
SELECT count(*) FROM vkv_status('kv');
ROLLBACK;
SELECT message FROM vkv_log('kv') LIMIT 1;
SELECT count(*) FROM vkv_status('kv');

-- Errors.
SELECT * FROM vkv_log;
SELECT * FROM vkv_log();
SELECT * FROM vkv_diff('kv', 'HEAD');
SELECT * FROM vkv_log('kv', 'HEAD', '{}', 1);
SELECT * FROM vkv_log('nothing');
SELECT * FROM vkv_log('refs');
SELECT * FROM vkv_log(7);
SELECT * FROM vkv_at('kv', 'nowhere');
SELECT * FROM vkv_at('kv', 'HEAD~9');
SELECT * FROM vkv_at('kv', NULL);
SELECT * FROM vkv_log('kv', 'WORKING');
SELECT * FROM vkv_log('kv', NULL, '[]');
SELECT * FROM vkv_log('kv', NULL, '{"all_parents":"yes"}');
SELECT * FROM vkv_log('kv', NULL, '{"parents":1}');
SELECT * FROM vkv_history('kv', x'61');
SELECT * FROM vkv_namespaces('kv', x'61');
INSERT INTO vkv_log VALUES(1);
CREATE VIRTUAL TABLE l USING vkv_log;

-- Where the connection is no longer: what lists places still does.
BEGIN;
SELECT vkv_branch('kv', 'short-lived') IS NULL AS failed, vkv_checkout('kv', 'short-lived') IS NULL AS failed_too;
ROLLBACK;
SELECT * FROM vkv_status('kv');
SELECT name, current FROM vkv_branches('kv');
SELECT vkv_checkout('kv', 'main') IS NULL AS failed;
SELECT count(*) FROM vkv_status('kv');
