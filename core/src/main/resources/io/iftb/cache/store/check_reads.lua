-- Fails before anything is written if the user lacks a right to read that changes of a series need once they have written.
-- KEYS as in series.lua
--
-- What a script reads before it writes needs no check: it is refused there. Servers before Redis 7.0 cannot tell.
do
  local may, key = redis.acl_check_cmd, KEYS[1]
  local lacks = may and (not may('GET', key) and 'get' or not may('EXISTS', key) and 'exists'
    or not may('TIME') and 'time' or not may('PTTL', key) and 'pttl' or not may('ZRANGE', key, '0', '0') and 'zrange'
    or not may('ZREVRANGEBYSCORE', key, '0', '0') and 'zrevrangebyscore')
  if lacks then
    error(redis.error_reply("NOPERM this user has no permissions to run the '" .. lacks .. "' command"))
  end
end
