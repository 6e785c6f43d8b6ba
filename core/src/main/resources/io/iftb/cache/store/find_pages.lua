-- Finds the pages to which bars belong.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2..] open times, sorted
-- returns what add_pages_of adds
local now, times = clock(), {}
prepare(now)
for i = 2, #ARGV do
  times[i - 1] = struct.pack('>i8', tonumber(ARGV[i]))
end
return add_pages_of({}, table.concat(times), 8, #times, now)
