-- Fails before anything is written if the user lacks a right that changes of a series need.
-- KEYS as in series.lua
--
-- A script that is refused in its middle has written a part. Servers before Redis 7.0 cannot tell.
do
  local may, key = redis.acl_check_cmd, KEYS[1]
  local lacks = may and (not may('SET', key, '') and 'set' or not may('SETRANGE', key, '0', '') and 'setrange'
    or not may('APPEND', key, '') and 'append' or not may('PEXPIREAT', key, '1') and 'pexpireat'
    or not may('PERSIST', key) and 'persist' or not may('ZADD', key, '0', '') and 'zadd'
    or not may('ZREM', key, '') and 'zrem' or not may('UNLINK', key) and 'unlink'
    or not may('DEL', key) and 'del' or not may('RENAME', key, key) and 'rename')
  if lacks then
    error(redis.error_reply("NOPERM this user has no permissions to run the '" .. lacks .. "' command"))
  end
end
