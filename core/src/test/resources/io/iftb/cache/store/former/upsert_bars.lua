-- Writes bars of one series, whether or not they are there; safe to replay.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] lifetime: ms, or -1 for ever
-- ARGV[3] values: 48 bytes each, sorted by open time, each open time once
local now = clock()
apply(rows_of(ARGV[3], expiry(now, tonumber(ARGV[2]))), now)
return #ARGV[3] / (ROW - 8)
