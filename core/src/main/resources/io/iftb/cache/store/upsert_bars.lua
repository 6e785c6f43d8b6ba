-- Writes bars of one series, whether or not they are there; safe to replay.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] lifetime: ms, or -1 for ever
-- ARGV[3] values: 48 bytes each, sorted by open time, each open time once
-- returns how many rows the head has, as a negative number if others have become a page of rows, which is to be packed;
-- or, if some bars belong to pages, and nothing was done, what add_pages_of adds
local now, values = clock(), ARGV[3]
prepare(now)
local old = bound(values, ROW - 8, head_begins(), 0)
if old > 0 then
  return add_pages_of({}, values, ROW - 8, old, now)
end
change_head(rows_of(values, expiry(now, tonumber(ARGV[2]))), now)
return made_page and -head_rows() or head_rows()
