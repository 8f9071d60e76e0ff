-- vkv_checkout of commits and tags: a detached private workspace.
.echo on
.nullvalue NULL
.open file.db
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('a', 1);
SELECT vkv_commit('kv', 'one', '{"time":0}') = vkv_current_commit('kv');
SELECT vkv_tag('kv', 'v1') = vkv_rev_parse('kv', 'v1');
INSERT INTO kv VALUES('b', 2);
SELECT vkv_commit('kv', 'two', '{"time":0}') = vkv_current_commit('kv');

SELECT vkv_checkout('kv', 'v1') = vkv_rev_parse('kv', 'main~1');
SELECT * FROM kv;
SELECT vkv_current_branch('kv'), vkv_current_commit('kv') = vkv_rev_parse('kv', 'v1'), vkv_has_changes('kv');
-- Nothing is written until there is something to write.
SELECT count(*) FROM kv_workspace WHERE name IS NOT NULL;
INSERT INTO kv VALUES('c', 3);
SELECT name GLOB 'main@????????-????????', branch, hex(base) = upper(vkv_rev_parse('kv', 'v1')) FROM kv_workspace WHERE name IS NOT NULL;
-- Nobody else sees it.
.connection 1
.open file.db
SELECT vkv_current_branch('kv'), vkv_has_changes('kv');
SELECT * FROM kv;
.connection 0
-- Committing merges forward into the branch; the connection stays, at the new head.
SELECT vkv_commit('kv', 'three', '{"time":0}') = vkv_rev_parse('kv', 'main');
SELECT json_extract(vkv_last_merge('kv'), '$.strategy'), vkv_last_merge('kv') ->> '$.auto_merged_keys', vkv_last_merge('kv') ->> '$.carried';
SELECT * FROM kv;
SELECT vkv_current_commit('kv') = vkv_rev_parse('kv', 'main'), vkv_rev_parse('kv', 'main^2~1') = vkv_rev_parse('kv', 'v1');
SELECT count(*) FROM kv_workspace WHERE name IS NOT NULL;
.connection 1
SELECT * FROM kv;
INSERT INTO kv VALUES('d', 4);
SELECT vkv_commit('kv', 'four') = vkv_rev_parse('kv', 'main');
.connection 0
-- Its base stays put while the branch goes on.
SELECT vkv_get('kv', 'd'), vkv_get('kv', 'd', 'main');
SELECT vkv_refresh('kv') = vkv_rev_parse('kv', 'main'), vkv_get('kv', 'd');

-- On another branch, even one that does not exist yet: the first commit makes it.
SELECT vkv_checkout('kv', 'main~1', '{"branch":"fix"}') = vkv_rev_parse('kv', 'main~1'), vkv_current_branch('kv');
SELECT vkv_rev_parse('kv', 'fix');
SELECT vkv_refresh('kv');
INSERT INTO kv VALUES('e', 5);
SELECT vkv_commit('kv', 'five') = vkv_rev_parse('kv', 'fix'), vkv_rev_parse('kv', 'fix~1') = vkv_rev_parse('kv', 'main~1');
SELECT vkv_checkout('kv', 'main~1', '{"branch":"a..b"}');
SELECT vkv_checkout('kv', 'main', '{"branch":"fix"}');
-- So does a merge that has something to merge, and a rebase.
SELECT vkv_checkout('kv', 'main~1', '{"branch":"merged"}') = vkv_rev_parse('kv', 'main~1');
SELECT vkv_merge('kv', 'main~2') = vkv_rev_parse('kv', 'main~1'), vkv_rev_parse('kv', 'merged');
SELECT vkv_merge('kv', 'main~1');
SELECT vkv_merge('kv', 'main', '{"dry_run":true}');
SELECT vkv_rev_parse('kv', 'merged');
SELECT vkv_merge('kv', 'main') = vkv_rev_parse('kv', 'merged'), vkv_last_merge('kv') ->> 'strategy', vkv_current_commit('kv') = vkv_rev_parse('kv', 'main');
SELECT vkv_checkout('kv', 'main~1', '{"branch":"both"}') = vkv_rev_parse('kv', 'main~1');
SELECT vkv_merge('kv', 'fix', '{"no_ff":true}') = vkv_rev_parse('kv', 'both'), vkv_rev_parse('kv', 'both^1') = vkv_rev_parse('kv', 'main~1'), vkv_rev_parse('kv', 'both^2') = vkv_rev_parse('kv', 'fix');
SELECT vkv_checkout('kv', 'main~1', '{"branch":"rebased"}') = vkv_rev_parse('kv', 'main~1');
SELECT vkv_rebase('kv', '{"keep":["a"]}') ->> 'new_commit' = vkv_rev_parse('kv', 'rebased'), vkv_current_commit('kv') = vkv_rev_parse('kv', 'rebased');
SELECT * FROM kv;
INSERT INTO kv VALUES('b', 2);
SELECT vkv_commit('kv', 'goes on') = vkv_rev_parse('kv', 'rebased');
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');
SELECT length(vkv_branch_delete('kv', 'merged')), length(vkv_branch_delete('kv', 'both')), length(vkv_branch_delete('kv', 'rebased'));

