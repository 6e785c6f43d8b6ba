-- Reads the newest rows of the head in a range of time; of a series in the former layout also those of its pages.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] from: open time of the first row at the earliest, or -inf
-- ARGV[3] to: the open time before which the last row opens, or +inf
-- ARGV[4] limit: maximum number of rows
-- ARGV[5] which: ALL rows of the head, expired ones included; LIVE for the others only
-- ARGV[6] revision: as returned by the read that this one continues; empty for the first
-- returns {} without a series, else {time, the mark of the head or empty, revision of former pages, 1 if the limit left out
-- older rows, else 0}, and strings of rows, the newest first; only time, mark and revision if former pages have changed since
-- the read that this one continues
local from = ARGV[2] == '-inf' and -math.huge or tonumber(ARGV[2])
local to = ARGV[3] == '+inf' and math.huge or tonumber(ARGV[3])
local limit, which = tonumber(ARGV[4]), ARGV[5]
if not exists() then
  return {}
end
local head, now = ends(HEAD), clock()
local revision = head.base == 0 and call('GET', PREFIX .. 'revision') or ''
if ARGV[6] ~= '' and revision ~= ARGV[6] then
  return {text(now), head.mark, revision}
end
local found = {text(now), head.mark, revision, 0}

-- adds rows of a key; returns whether the range may continue before them
local function cut(key, live)
  local first, last = bound_in(key, from), bound_in(key, to)
  local start = live and first or math.max(first, last - limit)
  if start < last then
    local base = ends(key).base
    local data = call('GETRANGE', key, base + start * ROW, base + last * ROW - 1)
    if live then
      data = settle(data, now):sub(-limit * ROW)
    end
    if #data > 0 then
      found[#found + 1] = data
    end
    limit = limit - #data / ROW
  end
  return limit > 0 and first == 0
end

if (head.rows == 0 or cut(HEAD, which == 'LIVE')) and head.base == 0 then
  local bound_text, at, more = to == math.huge and '+inf' or '(' .. text(to), 0, true
  while more do
    local pages = call('ZREVRANGEBYSCORE', FORMER_INDEX, bound_text, '-inf', 'LIMIT', at, 8)
    more = #pages == 8
    for _, name in ipairs(pages) do
      if not cut(PREFIX .. name, true) then
        more = false
        break
      end
    end
    at = at + 8
  end
end
found[4] = limit <= 0 and 1 or 0
return found
