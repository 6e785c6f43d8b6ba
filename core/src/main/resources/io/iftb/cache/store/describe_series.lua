-- Describes what a series holds.
-- KEYS, ARGV[1] as in series.lua
-- returns {rows, open time of the first, open time of the last, bytes of memory, ms to live or -1} as text; nil if empty
local rows = count(HEAD)
if rows == 0 then
  return false
end
local first = time_at(row_in(HEAD, 0), 0)
local last = time_at(row_in(HEAD, rows - 1), 0)
local bytes = redis.call('MEMORY', 'USAGE', HEAD)
local pages = redis.call('ZRANGE', INDEX, 0, -1)
if #pages > 0 then
  bytes = bytes + redis.call('MEMORY', 'USAGE', INDEX, 'SAMPLES', 0)
end
for i = #pages, 1, -1 do
  local held = count(PREFIX .. pages[i])
  if held > 0 then
    first = tonumber(pages[i])
    rows = rows + held
    bytes = bytes + redis.call('MEMORY', 'USAGE', PREFIX .. pages[i])
  end
end
return {text(rows), text(first), text(last), text(bytes), text(redis.call('PTTL', HEAD))}
