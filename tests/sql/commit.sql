-- vkv_commit: what is staged becomes a commit.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('a', 1), ('b', 2), ('c', NULL);
SELECT vkv_has_changes('kv');
CREATE TEMP TABLE commits(name, hash);
INSERT INTO commits SELECT 'root', vkv_current_commit('kv');
SELECT length(vkv_commit('kv', 'first'));
SELECT vkv_has_changes('kv'), vkv_current_commit('kv') <> hash FROM commits;
SELECT vkv_rev_parse('kv', 'HEAD~1') = hash FROM commits;
SELECT vkv_rev_parse('kv', 'main') = vkv_current_commit('kv'), vkv_base_commit('kv') = vkv_current_commit('kv');

-- Nothing staged: the current commit, whatever the message.
SELECT vkv_commit('kv', 'again') = vkv_current_commit('kv'), vkv_rev_parse('kv', 'HEAD~1') = hash FROM commits;
-- A row put back to what it was is no change.
UPDATE kv SET value = 3 WHERE key = 'a';
UPDATE kv SET value = 1 WHERE key = 'a';
SELECT vkv_has_changes('kv'), vkv_commit('kv', 'nothing') = vkv_current_commit('kv');
SELECT vkv_commit('kv', 'empty', '{"allow_empty":true}') = vkv_rev_parse('kv', 'HEAD'), vkv_rev_parse('kv', 'HEAD~2') = hash FROM commits;
SELECT vkv_hash('kv', 'HEAD') = vkv_hash('kv', 'HEAD~1'), vkv_hash('kv', 'HEAD') = vkv_hash('kv', 'HEAD~2');

-- Equal content, metadata and parents give equal hashes; the default time makes them differ.
CREATE VIRTUAL TABLE other USING vkv;
INSERT INTO other VALUES('c', NULL), ('b', 2), ('a', 1);
SELECT vkv_hash('other') = vkv_hash('kv');
SELECT vkv_reset_to('kv', 'HEAD~2') = vkv_rev_parse('kv', 'main');
INSERT INTO kv SELECT * FROM other;
SELECT vkv_commit('kv', 'm', '{"author":"ann","time":"2026-01-02T03:04:05Z","info":{"b":1,"a":[]}}')
     = vkv_commit('other', 'm', '{"info":{"a":[], "b":1}, "time":1767323045, "author":"ann"}');
SELECT vkv_reset_to('kv', 'HEAD~1') = vkv_reset_to('other', 'HEAD~1');
INSERT INTO kv VALUES('a', 1);
INSERT INTO other VALUES('a', 1);
SELECT vkv_commit('kv', NULL, '{"time":null}') = vkv_commit('other', NULL, '{"time":null}');
INSERT INTO kv VALUES('b', 1);
INSERT INTO other VALUES('b', 1);
SELECT vkv_commit('kv', 'm', '{"time":0,"info":{}}') = vkv_commit('other', 'm', '{"time":0}');

-- keys: commits some, leaves the rest staged.
INSERT INTO kv VALUES('user/1', 'x'), ('user/2', 'y'), ('log/1', 'z');
DELETE FROM kv WHERE key = 'a';
SELECT vkv_commit('kv', 'users', '{"keys":["user/*"]}') = vkv_current_commit('kv');
SELECT vkv_has_changes('kv'), vkv_get('kv', 'user/1', 'HEAD'), vkv_get('kv', 'log/1', 'HEAD'), vkv_get('kv', 'log/1'), vkv_get('kv', 'a', 'HEAD'), vkv_get('kv', 'a');
SELECT vkv_commit('kv', 'none of these', '{"keys":["nothing*", "user/*"]}') = vkv_current_commit('kv'), vkv_has_changes('kv');
SELECT vkv_commit('kv', 'the rest', '{"keys":["?", "log*"]}') = vkv_current_commit('kv'), vkv_has_changes('kv');
SELECT * FROM kv;

-- One transaction with everything else.
CREATE TABLE orders(id);
BEGIN;
INSERT INTO orders VALUES(1);
INSERT INTO kv VALUES('order', 1);
INSERT INTO commits SELECT 'before', vkv_current_commit('kv');
SELECT vkv_commit('kv', 'order') = vkv_current_commit('kv'), vkv_has_changes('kv');
ROLLBACK;
SELECT count(*) FROM orders;
SELECT vkv_get('kv', 'order'), vkv_has_changes('kv'), vkv_get('kv', 'log/1', 'HEAD');
BEGIN;
INSERT INTO kv VALUES('k', 1);
SAVEPOINT s;
SELECT vkv_commit('kv', 'in a savepoint') = vkv_current_commit('kv'), vkv_has_changes('kv');
ROLLBACK TO s;
SELECT vkv_has_changes('kv'), vkv_get('kv', 'k', 'HEAD'), vkv_get('kv', 'k');
COMMIT;
SELECT vkv_has_changes('kv'), vkv_get('kv', 'k', 'HEAD'), vkv_get('kv', 'k');
SELECT vkv_check('kv'), vkv_check('other');

-- Errors change nothing.
SELECT vkv_commit('kv');
SELECT vkv_commit('kv', 'm', '{}', 4);
SELECT vkv_commit('nowhere', 'm');
SELECT vkv_commit('orders', 'm');
SELECT vkv_commit(NULL, 'm');
SELECT vkv_commit('kv', 5);
SELECT vkv_commit('kv', x'00');
SELECT vkv_commit('kv', 'm', 'options');
SELECT vkv_commit('kv', 'm', '[]');
SELECT vkv_commit('kv', 'm', '{"autor":"ann"}');
SELECT vkv_commit('kv', 'm', '{"author":1}');
SELECT vkv_commit('kv', 'm', '{"time":"yesterday"}');
SELECT vkv_commit('kv', 'm', '{"info":1}');
SELECT vkv_commit('kv', 'm', '{"keys":"a*"}');
SELECT vkv_commit('kv', 'm', '{"allow_empty":"yes"}');
SELECT vkv_commit('kv', 'm', '{"on_conflict":"record"}');
SELECT vkv_has_changes('kv');
