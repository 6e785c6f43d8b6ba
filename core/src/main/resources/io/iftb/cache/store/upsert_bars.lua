-- Writes bars of one series, whether or not they are there; safe to replay.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] lifetime: ms, or -1 for never
-- ARGV[3] values: 48 bytes each, sorted by open time, each open time once
local lifetime, values = tonumber(ARGV[2]), ARGV[3]
local now = clock()
local expires_at = expiry(now, lifetime)

local function rows()
  local parts = {}
  for at = 1, #values, ROW - 8 do
    parts[#parts + 1] = values:sub(at, at + 7)
    parts[#parts + 1] = expires_at
    parts[#parts + 1] = values:sub(at + 8, at + ROW - 9)
  end
  return table.concat(parts)
end

-- appends to the head or replaces its last row, where nothing else has to move; whether it could
local function append(data)
  local held = count(HEAD)
  if held == 0 then
    return false
  end
  local last = row_in(HEAD, held - 1)
  local time, last_time = time_at(data, 0), time_at(last, 0)
  local from = time == last_time and held - 1 or held
  if time < last_time or from + #data / ROW > HEAD_ROWS or expiry_at(row_in(HEAD, 0), 0) <= now then
    return false
  end
  local left = redis.call('PTTL', HEAD)
  if lifetime < 0 then
    if left ~= -1 then
      redis.call('PERSIST', HEAD)
    end
  elseif left ~= -1 and lifetime > left then
    redis.call('PEXPIREAT', HEAD, text(now + lifetime))
  elseif from < held and (left == -1 or expiry_at(last, 0) >= now + left - 2) then
    return false -- the row to be replaced may be what the head lives for
  end
  redis.call('SETRANGE', HEAD, from * ROW, data)
  return true
end

local data = rows()
if not append(data) then
  local changes = {}
  for row = 0, #data / ROW - 1 do
    changes[row + 1] = {time_at(data, row), data:sub(row * ROW + 1, row * ROW + ROW)}
  end
  apply(changes, now)
end
return #data / ROW
