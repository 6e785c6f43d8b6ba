-- Reads bars of one series by their open times, and sets the lifetime of those that belong to its head.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] lifetime from now on: ms, -1 for ever, 0 to remove the bars
-- ARGV[3..] open times, sorted, each once
-- returns {values of those that were there, one after the other}, and, if some bars belong to pages, what add_pages_of adds
local lifetime, now = tonumber(ARGV[2]), clock()
prepare(now)
local changes, values, old = {}, {}, {}
for i = 3, #ARGV do
  local time = tonumber(ARGV[i])
  if time < head_begins() then
    old[#old + 1] = struct.pack('>i8', time)
  else
    local row = find(time, now)
    if row then
      values[#values + 1] = value_of(row)
      changes[#changes + 1] = lifetime == 0 and removal(time) or rows_of(value_of(row), expiry(now, lifetime))
    end
  end
end
local reply = {table.concat(values)}
if #old > 0 then
  add_pages_of(reply, table.concat(old), 8, #old, now)
end
if #changes > 0 then
  change_head(table.concat(changes), now)
end
return reply
