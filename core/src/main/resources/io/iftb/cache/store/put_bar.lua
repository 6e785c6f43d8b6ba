-- Writes a bar if a condition holds.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] condition: ANY, ABSENT or PRESENT
-- ARGV[3] lifetime where the bar is new: ms, -1 never, 0 store nothing
-- ARGV[4] lifetime where the bar was there: ms, -1 never, -2 as it was, 0 remove it
-- ARGV[5] value: 48 bytes
-- gives {whether the condition held, the value before or nil}
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
