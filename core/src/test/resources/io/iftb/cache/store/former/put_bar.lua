-- Writes a bar if a condition holds.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] condition: ANY, ABSENT or PRESENT
-- ARGV[3] lifetime of a new bar: ms, -1 for ever, 0 to store nothing
-- ARGV[4] lifetime of an existing bar: ms, -1 for ever, -2 to keep it, 0 to remove the bar
-- ARGV[5] value, 48 bytes
-- returns {1 if the condition held, else 0; the previous value or nil}
local condition, creation, update, value = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local now = clock()
local time = time_at(value, 0)
local before = find(time, now)
if (condition == 'ABSENT' and before) or (condition == 'PRESENT' and not before) then
  return {0, before and value_of(before) or false}
end
local lifetime = before and update or creation
if lifetime == -2 then
  apply(rows_of(value, before:sub(9, 16)), now)
elseif lifetime ~= 0 then
  apply(rows_of(value, expiry(now, lifetime)), now)
elseif before then
  apply(removal(time), now)
end
return {1, before and value_of(before) or false}
