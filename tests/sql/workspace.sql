-- Private workspaces; vkv_reset, vkv_refresh, vkv_reset_to.
.echo on
.nullvalue NULL
.open file.db
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('a', 1);
SELECT vkv_commit('kv', 'one') = vkv_current_commit('kv');
.connection 1
.open file.db

-- Two writers on one branch who do not see each other's uncommitted work.
.connection 0
SELECT vkv_workspace('kv', 'ann') = vkv_rev_parse('kv', 'main'), vkv_current_branch('kv');
INSERT INTO kv VALUES('ann', 1);
UPDATE kv SET value = 2 WHERE key = 'a';
.connection 1
SELECT vkv_workspace('kv', 'bob') = vkv_rev_parse('kv', 'main');
SELECT * FROM kv;
INSERT INTO kv VALUES('bob', 1);
SELECT vkv_commit('kv', 'bob') = vkv_rev_parse('kv', 'main'), vkv_last_merge('kv') ->> 'strategy';
.connection 0
-- The base stays put until the commit, which merges by itself.
SELECT * FROM kv;
SELECT vkv_commit('kv', 'ann') = vkv_rev_parse('kv', 'main'), vkv_last_merge('kv') ->> 'strategy', vkv_last_merge('kv') ->> 'auto_merged_keys';
SELECT * FROM kv;
.connection 1
SELECT vkv_get('kv', 'ann'), vkv_refresh('kv') = vkv_rev_parse('kv', 'main'), vkv_get('kv', 'ann');
UPDATE kv SET value = 'bob' WHERE key IN ('a', 'ann');
.connection 0
UPDATE kv SET value = 'ann' WHERE key IN ('a', 'ann');
SELECT vkv_commit('kv', 'ann') = vkv_rev_parse('kv', 'main');
.connection 1
SELECT vkv_commit('kv', 'bob');
SELECT vkv_has_changes('kv');
SELECT vkv_commit('kv', 'bob', '{"on_conflict":"theirs"}') = vkv_rev_parse('kv', 'main');
SELECT * FROM kv;
-- Shared by whoever goes there.
INSERT INTO kv VALUES('wip', 1);
.connection 0
SELECT vkv_workspace('kv', 'bob') = vkv_current_commit('kv'), vkv_has_changes('kv'), vkv_get('kv', 'wip');
-- And back to the branch's own.
SELECT vkv_workspace('kv', NULL) = vkv_rev_parse('kv', 'main'), vkv_has_changes('kv');
SELECT vkv_branch('kv', 'dev', 'main~1') = vkv_workspace('kv', 'carl', 'dev'), vkv_current_branch('kv');
SELECT vkv_workspace('kv', NULL) = vkv_rev_parse('kv', 'dev'), vkv_current_branch('kv');
SELECT vkv_workspace('kv', NULL, 'main') = vkv_rev_parse('kv', 'main'), vkv_current_branch('kv');
SELECT vkv_workspace('kv', 'carl', 'main');
SELECT vkv_workspace('kv', 'dora', 'nowhere');
SELECT vkv_workspace('kv', NULL, 'nowhere');
SELECT vkv_workspace('kv', '');
SELECT vkv_workspace('kv', 1);
SELECT vkv_workspace('kv');
SELECT vkv_workspace('kv', 'x', 'main', 1);
SELECT vkv_current_branch('kv'), (SELECT group_concat(name) FROM kv_workspace);

-- Deleting; those who are in it are told.
SELECT vkv_workspace_delete('kv', 'bob');
SELECT vkv_workspace_delete('kv', 'bob', '{"force":1}') IS NOT NULL;
SELECT vkv_workspace_delete('kv', 'nowhere');
SELECT vkv_workspace_delete('kv', NULL);
SELECT vkv_workspace_delete('kv');
.connection 1
SELECT * FROM kv;
SELECT vkv_current_branch('kv');
INSERT INTO kv VALUES('x', 1);
SELECT vkv_commit('kv', 'x');
SELECT vkv_workspace('kv', NULL) = vkv_rev_parse('kv', 'main'), vkv_has_changes('kv');
SELECT vkv_workspace('kv', 'ann') = vkv_current_commit('kv');
SELECT vkv_workspace_delete('kv', 'ann');
-- One whose making was rolled back.
BEGIN;
SELECT vkv_workspace('kv', 'brief') = vkv_rev_parse('kv', 'main');
ROLLBACK;
SELECT * FROM kv;
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');

-- vkv_reset discards what is staged; vkv_refresh goes to the head too.
INSERT INTO kv VALUES('y', 1);
SELECT vkv_reset('kv') = vkv_rev_parse('kv', 'main'), vkv_get('kv', 'y');
SELECT vkv_reset('kv') = vkv_rev_parse('kv', 'main');
INSERT INTO kv VALUES('y', 1);
SELECT vkv_refresh('kv') = vkv_rev_parse('kv', 'main'), vkv_get('kv', 'y');
SELECT vkv_checkout('kv', 'main~1') = vkv_rev_parse('kv', 'main~1');
INSERT INTO kv VALUES('y', 1);
SELECT vkv_reset('kv') = vkv_rev_parse('kv', 'main~1'), vkv_get('kv', 'y');
BEGIN;
SELECT vkv_refresh('kv') = vkv_rev_parse('kv', 'main'), vkv_current_commit('kv') = vkv_rev_parse('kv', 'main');
ROLLBACK;
SELECT vkv_current_commit('kv') = vkv_rev_parse('kv', 'main~1');

-- vkv_reset_to forces the branch, be it to where it is.
CREATE VIRTUAL TABLE fresh USING vkv;
SELECT vkv_reset_to('fresh', 'HEAD') = vkv_reset_to('fresh', 'HEAD'), vkv_check('fresh');
DROP TABLE fresh;
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');
BEGIN;
SELECT vkv_reset_to('kv', 'HEAD~2') = vkv_rev_parse('kv', 'main');
SELECT * FROM kv;
ROLLBACK;
SELECT count(*) FROM kv;
INSERT INTO kv VALUES('z', 1);
SELECT vkv_reset_to('kv', 'dev');
SELECT vkv_reset('kv') = vkv_reset_to('kv', 'HEAD');
SELECT vkv_reset_to('kv', 'nowhere');
SELECT vkv_reset_to('kv', NULL);
SELECT vkv_reset_to('kv');
SELECT vkv_reset();
SELECT vkv_reset('kv', 1);
SELECT vkv_refresh();
SELECT vkv_refresh('nowhere');
SELECT vkv_check('kv');
