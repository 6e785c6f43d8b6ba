-- Makes changes of intervals, for a test that compares them with a simple model.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] now; ARGV[3] changes, 25 bytes each, as in coverage.lua
-- returns the intervals after each change, 25 bytes each
local now, list, reply = tonumber(ARGV[2]), {}, {}
for at = 1, #ARGV[3] - 24, 25 do
  local from, to, ends = unpack('>i8i8i8', ARGV[3], at)
  list = settled_reasons(with_interval(list, from, to, ends, ARGV[3]:sub(at + 24, at + 24), now), now)
  local parts = {}
  for i, each in ipairs(list) do
    parts[i] = struct.pack('>i8i8', each[1], each[2]) .. (each[3] >= FOREVER and EVER or struct.pack('>i8', each[3])) .. each[4]
  end
  reply[#reply + 1] = table.concat(parts)
end
return reply
