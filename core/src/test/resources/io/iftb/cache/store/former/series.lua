-- A series of bars as rows: the part that the scripts of the candle store share, in front of each of them.
-- KEYS[1] head: the newest rows
-- KEYS[2] index: sorted set of the pages, score and member = open time of a page's first row
-- ARGV[1] prefix: what a page's key begins with; its member in the index follows
--
-- A row is 56 bytes, big-endian: open time, expiry (epoch ms), open, high, low, close, volume. Rows are sorted by open
-- time. The head holds all rows of a short series, else 1,023 to 2,046 of them; a page holds up to 1,023.
-- A value is a row without its expiry, 48 bytes.
--
-- The system may delay a script at any point, so no effect depends on how long it takes: the time is read once and passed
-- on as now, and a key is written before its expiry is set.
local HEAD, INDEX, PREFIX = KEYS[1], KEYS[2], ARGV[1]
local ROW, LAST_TIME, FOREVER = 56, 2 ^ 53, 2 ^ 62

-- what changes when rows of pages do, see change_series.lua
local REVISION = PREFIX .. 'revision'

-- a 32-bit server misreads times, and would store nothing without an error
if struct.unpack('>i8', '\0\0\1\0\0\0\0\0') ~= 2 ^ 40 then
  error('candles need a 64-bit server, this one has 32 bits', 0)
end

local function text(number)
  return string.format('%.0f', number)
end

local clock_read -- the latest reading, epoch ms
local function clock()
  local time = redis.call('TIME')
  clock_read = time[1] * 1000 + math.floor(time[2] / 1000)
  return clock_read
end

local function time_at(data, row)
  return (struct.unpack('>i8', data, row * ROW + 1))
end

local function expiry_at(data, row)
  return (struct.unpack('>i8', data, row * ROW + 9))
end

local function value_of(row)
  return row:sub(1, 8) .. row:sub(17)
end

local function refuse(key)
  local length = redis.call('STRLEN', key)
  error("NOTOURS ['" .. key .. "' holds " .. length .. ' bytes that are not rows of candles]', 0)
end

-- fails if the first or last row of a key is not a row
local function require_rows(key, first, last)
  if math.abs(time_at(first, 0)) >= LAST_TIME or math.abs(time_at(last, 0)) >= LAST_TIME then
    refuse(key)
  end
end

-- how many rows a key holds
local function count(key)
  local length = redis.call('STRLEN', key)
  if length % ROW ~= 0 then
    refuse(key)
  end
  return length / ROW
end

-- the row of a key, read by itself
local function row_in(key, row)
  local data = redis.call('GETRANGE', key, row * ROW, row * ROW + ROW - 1)
  require_rows(key, data, data)
  return data
end

-- the number of rows of a key, the first and the last of them, and their open times, all as they were before this
-- script's first write
local known = {}
local function ends(key)
  local found = known[key]
  if not found then
    found = {rows = count(key)}
    if found.rows > 0 then
      found.first, found.last = row_in(key, 0), row_in(key, found.rows - 1)
      found.opens, found.closes = time_at(found.first, 0), time_at(found.last, 0)
    end
    known[key] = found
  end
  return found
end

-- the first row of a key that does not open before a time, and the row itself if it opens at that time. The search reads
-- rows, in turn where the time would lie if rows were evenly spaced, and in the middle of the rest
local function bound_in(key, time)
  local found = ends(key)
  local rows, first, last = found.rows, found.opens, found.closes
  if rows == 0 or time < first then
    return 0
  elseif time > last then
    return rows
  elseif time == first then
    return 0, found.first
  elseif time == last then
    return rows - 1, found.last
  end
  local low, high, even = 0, rows - 1, true
  while high - low > 1 do
    local at = low + (high - low) * (even and (time - first) / (last - first) or 0.5)
    at = math.max(low + 1, math.min(high - 1, math.ceil(at)))
    even = not even
    local row = row_in(key, at)
    local opens = time_at(row, 0)
    if opens == time then
      return at, row
    elseif opens < time then
      low, first = at, opens
    else
      high, last = at, opens
    end
  end
  return high
end

-- the open time that names the page which covers a time; the first page covers all before it; nil without pages
local function page_of(time)
  return redis.call('ZREVRANGEBYSCORE', INDEX, text(time), '-inf', 'LIMIT', 0, 1)[1]
    or redis.call('ZRANGE', INDEX, 0, 0)[1]
end

-- where a time lies: the key that covers it, the first row there that does not open before it, the number of rows there,
-- and the row that opens at that time, if there is one; nil without a series
local function seek(time)
  local key, head = HEAD, ends(HEAD)
  if head.rows == 0 then
    return nil
  end
  if time < head.opens then
    local page = page_of(time)
    if not page then
      return HEAD, 0, head.rows, nil
    end
    key = PREFIX .. page
  end
  local at, row = bound_in(key, time)
  return key, at, ends(key).rows, row
end

-- the live row that opens at a time, or nil
local function find(time, now)
  local _, _, _, row = seek(time)
  return row and expiry_at(row, 0) > now and row or nil
end

-- rows without those that have expired, and the latest expiry among them
local function settle(data, now)
  local parts, start, latest, unpack = {}, 1, 0, struct.unpack
  for at = 1, #data, ROW do
    local expires = unpack('>i8', data, at + 8)
    if expires <= now then
      parts[#parts + 1] = data:sub(start, at - 1)
      start = at + ROW
    elseif expires > latest then
      latest = expires
    end
  end
  if start == 1 then
    return data, latest
  end
  parts[#parts + 1] = data:sub(start)
  return table.concat(parts), latest
end
