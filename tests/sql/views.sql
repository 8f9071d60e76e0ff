-- Views: part of another table's store as a table.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE kv USING vkv;
CREATE VIRTUAL TABLE agent USING vkv(store=kv, namespace=agent);
CREATE VIRTUAL TABLE w7 USING vkv(store=agent, namespace='workers/7');
INSERT INTO kv VALUES('agent', 'not below'), ('agent/state', 'idle'), ('agent0', 'not below');
INSERT INTO agent VALUES('plan', 1), (5, 'five'), ('', 'empty');
INSERT INTO w7 VALUES('a', 1), ('b', 2);
SELECT * FROM kv;
SELECT * FROM agent;
SELECT * FROM w7;
SELECT * FROM agent WHERE key = 'plan';
SELECT * FROM agent WHERE key IN ('state', 'plan', 'agent/plan', 5);
SELECT * FROM agent WHERE key > 'plan' AND key < 'w' ORDER BY key DESC;
SELECT * FROM agent WHERE key GLOB 'workers/*' ORDER BY key DESC;
SELECT * FROM agent WHERE key LIKE 'PL%';
SELECT min(key), max(key), count(*) FROM agent;
INSERT INTO agent VALUES('plan', 2);
INSERT OR REPLACE INTO agent VALUES('plan', 2);
UPDATE agent SET key = 'new plan' WHERE key = 'plan';
UPDATE w7 SET value = value * 10;
DELETE FROM agent WHERE key IN (5, '');
INSERT INTO agent VALUES(NULL, 1);
INSERT INTO agent VALUES(x'00', 1);
SELECT * FROM agent;

-- Its session is its store's; the keys of functions are the view's own.
SELECT vkv_get('agent', 'state'), vkv_get('kv', 'state'), vkv_get('w7', 'a'), vkv_get('kv', 'agent/workers/7/a');
SELECT vkv_cas('agent', 'state', 'busy', 'idle'), vkv_get('kv', 'agent/state');
SELECT vkv_has_changes('agent'), vkv_has_changes('kv');
SELECT vkv_commit('agent', 'workers', '{"keys":["workers/*"]}') = vkv_current_commit('kv');
SELECT key, kind FROM vkv_status('kv');
SELECT key, kind FROM vkv_status('agent');
SELECT vkv_commit('w7', 'the rest') = vkv_current_commit('agent');
SELECT vkv_has_changes('kv'), vkv_hash('agent') = vkv_hash('kv');
UPDATE agent SET value = 'done' WHERE key = 'state';
INSERT INTO kv VALUES('other', 1);
SELECT key, old_value, new_value FROM vkv_status('agent');
SELECT key, kind FROM vkv_diff('agent', 'HEAD~1', 'WORKING');
SELECT key, kind FROM vkv_diff('agent', 'HEAD~1', 'WORKING') WHERE key >= 'o';
SELECT * FROM vkv_at('agent', 'HEAD') WHERE key = 'state';
SELECT * FROM vkv_at('w7', 'HEAD') ORDER BY key DESC;
SELECT b.key, l.message FROM vkv_blame('agent') AS b LEFT JOIN vkv_log('agent') AS l USING(commit_hash);
SELECT message, kind, value FROM vkv_history('agent', 'state');
SELECT message, kind, value FROM vkv_history('w7', 'a');
SELECT * FROM vkv_namespaces('kv');
SELECT * FROM vkv_namespaces('agent');
SELECT * FROM vkv_namespaces('agent', 'workers');
SELECT vkv_commit('kv', 'third') = vkv_tag('agent', 'v1');

-- A branch as a table.
SELECT vkv_branch('kv', 'dev') = vkv_current_commit('kv');
CREATE VIRTUAL TABLE dev USING vkv(store=kv, branch=dev);
CREATE VIRTUAL TABLE dev_agent USING vkv(store=agent, branch=dev);
UPDATE dev SET value = 'thinking' WHERE key = 'agent/state';
INSERT INTO dev_agent VALUES('idea', 42);
SELECT kv.value, dev.value FROM kv JOIN dev USING(key) WHERE key = 'agent/state';
SELECT vkv_current_branch('kv'), vkv_current_branch('dev'), vkv_has_changes('kv'), vkv_has_changes('dev');
SELECT name, current, staged FROM vkv_branches('kv');
SELECT name, current, staged FROM vkv_branches('dev');
SELECT key, kind FROM vkv_status('dev_agent');
SELECT vkv_commit('dev', 'idea') = vkv_current_commit('dev_agent');
UPDATE kv SET value = 2 WHERE key = 'other';
SELECT vkv_commit('kv', 'other') = vkv_rev_parse('dev', 'main');
SELECT vkv_merge('dev', 'main') = vkv_rev_parse('kv', 'dev');
SELECT value FROM dev WHERE key = 'other';
SELECT vkv_last_merge('kv') ->> 'strategy', vkv_last_merge('dev') ->> 'strategy';
SELECT vkv_checkout('dev', 'main');
SELECT vkv_workspace('dev', 'mine');
SELECT vkv_branch_rename('dev', 'dev', 'other');
SELECT vkv_branch_delete('dev', 'main');
SELECT vkv_checkout('agent', 'dev') = vkv_current_commit('dev');
SELECT value FROM kv WHERE key = 'agent/idea';
SELECT vkv_checkout('kv', 'main') = vkv_current_commit('kv');

