-- Removes bars of one series.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2..] open times, sorted, each once
-- returns the value of each bar that was there
local now = clock()
local changes, removed = {}, {}
for i = 2, #ARGV do
  local time = tonumber(ARGV[i])
  local before = find(time, now)
  if before then
    changes[#changes + 1] = removal(time)
    removed[#removed + 1] = value_of(before)
  end
end
if #changes > 0 then
  apply(table.concat(changes), now)
end
return removed
