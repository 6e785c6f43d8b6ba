-- Reads the newest rows of a range of time.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] from: open time of the first row at the earliest, or -inf
-- ARGV[3] to: the open time before which the last row opens, or +inf
-- ARGV[4] limit: how many rows at most
-- gives strings of rows, the newest string first; rows that have expired are among them
local from = ARGV[2] == '-inf' and -math.huge or tonumber(ARGV[2])
local to = ARGV[3] == '+inf' and math.huge or tonumber(ARGV[3])
local limit = tonumber(ARGV[4])
local found = {}

-- adds rows of a key; whether the range may go on before them
local function cut(key)
  local rows = count(key)
  local first = rows > 0 and from > time_at(row_in(key, 0), 0) and bound_in(key, rows, from) or 0
  local last = rows > 0 and to <= time_at(row_in(key, rows - 1), 0) and bound_in(key, rows, to) or rows
  local start = math.max(first, last - limit)
  if start < last then
    found[#found + 1] = redis.call('GETRANGE', key, start * ROW, last * ROW - 1)
    limit = limit - (last - start)
  end
  return limit > 0 and first == 0
end

if cut(HEAD) then
  local bound_text = to == math.huge and '+inf' or '(' .. text(to)
  local at, more = 0, true
  while more do
    local pages = redis.call('ZREVRANGEBYSCORE', INDEX, bound_text, '-inf', 'LIMIT', at, 32)
    more = #pages == 32
    for _, page in ipairs(pages) do
      if not cut(PREFIX .. page) then
        more = false
        break
      end
    end
    at = at + 32
  end
end
return found
