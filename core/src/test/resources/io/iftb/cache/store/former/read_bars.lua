-- Reads the newest rows of a range of time.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] from: open time of the first row at the earliest, or -inf
-- ARGV[3] to: the open time before which the last row opens, or +inf
-- ARGV[4] limit: maximum number of rows
-- ARGV[5] which: ALL rows, expired ones included; LIVE for the others only
-- ARGV[6] revision: as returned by the read that this one continues; missing for the first
-- returns the revision of the pages, and strings of rows, the newest string first; without rows if the pages have changed
-- since the read that this one continues
local from = ARGV[2] == '-inf' and -math.huge or tonumber(ARGV[2])
local to = ARGV[3] == '+inf' and math.huge or tonumber(ARGV[3])
local limit = tonumber(ARGV[4])
local now = ARGV[5] == 'LIVE' and clock()
local rows = ends(HEAD).rows
local revision = rows > 0 and redis.call('GET', REVISION) or '0'
if ARGV[6] and (rows == 0 or revision ~= ARGV[6]) then
  return {rows == 0 and 'gone' or revision}
end
local found = {revision}

-- adds rows of a key; returns whether the range may continue before them
local function cut(key)
  local first, last = bound_in(key, from), bound_in(key, to)
  local start = now and first or math.max(first, last - limit)
  if start < last then
    local data = redis.call('GETRANGE', key, start * ROW, last * ROW - 1)
    if now then
      data = settle(data, now):sub(-limit * ROW)
    end
    if #data > 0 then
      found[#found + 1] = data
    end
    limit = limit - #data / ROW
  end
  return limit > 0 and first == 0
end

-- without a head there is no series, even if pages are left
if rows > 0 and cut(HEAD) then
  local bound_text = to == math.huge and '+inf' or '(' .. text(to)
  local at, more = 0, true
  while more do
    local pages = redis.call('ZREVRANGEBYSCORE', INDEX, bound_text, '-inf', 'LIMIT', at, 8)
    more = #pages == 8
    for _, page in ipairs(pages) do
      if not cut(PREFIX .. page) then
        more = false
        break
      end
    end
    at = at + 8
  end
end
return found
