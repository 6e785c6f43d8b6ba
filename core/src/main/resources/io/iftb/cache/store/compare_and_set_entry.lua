-- Changes an entry if it is still as it was read.
-- KEYS[1] the entry
-- ARGV[1] expected state: ABSENT, PRESENT, or FOREIGN for another type than a string
-- ARGV[2] expected value; empty unless PRESENT
-- ARGV[3] 1 to remove the entry, else 0
-- ARGV[4] new value; empty to remove
-- ARGV[5] lifetime: ms, -1 for ever, -2 to keep it, 0 to remove the entry
-- ARGV[6] channel on which ARGV[7], the event of the change, is published if it is made; both may be missing
-- returns 1 if the entry was as expected, else 0
local before = redis.pcall('GET', KEYS[1])
if type(before) == 'table' and not before.err:find('WRONGTYPE', 1, true) then
  return before
end
local state = not before and 'ABSENT' or type(before) == 'string' and 'PRESENT' or 'FOREIGN'
if state ~= ARGV[1] or (state == 'PRESENT' and before ~= ARGV[2]) then
  return 0
end
if ARGV[6] and redis.acl_check_cmd and not redis.acl_check_cmd('PUBLISH', ARGV[6], '') then
  return redis.error_reply("NOPERM this user has no permissions to 'publish' to the channel " .. ARGV[6])
end
local lifetime = tonumber(ARGV[5])
if ARGV[3] == '1' or lifetime == 0 then
  redis.call('UNLINK', KEYS[1])
elseif lifetime == -2 then
  redis.call('SET', KEYS[1], ARGV[4], 'KEEPTTL')
elseif lifetime == -1 then
  redis.call('SET', KEYS[1], ARGV[4])
else
  redis.call('SET', KEYS[1], ARGV[4], 'PX', lifetime)
end
if ARGV[6] then
  redis.call('PUBLISH', ARGV[6], ARGV[7])
end
return 1
