-- Lists the entries of an index, for tests.
-- KEYS[1] index
return redis.call('ZRANGE', KEYS[1], 0, -1)
