-- vkv_gc.
.echo on
.nullvalue NULL
.open file.db
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('a', 1);
SELECT length(vkv_commit('kv', 'one'));
SELECT vkv_tag('kv', 'one') = vkv_current_commit('kv');
UPDATE kv SET value = 2;
SELECT length(vkv_commit('kv', 'two'));
SELECT vkv_workspace('kv', 'agent') = vkv_rev_parse('kv', 'main');
SELECT vkv_workspace('kv', NULL) = vkv_rev_parse('kv', 'main');
UPDATE kv SET value = 3;
SELECT length(vkv_commit('kv', 'three'));
SELECT length(vkv_reset_to('kv', 'one'));

-- Young commits stay, and so does what the tag and the workspace stand on.
SELECT vkv_gc('kv');
SELECT vkv_gc('kv', '{"min_age":0, "dry_run":true}');
SELECT vkv_gc('kv', '{"dry_run":true}');

-- What is collected comes back with ROLLBACK.
BEGIN;
SELECT vkv_gc('kv', '{"min_age":0}');
ROLLBACK;
SELECT vkv_gc('kv', '{"min_age":0}');
SELECT vkv_gc('kv', '{"min_age":0}');
SELECT vkv_check('kv'), vkv_get('kv', 'a');
SELECT vkv_workspace('kv', 'agent') = vkv_rev_parse('kv', 'one'), vkv_get('kv', 'a');
SELECT vkv_workspace('kv', NULL) = vkv_rev_parse('kv', 'one');
SELECT length(vkv_workspace_delete('kv', 'agent'));
SELECT vkv_gc('kv', '{"min_age":0.0}');
SELECT vkv_check('kv');

-- A version that is checked out stays, though nothing else names it and nothing was written there.
INSERT INTO kv VALUES('b', 1);
SELECT length(vkv_commit('kv', 'two'));
SELECT vkv_tag('kv', 'two') = vkv_current_commit('kv');
SELECT length(vkv_reset_to('kv', 'one'));
SELECT length(vkv_checkout('kv', 'two')), length(vkv_tag_delete('kv', 'two'));
SELECT vkv_gc('kv', '{"min_age":0}');
SELECT vkv_check('kv'), count(*) FROM kv;
INSERT INTO kv VALUES('c', 1);
SELECT length(vkv_commit('kv', 'three'));
SELECT length(vkv_checkout('kv', 'main'));
SELECT group_concat(key) FROM kv;

-- Bad input.
SELECT vkv_gc();
SELECT vkv_gc('nowhere');
SELECT vkv_gc('kv', '{"min_age":-1}');
SELECT vkv_gc('kv', '{"min_age":1e300}');
SELECT vkv_gc('kv', '{"min_age":"1"}');
SELECT vkv_gc('kv', '{"age":1}');
SELECT vkv_gc('kv', 7);
