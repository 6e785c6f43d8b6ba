-- Writes an entry if a condition holds.
-- KEYS[1] the entry
-- ARGV[1] condition: ANY, ABSENT or PRESENT
-- ARGV[2] lifetime where the entry is new: ms, -1 never, 0 store nothing
-- ARGV[3] lifetime where the entry was there: ms, -1 never, -2 as it was, 0 remove it
-- ARGV[4] value
-- gives {whether the condition held, the value before or nil}
local condition, value = ARGV[1], ARGV[4]
local before = redis.call('GET', KEYS[1])
if (condition == 'ABSENT' and before) or (condition == 'PRESENT' and not before) then
  return {0, before}
end
local lifetime = tonumber(before and ARGV[3] or ARGV[2])
if lifetime == -2 then
  redis.call('SET', KEYS[1], value, 'KEEPTTL')
elseif lifetime == -1 then
  redis.call('SET', KEYS[1], value)
elseif lifetime > 0 then
  redis.call('SET', KEYS[1], value, 'PX', lifetime)
elseif before then
  redis.call('UNLINK', KEYS[1])
end
return {1, before}
