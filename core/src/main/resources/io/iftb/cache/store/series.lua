-- A series of bars: the part that the scripts of the candle store share, in front of each of them.
-- KEYS[1] head: the newest rows, behind a mark if there are older ones in pages
-- KEYS[2] index: a sorted set of entries, one for each page; score = open time of the page's first row
-- KEYS[3] former index: names of the pages of a series that an earlier layout wrote
-- ARGV[1] prefix: what a page's key begins with; its number follows
--
-- A row is 56 bytes, big-endian: open time, expiry (epoch ms), open, high, low, close, volume. Rows are sorted by open
-- time. A value is a row without its expiry, 48 bytes. The head holds all rows of a short series.
-- A mark is 48 bytes, big-endian: 0xFC, version 1, two zeros; for how many seconds in front of a hole bars came again, behind
-- others that were lost, or 0 (32 bits); the revision of the pages; the open time from which on bars belong to the head; when
-- the last page expires; the open times of a hole, the first and the one after its last.
-- An entry is 49 bytes, big-endian: open time of the first and the last row; earliest and latest expiry; the number of the
-- page; rows (32 bits); bytes (32 bits); the format of the page, R for rows or P for a page that clients pack. Scripts
-- look only at entries and at the header of a page. A page never changes: another one with another number replaces it.
--
-- The system may delay a script at any point, so no effect depends on how long it takes: the time is read once and passed
-- on as now, and a key is written before its expiry is set.
local HEAD, INDEX, FORMER_INDEX, PREFIX = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local ROW, MARK, LAST_TIME, FOREVER = 56, 48, 2 ^ 53, 2 ^ 62
local call, unpack = redis.call, struct.unpack

-- a 32-bit server misreads times, and would store nothing without an error
if unpack('>i8', '\0\0\1\0\0\0\0\0') ~= 2 ^ 40 then
  error('candles need a 64-bit server, this one has 32 bits', 0)
end

local function text(number)
  return string.format('%.0f', number)
end

local clock_read -- the latest reading, epoch ms
local function clock()
  local time = call('TIME')
  clock_read = time[1] * 1000 + math.floor(time[2] / 1000)
  return clock_read
end

local function time_at(data, row)
  return (unpack('>i8', data, row * ROW + 1))
end

local function expiry_at(data, row)
  return (unpack('>i8', data, row * ROW + 9))
end

local function value_of(row)
  return row:sub(1, 8) .. row:sub(17)
end

local function refuse(key, what)
  local length = call('STRLEN', key)
  error("NOTOURS ['" .. key .. "' holds " .. length .. ' bytes ' .. (what or 'that are not rows of candles') .. ']', 0)
end

-- fails if the first or last row of a key is not a row
local function require_rows(key, first, last)
  if math.abs(time_at(first, 0)) >= LAST_TIME or math.abs(time_at(last, 0)) >= LAST_TIME then
    refuse(key)
  end
end

-- the row of a key whose rows begin at a byte, read by itself
local function row_in(key, row, base)
  local from = base + row * ROW
  local data = call('GETRANGE', key, from, from + ROW - 1)
  require_rows(key, data, data)
  return data
end

-- what a key holds, as it was before this script's first write: the number of its rows and at which byte they begin, the
-- first and the last row and their open times; of a head with a mark also what that says
local known = {}
local function ends(key)
  local found = known[key]
  if not found then
    local length = call('STRLEN', key)
    local base = length % ROW
    if base ~= 0 and base ~= MARK then
      refuse(key)
    end
    found = {rows = (length - base) / ROW, base = base, mark = ''}
    local start = base > 0 and call('GETRANGE', key, '0', '103') or length > 0 and call('GETRANGE', key, '0', '55')
    if base > 0 then
      found.mark = start:sub(1, MARK)
      if found.mark:sub(1, 2) ~= '\252\1' then
        refuse(key, found.mark:byte() == 252 and 'of a later version of this library')
      end
      found.again, found.revision, found.begins, found.ends, found.hole, found.hole_end = unpack('>I4i8i8i8i8i8', start, 5)
    end
    if found.rows > 0 then
      found.first, found.last = start:sub(base + 1), call('GETRANGE', key, '-56', '-1')
      require_rows(key, found.first, found.last)
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
    local row = row_in(key, at, found.base)
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

-- the fields of an entry
local function read_entry(entry)
  local first, last, _, latest, page, rows = unpack('>i8i8i8i8i8I4', entry)
  return {
    first = first, last = last, latest = latest, key = PREFIX .. text(page), rows = rows, packed = entry:sub(49) == 'P'
  }
end

-- whether there is a series
local function exists()
  local head = ends(HEAD)
  return head.rows > 0 or head.base > 0
end

-- the entry of the page in which a bar would be that opens before the head, or nil
local function entry_for(time)
  return call('ZREVRANGEBYSCORE', INDEX, text(time), '-inf', 'LIMIT', 0, 1)[1]
end

-- where a bar lies that opens before a head without a mark: in a page of an earlier layout, or nil
local function former_key(time)
  local name = call('ZREVRANGEBYSCORE', FORMER_INDEX, text(time), '-inf', 'LIMIT', 0, 1)[1]
  return name and PREFIX .. name
end

-- the live row that opens at a time, or nil; or nil and the fields of the packed page in which it may be
local function find(time, now)
  local head, key = ends(HEAD), HEAD
  if not exists() then
    return nil
  elseif head.base > 0 and time < head.begins then
    local entry = entry_for(time)
    local page = entry and read_entry(entry)
    if not page or page.last < time or page.latest <= now then
      return nil
    elseif page.packed then
      return nil, page
    end
    key = page.key
  elseif head.base == 0 and time < head.opens then
    key = former_key(time)
  end
  if not key then
    return nil
  end
  local _, row = bound_in(key, time)
  return row and expiry_at(row, 0) > now and row or nil
end

-- rows without those that have expired, and the latest expiry among them
local function settle(data, now)
  local parts, start, latest = {}, 1, 0
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