-- A version as a table.
CREATE VIRTUAL TABLE temp.v1 USING vkv(store=kv, ref='v1');
CREATE VIRTUAL TABLE temp.before USING vkv(store=dev, ref='HEAD~1', namespace=agent);
SELECT * FROM v1;
SELECT * FROM before;
SELECT vkv_current_commit('v1') = vkv_rev_parse('kv', 'v1'), vkv_current_branch('v1'), vkv_has_changes('v1');
SELECT vkv_get('v1', 'agent/state'), vkv_get('v1', 'agent/state', 'HEAD~1'), vkv_get('before', 'state');
SELECT message FROM vkv_log('v1') LIMIT 1;
INSERT INTO v1 VALUES('x', 1);
UPDATE v1 SET value = 1;
DELETE FROM v1 WHERE key = 'other';
SELECT vkv_cas('v1', 'x', 1, NULL);
SELECT vkv_commit('v1', 'm');
SELECT vkv_merge('v1', 'dev');
SELECT vkv_merge('v1', 'dev', '{"dry_run":true}');
SELECT vkv_checkout('v1', 'main');

-- What cannot be made.
CREATE VIRTUAL TABLE x USING vkv(store=kv);
CREATE VIRTUAL TABLE x USING vkv(namespace=a);
CREATE VIRTUAL TABLE x USING vkv(ref=main);
CREATE VIRTUAL TABLE x USING vkv(store=kv, branch=dev, ref=v1);
CREATE VIRTUAL TABLE x USING vkv(store=kv, type=live, namespace=a);
CREATE VIRTUAL TABLE x USING vkv(store=kv, namespace='');
CREATE VIRTUAL TABLE x USING vkv(store=kv, namespace='a/');
CREATE VIRTUAL TABLE x USING vkv(store=kv, name_space=a);
CREATE VIRTUAL TABLE x USING vkv(store=nowhere, namespace=a);
CREATE VIRTUAL TABLE x USING vkv(store=kv, branch=nowhere);
CREATE VIRTUAL TABLE x USING vkv(store=kv, ref=nowhere);
CREATE VIRTUAL TABLE x USING vkv(store=dev, branch=main);
CREATE VIRTUAL TABLE x USING vkv(store=v1, namespace=a);
CREATE VIRTUAL TABLE temp.x USING vkv(store=kv, namespace=a);
CREATE VIRTUAL TABLE temp.x USING vkv(store=kv, branch=dev);
CREATE VIRTUAL TABLE x USING vkv(store=kv, ref='');
CREATE VIRTUAL TABLE x USING vkv(store=x, ref=main);
CREATE TABLE plain(key);
CREATE VIRTUAL TABLE x USING vkv(store=plain, namespace=a);

-- The store is found at each use.
ALTER TABLE kv RENAME TO w;
SELECT * FROM agent;
SELECT vkv_get('w7', 'a');
SELECT * FROM vkv_at('v1', 'HEAD');
INSERT INTO dev VALUES('x', 1);
ALTER TABLE w RENAME TO kv;
SELECT count(*) FROM agent;
ALTER TABLE agent RENAME TO agents;
SELECT * FROM w7;
DROP TABLE w7;
SELECT count(*) FROM agents;
DROP TABLE agents;
SELECT count(*) FROM kv;
DROP TABLE kv;
SELECT * FROM dev;
DROP TABLE dev;
DROP TABLE dev_agent;
DROP TABLE v1;
DROP TABLE before;
SELECT name FROM sqlite_schema;

-- Of a live table.
CREATE VIRTUAL TABLE c USING vkv(type=live);
CREATE VIRTUAL TABLE part USING vkv(store=c, namespace=part);
INSERT INTO part VALUES('a', 1);
SELECT vkv_cas('part', 'a', 2, 1), vkv_get('c', 'part/a'), vkv_check('part');
SELECT vkv_commit('part', 'm');
CREATE VIRTUAL TABLE x USING vkv(store=c, branch=main);
CREATE VIRTUAL TABLE x USING vkv(store=c, ref=HEAD);
