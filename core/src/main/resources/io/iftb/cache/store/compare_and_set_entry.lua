-- Changes an entry if it is still what was read.
-- KEYS[1] the entry
-- ARGV[1] whether there was an entry: 1 or 0
-- ARGV[2] expected: the value read; empty if there was none
-- ARGV[3] whether it is to be removed: 1 or 0
-- ARGV[4] update: the new value; empty to remove
-- ARGV[5] lifetime: ms, -1 never, -2 as it was, 0 remove the entry
-- ARGV[6] channel: where ARGV[7], news of the change, goes if it is made; both missing for nowhere
-- gives 1 if the entry was as expected, else 0
local before = redis.call('GET', KEYS[1])
if (before and '1' or '0') ~= ARGV[1] or (before or '') ~= ARGV[2] then
  return 0
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
