-- Reads a bar of a series and the rest of its lifetime.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] open time
-- returns {value, ms to live or -1}; empty if there is no such bar
local now = clock()
local row = find(tonumber(ARGV[2]), now)
if not row then
  return {}
end
local expires = expiry_at(row, 0)
return {value_of(row), expires >= FOREVER and -1 or expires - now}
