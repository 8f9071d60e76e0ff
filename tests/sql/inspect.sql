-- Reading where one is: revisions, hashes, merge bases, vkv_check.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE kv USING vkv;
-- A new table is at the root commit, which is the same in every store.
SELECT vkv_current_commit('kv');
SELECT vkv_current_branch('kv'), vkv_has_changes('kv'), vkv_check('kv');
SELECT vkv_hash('kv');
SELECT vkv_hash('kv', 'HEAD') = vkv_hash('kv'), vkv_rev_parse('kv', 'main') = vkv_current_commit('kv');
-- The state hash depends on the rows alone.
INSERT INTO kv VALUES('a', 1), ('b', 2.5), ('c', 'three'), ('d', x'04'), ('e', NULL);
SELECT vkv_hash('kv');
SELECT vkv_hash('kv', 'HEAD') = vkv_hash('kv', 'WORKING'), vkv_hash('kv', NULL) = vkv_hash('kv');
SELECT count(*) FROM kv_store;
SELECT vkv_commit('kv', 'one', '{"author":"ann","time":0}');
SELECT vkv_hash('kv') = vkv_hash('kv', 'HEAD');
DELETE FROM kv WHERE key > 'a';
SELECT vkv_hash('kv');
SELECT vkv_commit('kv', 'two', '{"author":"ann","time":"2026-01-01"}');
SELECT vkv_rev_parse('kv', 'HEAD~1'), vkv_rev_parse('kv', 'main^') = vkv_rev_parse('kv', 'HEAD~1'), vkv_rev_parse('kv', 'HEAD^0') = vkv_current_commit('kv');
SELECT vkv_rev_parse('kv', upper(substr(vkv_current_commit('kv'), 1, 6))) = vkv_current_commit('kv');
SELECT vkv_tag('kv', 'v1', 'HEAD~1', 'the first') = vkv_rev_parse('kv', 'v1'), vkv_hash('kv', 'v1') = vkv_hash('kv', 'HEAD~1');
SELECT vkv_merge_base('kv', 'v1', 'main') = vkv_rev_parse('kv', 'v1');
SELECT vkv_rev_parse('kv', '');
SELECT vkv_rev_parse('kv', 'HEAD~3');
SELECT vkv_rev_parse('kv', 'HEAD^2');
SELECT vkv_rev_parse('kv', 'HEAD~x');
SELECT vkv_rev_parse('kv', 'abc');
SELECT vkv_rev_parse('kv', '0000');
SELECT vkv_rev_parse('kv', 'WORKING');
SELECT vkv_rev_parse('kv', 'it''s');
SELECT vkv_rev_parse('kv', CAST(x'ff41' AS TEXT));
SELECT vkv_rev_parse('kv', NULL);
SELECT vkv_rev_parse('kv');
SELECT vkv_hash();
SELECT vkv_hash('kv', 1);
SELECT vkv_hash('kv', 'HEAD', 1);
SELECT vkv_check();
SELECT vkv_check(1);
SELECT vkv_current_commit('sqlite_schema');
SELECT vkv_current_branch('"kv');
SELECT vkv_current_branch('nowhere.kv');
SELECT vkv_has_changes(x'6b76');

-- Names: bare, with the schema, quoted; attached and temporary databases.
SELECT vkv_current_branch('main.kv'), vkv_current_branch('"kv"'), vkv_current_branch('[main].`kv`'), vkv_current_branch('KV');
ATTACH 'other.db' AS aux;
CREATE VIRTUAL TABLE aux."a b.c" USING vkv;
CREATE VIRTUAL TABLE temp.t USING vkv(branch=tmp);
SELECT vkv_current_branch('aux."a b.c"'), vkv_current_branch('t'), vkv_current_branch('temp.t');
INSERT INTO aux."a b.c" VALUES('k', 1);
SELECT vkv_commit('"a b.c"', 'm') = vkv_current_commit('aux."a b.c"');

-- Tags.
SELECT vkv_tag('kv', 'v1');
SELECT vkv_tag('kv', 'v 1');
SELECT vkv_tag('kv', 'v2', 'nowhere');
SELECT vkv_tag('kv', 'v2', NULL, 5);
SELECT vkv_tag('kv', 'v2') = vkv_current_commit('kv'), vkv_tag_delete('kv', 'v2') = vkv_current_commit('kv');
SELECT vkv_tag_delete('kv', 'v2');
SELECT vkv_tag_delete('kv', NULL);
SELECT vkv_tag('kv');
-- A branch comes before a tag of its name.
SELECT vkv_tag('kv', 'main', 'HEAD~1') = vkv_rev_parse('kv', 'v1'), vkv_rev_parse('kv', 'main') = vkv_current_commit('kv');
BEGIN;
SELECT vkv_tag_delete('kv', 'v1') = vkv_rev_parse('kv', 'HEAD~1');
ROLLBACK;
SELECT vkv_rev_parse('kv', 'v1') = vkv_rev_parse('kv', 'HEAD~1');

-- Damage is reported.
SELECT vkv_check('kv'), vkv_check('t'), vkv_check('aux."a b.c"');
INSERT INTO kv_staged VALUES(77, x'61', 0, 1);
SELECT vkv_check('kv');
DELETE FROM kv_staged;
UPDATE kv_store SET value = x'00' WHERE id = (SELECT min(id) FROM kv_store);
SELECT vkv_check('kv');
