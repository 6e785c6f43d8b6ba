-- Writes bars of one series, whether or not they are there; safe to replay.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] lifetime: ms, or -1 for never
-- ARGV[3] values: 48 bytes each, sorted by open time, each open time once
local lifetime, values = tonumber(ARGV[2]), ARGV[3]
local now = clock()
local expires_at = expiry(now, lifetime)

-- the rows of all values
local function rows()
  local parts = {}
  for at = 1, #values, ROW - 8 do
    parts[#parts + 1] = values:sub(at, at + 7)
    parts[#parts + 1] = expires_at
    parts[#parts + 1] = values:sub(at + 8, at + ROW - 9)
  end
  return table.concat(parts)
end

if #values > HEAD_ROWS * (ROW - 8) or not write_in_place(rows(), now) then
  local changes = {}
  for at = 1, #values, ROW - 8 do
    local value = values:sub(at, at + ROW - 9)
    changes[#changes + 1] = {time_at(value, 0), row_of(value, expires_at)}
  end
  apply(changes, now)
end
return #values / (ROW - 8)
