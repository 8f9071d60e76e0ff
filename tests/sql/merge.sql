-- vkv_merge and vkv_last_merge.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE kv USING vkv;
SELECT vkv_last_merge('kv');
INSERT INTO kv VALUES('a', 1), ('b', 1), ('c', 1);
SELECT vkv_commit('kv', 'base') = vkv_current_commit('kv');
SELECT json_remove(vkv_last_merge('kv'), '$.commit');
SELECT vkv_branch('kv', 'dev') = vkv_checkout('kv', 'dev');
UPDATE kv SET value = 'dev' WHERE key = 'a';
DELETE FROM kv WHERE key = 'c';
SELECT vkv_commit('kv', 'dev') = vkv_rev_parse('kv', 'dev');

-- Fast-forward: no commit of its own, unless asked for.
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'dev~1'), vkv_last_merge('kv') ->> 'commit' = vkv_rev_parse('kv', 'dev');
SELECT vkv_merge('kv', 'dev', '{"dry_run":true}');
SELECT vkv_current_commit('kv') = vkv_rev_parse('kv', 'dev~1');
SELECT vkv_merge('kv', 'dev', '{"no_ff":true}') = vkv_rev_parse('kv', 'main'), vkv_rev_parse('kv', 'main^2') = vkv_rev_parse('kv', 'dev');
SELECT vkv_reset_to('kv', 'HEAD^1') = vkv_rev_parse('kv', 'dev~1');
SELECT vkv_merge('kv', 'dev') = vkv_rev_parse('kv', 'dev'), vkv_last_merge('kv') ->> 'strategy';
SELECT vkv_merge('kv', 'dev') = vkv_rev_parse('kv', 'dev'), vkv_last_merge('kv') ->> 'strategy';
SELECT * FROM kv;

-- Three-way: parents are the head and the source.
INSERT INTO kv VALUES('d', 'main');
SELECT vkv_commit('kv', 'main') = vkv_current_commit('kv');
SELECT vkv_checkout('kv', 'dev') = vkv_rev_parse('kv', 'dev');
INSERT INTO kv VALUES('e', 'dev');
SELECT vkv_commit('kv', 'dev') = vkv_current_commit('kv');
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');
SELECT vkv_merge('kv', 'dev', '{"dry_run":true}');
SELECT vkv_merge('kv', 'dev', '{"message":"both","author":"ann","time":0,"info":{"n":1}}') = vkv_current_commit('kv');
SELECT vkv_last_merge('kv') ->> 'commit' = vkv_current_commit('kv'), json_remove(vkv_last_merge('kv'), '$.commit');
SELECT vkv_rev_parse('kv', 'HEAD^2') = vkv_rev_parse('kv', 'dev'), vkv_get('kv', 'e'), vkv_merge_base('kv', 'main', 'dev') = vkv_rev_parse('kv', 'dev');
SELECT * FROM kv;

-- Conflicts: every key, and nothing happens.
UPDATE kv SET value = 'main';
SELECT vkv_commit('kv', 'main') = vkv_current_commit('kv');
SELECT vkv_checkout('kv', 'dev') = vkv_rev_parse('kv', 'dev');
UPDATE kv SET value = 'dev ' || key;
INSERT INTO kv VALUES('f', 'dev');
SELECT vkv_commit('kv', 'dev') = vkv_current_commit('kv');
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');
SELECT vkv_merge('kv', 'dev');
SELECT vkv_merge('kv', 'dev', '{"dry_run":true}');
SELECT vkv_merge('kv', 'dev', '{"on_conflict":"abandon"}'), vkv_last_merge('kv');
SELECT vkv_current_commit('kv') = vkv_rev_parse('kv', 'main'), vkv_has_changes('kv'), vkv_get('kv', 'f');
SELECT vkv_merge('kv', 'dev', '{"on_conflict":"theirs","dry_run":true}');
BEGIN;
SELECT vkv_merge('kv', 'dev', '{"on_conflict":"theirs"}') = vkv_rev_parse('kv', 'main');
SELECT * FROM kv;
ROLLBACK;
SELECT vkv_merge('kv', 'dev', '{"on_conflict":"ours","squash":true}') = vkv_rev_parse('kv', 'main');
SELECT * FROM kv;
SELECT vkv_rev_parse('kv', 'HEAD^2');

-- Uncommitted changes are in the way.
INSERT INTO kv VALUES('g', 1);
SELECT vkv_merge('kv', 'dev');
SELECT vkv_merge('kv', 'dev', '{"dry_run":true}');
SELECT vkv_reset('kv') = vkv_current_commit('kv');

-- Into a branch without a commit of its own.
CREATE VIRTUAL TABLE fresh USING vkv;
SELECT vkv_branch('fresh', 'side') = vkv_checkout('fresh', 'side');
INSERT INTO fresh VALUES('a', 1);
SELECT vkv_commit('fresh', 'side') = vkv_rev_parse('fresh', 'side'), vkv_checkout('fresh', 'main') = vkv_rev_parse('fresh', 'side~1');
SELECT vkv_merge('fresh', 'side') = vkv_rev_parse('fresh', 'side'), vkv_current_branch('fresh');
SELECT * FROM fresh;

-- More keys in conflict than a message holds.
INSERT INTO fresh WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 39) SELECT 'key ' || i, 'main' FROM n;
SELECT vkv_commit('fresh', 'many') = vkv_rev_parse('fresh', 'main'), vkv_checkout('fresh', 'side') = vkv_rev_parse('fresh', 'main~1');
INSERT INTO fresh WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 39) SELECT 'key ' || i, 'side' FROM n;
SELECT vkv_commit('fresh', 'many') = vkv_current_commit('fresh');
SELECT vkv_merge('fresh', 'main');

SELECT vkv_merge('kv', 'nowhere');
SELECT vkv_merge('kv', 'WORKING');
SELECT vkv_merge('kv', NULL);
SELECT vkv_merge('kv', 'dev', '{"strategy":"ours"}');
SELECT vkv_merge('kv', 'dev', '{"on_conflict":"mine"}');
SELECT vkv_merge('kv', 'dev', '{"dry_run":2}');
SELECT vkv_merge('kv');
SELECT vkv_merge('kv', 'dev', '{}', 1);
SELECT vkv_last_merge();
SELECT vkv_last_merge('kv', 1);
SELECT vkv_merge_base('kv', 'main');
SELECT vkv_merge_base('kv', 'main', NULL);
SELECT vkv_check('kv'), vkv_check('fresh');