-- A conflict names every key and changes nothing.
SELECT vkv_checkout('kv', 'v1') = vkv_rev_parse('kv', 'v1');
INSERT INTO kv VALUES('b', 'mine'), ('d', 'mine'), ('f', 6);
SELECT vkv_commit('kv', 'conflicting');
SELECT vkv_has_changes('kv'), vkv_current_commit('kv') = vkv_rev_parse('kv', 'v1');
SELECT vkv_commit('kv', 'conflicting', '{"on_conflict":"abandon"}'), vkv_last_merge('kv');
SELECT vkv_commit('kv', 'mine wins', '{"on_conflict":"ours"}') = vkv_rev_parse('kv', 'main');
SELECT * FROM kv;
-- What stays staged is not passed over what the merge brought.
SELECT vkv_checkout('kv', 'v1') = vkv_rev_parse('kv', 'v1');
INSERT INTO kv VALUES('b', 'staged'), ('g', 7), ('h', 8), ('f', 6);
SELECT vkv_commit('kv', 'some', '{"keys":["g"]}');
SELECT vkv_has_changes('kv'), vkv_current_commit('kv') = vkv_rev_parse('kv', 'v1'), vkv_get('kv', 'g', 'main');
SELECT vkv_commit('kv', 'some', '{"keys":["g"], "on_conflict":"theirs"}') = vkv_rev_parse('kv', 'main');
SELECT vkv_has_changes('kv'), vkv_get('kv', 'b'), vkv_get('kv', 'h'), vkv_get('kv', 'h', 'main'), vkv_get('kv', 'g', 'main');
SELECT vkv_reset('kv') = vkv_current_commit('kv'), vkv_has_changes('kv');

-- Moving is connection state: ROLLBACK does not undo it.
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');
BEGIN;
INSERT INTO kv VALUES('i', 9);
SELECT vkv_checkout('kv', 'v1') = vkv_rev_parse('kv', 'v1');
INSERT INTO kv VALUES('j', 10);
ROLLBACK;
SELECT * FROM kv;
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main'), vkv_has_changes('kv');

-- Not while a statement writes: it would end elsewhere than it began.
CREATE TABLE log(x);
INSERT INTO log SELECT vkv_checkout('kv', 'v1');
UPDATE kv SET value = vkv_checkout('kv', 'v1');
SELECT count(*) FROM log;
SELECT vkv_current_commit('kv') = vkv_rev_parse('kv', 'main');
-- A statement that reads goes on where it began.
SELECT key, vkv_checkout('kv', 'v1') = vkv_rev_parse('kv', 'v1') FROM kv WHERE key < 'c';
SELECT * FROM kv;

SELECT vkv_checkout('kv', 'nowhere');
SELECT vkv_checkout('kv', 'WORKING');
SELECT vkv_checkout('kv', 'main', '{"branch":"v1"}');
SELECT vkv_checkout('kv', 'v1', '{"branch":"a b"}');
SELECT vkv_checkout('kv', 'v1', '{"brunch":"main"}');
SELECT vkv_checkout('kv', NULL);
SELECT vkv_checkout('kv', 1);
SELECT vkv_checkout('kv');
SELECT vkv_checkout('kv', 'main', '{}', 0);
SELECT vkv_check('kv');
