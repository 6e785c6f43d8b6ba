-- Removes bars of one series that belong to its head.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2..] open times, sorted, each once
-- returns {values of those that were there, one after the other}, and, if some bars belong to pages, what add_pages_of adds
local now = clock()
prepare(now)
local changes, removed, old = {}, {}, {}
for i = 2, #ARGV do
  local time = tonumber(ARGV[i])
  if time < head_begins() then
    old[#old + 1] = struct.pack('>i8', time)
  else
    local before = find(time, now)
    if before then
      changes[#changes + 1] = removal(time)
      removed[#removed + 1] = value_of(before)
    end
  end
end
local reply = {table.concat(removed)}
if #old > 0 then
  add_pages_of(reply, table.concat(old), 8, #old, now)
end
if #changes > 0 then
  change_head(table.concat(changes), now)
end
return reply
