-- Writes an entry if a condition holds.
-- KEYS[1] the entry
-- ARGV[1] condition: ANY, ABSENT or PRESENT
-- ARGV[2] lifetime of a new entry: ms, -1 for ever, 0 to store nothing
-- ARGV[3] lifetime of an existing entry: ms, -1 for ever, -2 to keep it, 0 to remove the entry
-- ARGV[4] value
-- ARGV[5] 1 if the previous value is wanted, else 0; an entry of another type than a string is an error only if it is
-- returns {1 if the condition held, else 0; the previous value or nil}
local condition, value = ARGV[1], ARGV[4]
local before = redis[ARGV[5] == '1' and 'call' or 'pcall']('GET', KEYS[1])
if type(before) == 'table' and not before.err:find('WRONGTYPE', 1, true) then
  return before
end
local previous = type(before) == 'string' and before or false
if (condition == 'ABSENT' and before) or (condition == 'PRESENT' and not before) then
  return {0, previous}
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
return {1, previous}
