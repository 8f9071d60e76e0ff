-- vkv_get and vkv_cas.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('i', 1), ('r', 0.5), ('t', 'text'), ('b', x'00ff'), ('n', NULL), (5, 'five'), ('', 'empty');
SELECT key, value IS vkv_get('kv', key), typeof(value) = typeof(vkv_get('kv', key)) FROM kv;
SELECT vkv_get('kv', 5), vkv_get('kv', 'missing');
SELECT vkv_commit('kv', 'one') = vkv_current_commit('kv');
UPDATE kv SET value = 2 WHERE key = 'i';
DELETE FROM kv WHERE key = 'r';
SELECT vkv_get('kv', 'i'), vkv_get('kv', 'i', 'WORKING'), vkv_get('kv', 'i', 'HEAD'), vkv_get('kv', 'i', 'HEAD~1'), vkv_get('kv', 'i', NULL);
SELECT vkv_get('kv', 'r'), vkv_get('kv', 'r', 'main');
SELECT length(vkv_get('kv', 'big')) FROM (SELECT 1);
INSERT INTO kv VALUES('big', zeroblob(300000));
SELECT length(vkv_get('kv', 'big')), vkv_commit('kv', 'big') = vkv_current_commit('kv'), length(vkv_get('kv', 'big'));
CREATE VIEW v AS SELECT vkv_get('kv', 'i') AS i, vkv_hash('kv') = vkv_hash('kv', 'main') AS clean;
SELECT * FROM v;

-- Expected is compared as IS does; NULL: there must be no such key.
SELECT vkv_cas('kv', 'i', 3, 1), vkv_get('kv', 'i');
SELECT vkv_cas('kv', 'i', 3, 2), vkv_get('kv', 'i');
SELECT vkv_cas('kv', 'i', 4, 3.0), vkv_cas('kv', 'i', 5, '4'), vkv_get('kv', 'i');
SELECT vkv_cas('kv', 'new', 'x', NULL), vkv_cas('kv', 'new', 'y', NULL), vkv_get('kv', 'new');
SELECT vkv_cas('kv', 'n', 1, NULL), vkv_get('kv', 'n');
SELECT vkv_cas('kv', 't', NULL, 'text'), vkv_get('kv', 't'), (SELECT count(*) FROM kv WHERE key = 't');
SELECT vkv_cas('kv', 'gone', 1, 'x');
-- It stages.
SELECT vkv_has_changes('kv'), vkv_get('kv', 'i', 'HEAD');
BEGIN;
SELECT vkv_cas('kv', 'b', 'changed', x'00ff');
ROLLBACK;
SELECT hex(vkv_get('kv', 'b'));

SELECT vkv_get('kv', NULL);
SELECT vkv_get('kv', x'00');
SELECT vkv_get('kv', 'i', 'nowhere');
SELECT vkv_get('kv', 'i', 5);
SELECT vkv_get('kv');
SELECT vkv_get('kv', 'i', 'HEAD', 1);
SELECT vkv_get('nowhere', 'i');
SELECT vkv_cas('kv', NULL, 1, 2);
SELECT vkv_cas('kv', x'00', 1, 2);
SELECT vkv_cas('kv', 'i', 1);
SELECT vkv_cas('kv', printf('%.9000c', 'k'), 1, NULL);
SELECT vkv_cas('kv', 'i', 1, 2, 3);
