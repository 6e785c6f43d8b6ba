-- Puts a page in the place of another one, if the pages are those that the client knows, and nothing else changes.
-- KEYS[1] head, KEYS[2] index, as in series.lua
-- KEYS[3] the page that comes; the caller has written it, and it soon expires
-- KEYS[4] the page that goes
-- KEYS[5] the coverage of the series, if it must not be there, since bars of it end; may be left out
-- ARGV[1] the mark of the head, which names the revision of the pages, and so all that the index holds
-- ARGV[2] the mark that takes its place
-- ARGV[3] entry to remove
-- ARGV[4] entry to add, between the same neighbours; ARGV[5] its score
-- ARGV[6] when the page that comes expires, epoch ms; empty for never
-- ARGV[7], ARGV[8] a channel, and the event of the change, which is published there; may be left out
-- returns 1; or 0 if something is not as expected, and nothing was changed
--
-- link_pages.lua makes all other exchanges. This one defines no function and makes no string: those cost more than commands.
local call = redis.call
if call('GETRANGE', KEYS[1], '0', '47') ~= ARGV[1] then
  return 0
end
if KEYS[5] and call('EXISTS', KEYS[5]) == 1 then
  return 0
end
if ARGV[7] and redis.acl_check_cmd and not redis.acl_check_cmd('PUBLISH', ARGV[7], '') then
  return redis.error_reply("NOPERM this user has no permissions to 'publish' to the channel " .. ARGV[7])
end
if ARGV[6] == '' and call('PERSIST', KEYS[3]) == 0 or ARGV[6] ~= '' and call('PEXPIREAT', KEYS[3], ARGV[6]) == 0 then
  return 0 -- the server has evicted it
end
call('ZADD', KEYS[2], ARGV[5], ARGV[4])
if call('ZREM', KEYS[2], ARGV[3]) == 0 then
  call('ZREM', KEYS[2], ARGV[4]) -- the index was lost
  call('UNLINK', KEYS[3])
  return 0
end
call('UNLINK', KEYS[4])
call('SETRANGE', KEYS[1], '0', ARGV[2])
if ARGV[7] then
  call('PUBLISH', ARGV[7], ARGV[8])
end
return 1
