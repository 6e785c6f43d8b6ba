-- What the scripts share that change bars of a series; it goes behind series.lua, since a read should not define it.
-- KEYS, ARGV[1] as in series.lua
--
-- A script changes rows of the head. For bars in pages it returns what a client needs to make other pages, which
-- link_pages.lua exchanges. Clients seal the older rows of a head of more than 2,046; if none does, the head grows up to
-- its maximum, and then a script moves them to a page of rows.
local HEAD_MIN_ROWS, HEAD_MAX_ROWS = 1023, 8192
local MOST_BYTES = 32768 -- of pages that a script returns; a client reads more of them faster by itself
local NEVER = '\127\255\255\255\255\255\255\255'

-- a time of expiry as 8 bytes
local function expiry_bytes(expires)
  return expires >= FOREVER and NEVER or struct.pack('>i8', expires)
end

-- the expiry of a row written now, 8 bytes; lifetime in ms, or -1 for never
local function expiry(now, lifetime)
  return lifetime < 0 and NEVER or struct.pack('>i8', now + lifetime)
end

-- the rows of values that expire at one time, 8 bytes
local function rows_of(values, expires)
  local parts = {values:sub(1, 8)}
  for at = 9, #values, ROW - 8 do
    parts[#parts + 1] = values:sub(at, at + ROW - 9)
  end
  return table.concat(parts, expires)
end

-- the change that removes the bar of a time: a row that has expired
local function removal(time)
  return struct.pack('>i8i8', time, 0) .. ('\0'):rep(40)
end

-- the first of some items of a size, from a given one on, that does not open before a time
local function bound(data, size, time, from)
  local low, high = from, #data / size
  if low < high and unpack('>i8', data, low * size + 1) >= time then
    return low
  end
  while low < high do
    local middle = math.floor((low + high) / 2)
    if unpack('>i8', data, middle * size + 1) < time then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

-- rows merged with changes, which are rows too, and replace those that open at the same time
local function merge(data, changes)
  local parts, row, rows, change, last = {}, 0, #data / ROW, 0, #changes / ROW
  while change < last do
    local at, from = bound(data, ROW, time_at(changes, change), row), change
    if at > row then
      parts[#parts + 1] = data:sub(row * ROW + 1, at * ROW)
    end
    change = at < rows and math.min(bound(changes, ROW, time_at(data, at), change), last) or last
    while at < rows and change < last and time_at(changes, change) == time_at(data, at) do
      at, change = at + 1, change + 1
    end
    parts[#parts + 1] = changes:sub(from * ROW + 1, change * ROW)
    row = at
  end
  if row < rows then
    parts[#parts + 1] = data:sub(row * ROW + 1)
  end
  return #parts == 1 and parts[1] or table.concat(parts)
end

-- when a key expires, epoch ms; 0 if the key is missing. Exact, since the clock shows the same before and after PTTL;
-- older servers than 7.0 have no PEXPIRETIME
local function expires(key)
  while true do
    local before, left = clock_read, call('PTTL', key)
    if left < 0 then
      return left == -2 and 0 or FOREVER
    end
    if clock() == before then
      return before + left
    end
  end
end

local function expire_at(key, latest)
  if latest >= FOREVER then
    call('PERSIST', key)
  else
    call('PEXPIREAT', key, text(latest))
  end
end

local function pack_entry(first, last, latest, page, rows, bytes)
  return struct.pack('>i8i8i8', first, last, 0) .. expiry_bytes(latest)
    .. struct.pack('>i8I4I4', page, rows, bytes) .. 'R'
end

-- a mark for the head, with another revision than before, than that of a former series of this name, and than what another
-- server has that lost what came before
local function next_mark(begins, latest, hole, hole_end, again)
  local time = call('TIME')
  local revision = math.max((ends(HEAD).revision or 0) + 1, time[1] * 1000000 + time[2])
  return '\252\1\0\0' .. struct.pack('>I4i8i8', again, revision, begins) .. expiry_bytes(latest)
    .. struct.pack('>i8i8', hole, hole_end)
end

-- writes the head anew. Its memory has room for as many rows again, so appending to it does not move it: a string that
-- grows gets twice what it needs
local function write_rows(mark, rows, latest)
  if mark == '' then
    call('SET', HEAD, rows)
  else
    call('SET', HEAD, mark)
    call('APPEND', HEAD, rows)
  end
  expire_at(HEAD, latest)
  known[HEAD] = nil
end

local function unlink_pages()
  for _, name in ipairs(call('ZRANGE', FORMER_INDEX, 0, -1)) do
    call('UNLINK', PREFIX .. name)
  end
  for _, entry in ipairs(call('ZRANGE', INDEX, 0, -1)) do
    call('UNLINK', read_entry(entry).key)
  end
  call('UNLINK', INDEX, FORMER_INDEX, PREFIX .. 'revision')
end

-- the rows of the head
local function load()
  local head = ends(HEAD)
  return head.rows > 0 and call('GETRANGE', HEAD, head.base, -1) or ''
end

-- gives the pages of an earlier layout an index of this layout. The mark in front of the head then stops writers of that
-- layout, which look at the head before they write
local function convert()
  local head, names, latest, begins = ends(HEAD), call('ZRANGE', FORMER_INDEX, 0, -1), 0, -LAST_TIME + 1
  local lost, lost_end, hole, hole_end, next_first = nil, nil, 0, 0, head.opens
  for i = #names, 1, -1 do
    local key, first = PREFIX .. names[i], tonumber(names[i])
    local page = ends(key)
    if page.rows == 0 then
      lost, lost_end = first, lost_end or next_first
    else
      if lost then -- the server evicted it: it did not expire, since an older one is there
        hole, hole_end = lost, math.max(hole_end, lost_end)
      end
      local page_expires = expires(key)
      call('ZADD', INDEX, text(first), pack_entry(first, page.closes, page_expires, first, page.rows, page.rows * ROW))
      latest, begins = math.max(latest, page_expires), math.max(begins, page.closes + 1)
    end
    next_first = first
  end
  if latest > 0 then
    local head_expires = expires(HEAD)
    expire_at(INDEX, latest)
    write_rows(next_mark(begins, latest, hole, hole_end, 0), load(), head_expires)
  end
  call('DEL', FORMER_INDEX, PREFIX .. 'revision')
end

-- whether the index of a series that has pages was lost: the server evicted it, or somebody removed it
local function index_lost(now)
  local head = ends(HEAD)
  return head.base > 0 and head.ends > now and call('EXISTS', INDEX) == 0
end

-- what comes before any change: there is an index of this layout if there are pages, and the mark knows if it was lost
local function prepare(now)
  local head = ends(HEAD)
  if not exists() then
    -- the rest of a series whose head the server evicted, or somebody removed
    if call('EXISTS', INDEX, FORMER_INDEX) > 0 then
      unlink_pages()
    end
    local _, has_data = read_coverage(now)
    if has_data then
      call('UNLINK', COVERAGE)
    end
  elseif head.base == 0 then
    if call('EXISTS', FORMER_INDEX) == 1 then
      convert()
    end
  elseif index_lost(now) then
    call('SETRANGE', HEAD, 0, next_mark(head.begins, 0, -LAST_TIME + 1, head.begins, 0))
    known[HEAD] = nil
    uncover_range(-LAST_TIME + 1, head.begins, now)
  end
end

-- the open time from which on bars belong to the head
local function head_begins()
  local head = ends(HEAD)
  return head.base > 0 and head.begins or -math.huge
end

-- writes rows of one expiry in place if no other row has to move: over rows of the same times, and behind the newest;
-- returns whether it did
local function write_in_place(data, now)
  local head, adds, latest = ends(HEAD), #data / ROW, math.min(expiry_at(data, 0), FOREVER)
  if latest <= now or head.rows == 0 or expiry_at(head.first, 0) <= now then
    return false
  end
  local at, row = bound_in(HEAD, time_at(data, 0))
  local over = math.min(adds, head.rows - at)
  if at + adds > HEAD_MAX_ROWS or over > 0 and not row then
    return false
  end
  local goes = 0 -- latest expiry of the rows that are overwritten
  if over > 0 then
    local old = over == 1 and row or call('GETRANGE', HEAD, head.base + at * ROW, head.base + (at + over) * ROW - 1)
    for i = 0, over - 1 do
      if time_at(old, i) ~= time_at(data, i) then
        return false
      end
      goes = math.max(goes, expiry_at(old, i))
    end
  end
  local key_expires = expires(HEAD)
  if latest < key_expires and goes >= key_expires then
    return false -- the key may live only for a row that goes
  end
  call('SETRANGE', HEAD, head.base + at * ROW, data)
  if latest > key_expires then
    expire_at(HEAD, latest)
  end
  return true
end

local made_page = false -- whether rows of the head have become a page of rows

-- moves rows to a page of rows; returns the mark that says so
local function add_page(rows, now)
  local head, time = ends(HEAD), call('TIME')
  local data, latest = settle(rows, now)
  local pages_expire = head.base > 0 and head.ends > now and head.ends or 0
  local begins = time_at(rows, #rows / ROW - 1) + 1
  if #data > 0 then
    local first, number = time_at(data, 0), time[1] * 1000000 + time[2]
    call('SET', PREFIX .. text(number), data)
    expire_at(PREFIX .. text(number), latest)
    call('ZADD', INDEX, text(first), pack_entry(first, begins - 1, latest, number, #data / ROW, #data))
    pages_expire = math.max(pages_expire, latest)
    expire_at(INDEX, pages_expire)
    made_page = true
  end
  return next_mark(begins, pages_expire, head.hole or 0, head.hole_end or 0, head.again or 0), pages_expire
end

-- writes the rows of the head, of which the last to expire does so at latest
local function write_head(rows, latest, now)
  local head = ends(HEAD)
  local mark, pages_expire = head.mark, head.base > 0 and head.ends > now and head.ends or 0
  if #rows > HEAD_MAX_ROWS * ROW then
    local first = #rows - HEAD_MIN_ROWS * ROW
    mark, pages_expire = add_page(rows:sub(1, first), now)
    rows, latest = settle(rows:sub(first + 1), now)
  elseif pages_expire == 0 and (#rows == 0 or head.base > 0 and head.hole_end <= head.hole) then
    mark = '' -- all pages have expired
  end
  if #rows == 0 and mark == '' then
    call('DEL', HEAD)
    known[HEAD] = nil
  else
    -- a head outlives its pages, so that no head means no series
    write_rows(mark, rows, math.max(latest, pages_expire))
  end
end

-- changes rows of the head; changes are rows of one expiry, sorted by time, each time once
local function change_head(changes, now)
  uncover(changes, now)
  if not write_in_place(changes, now) then
    local rows, latest = settle(merge(load(), changes), now)
    write_head(rows, latest, now)
  end
end

-- how many rows the head has now
local function head_rows()
  return math.floor(call('STRLEN', HEAD) / ROW)
end

-- adds to a reply what a client needs to change bars of pages: the mark, the time, and for each page that covers one of
-- the bars its entry, and the page, '' if the client has to read it, or false if it is not there. The page that covers a
-- time is the last one that does not begin after it, else the first one.
-- items are things of a size that begin with open times, sorted; of these, the first to the one before last count
local function add_pages_of(reply, items, size, last, now)
  reply[#reply + 1] = ends(HEAD).mark
  reply[#reply + 1] = text(now)
  local item, shipped, before = 0, 0, nil
  while item < last do
    local time = (unpack('>i8', items, item * size + 1))
    local entry = entry_for(time) or call('ZRANGE', INDEX, 0, 0)[1]
    if not entry then
      break
    end
    if entry ~= before then
      local page = read_entry(entry)
      local ships = page.packed and shipped < MOST_BYTES
      local data = ships and call('GET', page.key) or not ships and ''
      shipped, before = shipped + (data and #data or 0), entry
      reply[#reply + 1] = entry
      reply[#reply + 1] = data
    end
    local following = call('ZRANGEBYSCORE', INDEX, '(' .. text(time), '+inf', 'LIMIT', 0, 1)[1]
    -- it goes on in any case: an entry that was changed may name an earlier time than its score
    item = following and math.max(item + 1, bound(items, size, (unpack('>i8', following)), item)) or last
  end
  return reply
end
