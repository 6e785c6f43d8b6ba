-- Writes a bar if a condition holds.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] condition: ANY, ABSENT or PRESENT
-- ARGV[3] lifetime of a new bar: ms, -1 for ever, 0 to store nothing
-- ARGV[4] lifetime of an existing bar: ms, -1 for ever, -2 to keep it, 0 to remove the bar
-- ARGV[5] value, 48 bytes
-- returns {1 if the condition held, else 0; how many rows the head has, as upsert_bars.lua returns it; the previous value or
-- nil}; or, if the bar belongs to a page, and nothing was done, {2, what add_pages_of adds}
local condition, creation, update, value = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local now = clock()
local time = time_at(value, 0)
prepare(now)
if time < head_begins() then
  return add_pages_of({2}, value, ROW - 8, 1, now)
end
local before = find(time, now)
if (condition == 'ABSENT' and before) or (condition == 'PRESENT' and not before) then
  return {0, head_rows(), before and value_of(before) or false}
end
local lifetime = before and update or creation
if lifetime == -2 then
  change_head(rows_of(value, before:sub(9, 16)), now)
elseif lifetime ~= 0 then
  change_head(rows_of(value, expiry(now, lifetime)), now)
elseif before then
  change_head(removal(time), now)
end
return {1, made_page and -head_rows() or head_rows(), before and value_of(before) or false}
