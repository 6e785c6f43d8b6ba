-- Reads bars of one series by their open times.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] lifetime from now on: ms, -1 for ever, -2 to keep it, 0 to remove the bars; all but -2 need change_series.lua
-- ARGV[3..] open times, sorted, each once
-- returns the value of each, or nil
local lifetime = tonumber(ARGV[2])
local now = clock()
local values, changes = {}, {}
for i = 3, #ARGV do
  local time = tonumber(ARGV[i])
  local row = find(time, now)
  values[#values + 1] = row and value_of(row)
  if not row then
    values[i - 2] = false
  elseif lifetime == 0 then
    changes[#changes + 1] = removal(time)
  elseif lifetime ~= -2 then
    changes[#changes + 1] = rows_of(value_of(row), expiry(now, lifetime))
  end
end
if #changes > 0 then
  apply(table.concat(changes), now)
end
return values
