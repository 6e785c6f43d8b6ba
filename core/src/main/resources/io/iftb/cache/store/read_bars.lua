-- Reads the newest bars of a range of time.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] from: open time of the first bar at the earliest, or -inf
-- ARGV[3] to: the open time before which the last bar opens, or +inf
-- ARGV[4] limit: maximum number of bars; rows of pages in which some have expired do not count
-- ARGV[5] which rows of the head: ALL, expired ones included; LIVE for the others only; NONE if the caller reads the head
--   by itself, in front of this: the limit is then for both
-- ARGV[6] revision: as returned by the read that this one continues; empty for the first
-- ARGV[7] how many bytes of pages to return; the caller reads more than that faster by itself
-- returns {} without a series, else {time, revision, hole, 1 if the limit left out what is older, else 0, rows of the head},
-- and, the newest first, an entry and its page in three parts: the header, blocks, and the number of the first of them;
-- ('', '', 0) if the caller has to read the page, (false, '', 0) if it is not there. Rows of the pages of an earlier layout
-- come with an empty entry. The hole is an open time before which bars were lost, or empty; leave out what opens before it.
-- If the pages have changed since the read that this one continues, only time and revision are returned.
local from = ARGV[2] == '-inf' and -math.huge or tonumber(ARGV[2])
local to = ARGV[3] == '+inf' and math.huge or tonumber(ARGV[3])
local limit, which = tonumber(ARGV[4]), ARGV[5]
local most_bytes, MOST_FORMER_ROWS = tonumber(ARGV[7]), 65536
local now = clock()
if not exists() then
  return {}
end
local head = ends(HEAD)
local revision = head.base > 0 and head.mark:sub(9, 16) or call('GET', PREFIX .. 'revision') or ''
if ARGV[6] ~= '' and revision ~= ARGV[6] then
  return {text(now), revision}
end
local found = {text(now), revision, '', 0, ''}

-- rows of a key in the range; also returns whether the range may continue before them
local function cut(key, most, live)
  local first, last = bound_in(key, from), bound_in(key, to)
  local start = live and first or math.max(first, last - most)
  if start >= last then
    return '', first == 0
  end
  local base = ends(key).base
  local data = call('GETRANGE', key, base + start * ROW, base + last * ROW - 1)
  return live and settle(data, now):sub(-most * ROW) or data, start == 0
end

local more = true
if which == 'NONE' then
  limit = limit - head.rows
elseif head.rows > 0 and to > head.opens then
  found[5], more = cut(HEAD, limit, which == 'LIVE')
  limit = limit - #found[5] / ROW
end
found[4] = limit <= 0 and 1 or 0

-- pages of an earlier layout; the caller asks again for what is older
local function former_pages()
  local left = math.min(limit, MOST_FORMER_ROWS)
  local bound_text, at, pages = to == math.huge and '+inf' or '(' .. text(to), 0, nil
  repeat
    pages = call('ZREVRANGEBYSCORE', FORMER_INDEX, bound_text, '-inf', 'LIMIT', at, 8)
    for _, name in ipairs(pages) do
      local data, goes_on = cut(PREFIX .. name, left, true)
      local reply = #found
      found[reply + 1], found[reply + 2], found[reply + 3], found[reply + 4] = '', data, '', 0
      left = left - #data / ROW
      if left <= 0 or not goes_on then
        found[4] = left <= 0 and 1 or 0
        return
      end
    end
    at = at + 8
  until #pages < 8
end

-- the first and the last block of a page that the range and the limit need, the limit only if no row has expired
local function blocks_of(page, starts, blocks)
  local first, last = 0, blocks - 1
  while last > 0 and starts[last] >= to do
    last = last - 1
  end
  while first < last and starts[first + 1] <= from do
    first = first + 1
  end
  if page.earliest > now and to > page.last and limit < page.rows and blocks > 0 then
    first = math.max(first, math.floor((page.rows - limit) / BLOCK_ROWS))
  end
  return first, last
end

-- adds the blocks of a page that are needed, if they are few; returns how many bytes they have
local function add_page(entry, page)
  local header, starts, block_ends, blocks, first, last, bytes
  if page.packed then
    header, starts, block_ends, blocks = read_header(page)
    first, last = blocks_of(page, starts, blocks)
    bytes = blocks > 0 and block_ends[last] - block_ends[first - 1] or 0
  end
  found[#found + 1] = entry
  if page.packed and bytes <= most_bytes then
    ship(found, page, header, block_ends, first, last)
  else
    local reply = #found
    found[reply + 1], found[reply + 2], found[reply + 3] = '', '', 0
  end
  local rows = to > page.last and page.rows or page.packed and math.max(0, last * BLOCK_ROWS) or 0
  limit = page.earliest > now and limit - rows or limit
  return bytes or 0
end

-- adds a page that the caller has to read
local function add_entry(entry, page)
  local reply = #found
  found[reply + 1], found[reply + 2], found[reply + 3], found[reply + 4] = entry, '', '', 0
  limit = page.earliest > now and to > page.last and limit - page.rows or limit
end

local function packed_pages()
  local at, entries = 0, nil
  local bound_text = to == math.huge and '+inf' or '(' .. text(to)
  repeat
    entries = call('ZREVRANGEBYSCORE', INDEX, bound_text, '-inf', 'LIMIT', at, 16)
    for _, entry in ipairs(entries) do
      local page = read_entry(entry)
      if limit <= 0 or page.last < from or head.hole_end > head.hole and page.last < head.hole_end then
        return
      end
      if page.latest > now then
        if most_bytes > 0 then
          most_bytes = most_bytes - add_page(entry, page)
        else
          add_entry(entry, page)
        end
      end
    end
    at = at + 16
  until #entries < 16
end

-- many pages are read faster by the caller, all at once
local function reads_itself()
  local newest = entry_for(to == math.huge and LAST_TIME or to - 1)
  local page = newest and read_entry(newest)
  local rows = from > -math.huge and page and 0 or limit
  return page and page.rows > 0 and rows * page.bytes / page.rows > most_bytes
end

if more and limit > 0 and (head.rows == 0 or from < head.opens) then
  if head.base == 0 then
    former_pages()
  else
    if index_lost(now) then
      found[3] = text(head.begins)
    else
      most_bytes = reads_itself() and 0 or most_bytes
      packed_pages()
      found[4] = limit <= 0 and 1 or 0
    end
    if head.hole_end > head.hole then
      found[3] = text(head.hole_end)
    end
  end
end
return found
