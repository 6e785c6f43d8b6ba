-- What the scripts share that change rows of a series; it goes behind series.lua, since a read should not define it.
-- KEYS, ARGV[1] as in series.lua
local PAGE_ROWS, HEAD_ROWS = 1023, 2046
local NEVER = '\127\255\255\255\255\255\255\255'

-- A read of more than 65,536 rows takes several round trips, and needs at least so many pages. Only while a series has
-- as many, a change of its pages is recorded, for the longest time that such a read may take, in ms.
local REVISED_PAGES, REVISION_LIFETIME = 63, 600000

-- the expiry of a row written now, 8 bytes; lifetime in ms, or -1 for never
local function expiry(now, lifetime)
  if lifetime < 0 then
    return NEVER
  end
  return struct.pack('>i8', now + lifetime)
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

-- the rows of a key; fails if it holds something else
local function load(key)
  local data = redis.call('GET', key) or ''
  if #data % ROW ~= 0 then
    refuse(key)
  end
  if #data > 0 then
    require_rows(key, data, data:sub(-ROW))
  end
  return data
end

-- the first row, from a given one on, that does not open before a time
local function bound(data, time, from)
  local low, high = from, #data / ROW
  if low < high and time_at(data, low) >= time then
    return low
  end
  while low < high do
    local middle = math.floor((low + high) / 2)
    if time_at(data, middle) < time then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

-- rows merged with changes[first..last - 1]; changes are rows too, and replace those that open at the same time
local function merge(data, changes, first, last)
  local parts, row, rows, change = {}, 0, #data / ROW, first
  while change < last do
    local at, from = bound(data, time_at(changes, change), row), change
    if at > row then
      parts[#parts + 1] = data:sub(row * ROW + 1, at * ROW)
    end
    change = at < rows and math.min(bound(changes, time_at(data, at), change), last) or last
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
    local before, left = clock_read, redis.call('PTTL', key)
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
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIREAT', key, text(latest))
  end
end

-- writes rows that live, of which the last ends at latest
local function write(key, data, latest)
  if latest >= FOREVER then
    redis.call('SET', key, data)
  else
    redis.call('SET', key, data, 'PXAT', text(latest))
  end
end

-- records that rows of pages change, so that a read of several round trips starts again
local function revise()
  if redis.call('ZCARD', INDEX) >= REVISED_PAGES then
    local time = redis.call('TIME')
    -- a server that is out of memory refuses this, but must still delete
    redis.pcall('SET', REVISION, time[1] .. text(time[2] + 1000000), 'PX', REVISION_LIFETIME)
  end
end

-- writes rows of one expiry in place if no other row has to move: over rows of the same times, and behind the newest;
-- returns whether it did
local function write_in_place(data, now)
  local adds, latest = #data / ROW, math.min(expiry_at(data, 0), FOREVER)
  if adds > HEAD_ROWS or latest <= now then
    return false
  end
  local key, at, rows, row = seek(time_at(data, 0))
  local over = key and math.min(adds, rows - at)
  if not key or over < adds and (key ~= HEAD or at + adds > HEAD_ROWS) or over > 0 and not row
    or expiry_at(ends(key).first, 0) <= now then
    return false
  end
  local goes = 0 -- latest expiry of the rows that are overwritten
  if over > 0 then
    local old = over == 1 and row or redis.call('GETRANGE', key, at * ROW, (at + over) * ROW - 1)
    for i = 0, over - 1 do
      if time_at(old, i) ~= time_at(data, i) then
        return false
      end
      goes = math.max(goes, expiry_at(old, i))
    end
  end
  local key_expires = expires(key)
  if latest < key_expires and goes >= key_expires then
    return false -- the key may live only for a row that goes
  end
  if key ~= HEAD then
    revise()
  end
  redis.call('SETRANGE', key, at * ROW, data)
  if latest > key_expires then
    expire_at(key, latest)
    for _, longer in ipairs(key == HEAD and {} or {INDEX, HEAD}) do
      if latest > expires(longer) then
        expire_at(longer, latest)
      end
    end
  end
  return true
end

local function remove_page(page)
  redis.call('DEL', PREFIX .. page)
  redis.call('ZREM', INDEX, page)
end

-- writes a page under the name of its first row; returns that name
local function add_page(data, latest)
  local page = text(time_at(data, 0))
  write(PREFIX .. page, data, latest)
  redis.call('ZADD', INDEX, page, page)
  return page
end

local function unlink_pages()
  revise()
  for _, page in ipairs(redis.call('ZRANGE', INDEX, 0, -1)) do
    redis.call('UNLINK', PREFIX .. page)
  end
  redis.call('UNLINK', INDEX)
end

-- after pages were added or removed: drops the names of pages that the server has removed, and lets the index live as
-- long as the others; returns its expiry, 0 without pages
local function settle_index()
  local latest = 0
  for _, page in ipairs(redis.call('ZRANGE', INDEX, 0, -1)) do
    local page_expires = expires(PREFIX .. page)
    if page_expires == 0 then
      redis.call('ZREM', INDEX, page)
    end
    latest = math.max(latest, page_expires)
  end
  if latest > 0 then
    expire_at(INDEX, latest)
  end
  return latest
end

-- writes rows as pages of equal size or, if a series grows backwards, as full pages with the rest in the oldest; returns
-- their names
local function add_pages(data, grew_backwards, now)
  local names, to = {}, #data / ROW
  local size = grew_backwards and PAGE_ROWS or math.ceil(to / math.ceil(to / PAGE_ROWS))
  while to > 0 do
    local from = math.max(0, to - size)
    names[add_page(settle(data:sub(from * ROW + 1, to * ROW), now))] = true
    to = from
  end
  return names
end

-- changes rows of pages: changes[0..last - 1], all of which open before the head
local function edit_pages(changes, last, now)
  local first = 0
  while first < last do
    local page = page_of(time_at(changes, first))
    local next_page = redis.call('ZRANGEBYSCORE', INDEX, '(' .. page, '+inf', 'LIMIT', 0, 1)[1]
    local to = next_page and math.min(bound(changes, tonumber(next_page), first), last) or last
    local data = settle(merge(load(PREFIX .. page), changes, first, to), now)
    local names = add_pages(data, time_at(changes, to - 1) < tonumber(page), now)
    if not names[page] then
      remove_page(page)
    end
    first = to
  end
end

-- a short head with the rows of the last pages in front, and the names of those pages
local function refilled(head, now)
  local taken = {}
  for _, page in ipairs(redis.call('ZREVRANGE', INDEX, 0, -1)) do
    if #head >= PAGE_ROWS * ROW then
      break
    end
    head = (settle(load(PREFIX .. page), now)) .. head
    taken[#taken + 1] = page
  end
  return head, taken
end

-- limits a head to its maximum size and writes it; latest is the latest expiry among its rows. Everything that may fail is
-- before the first write
local function write_head(head, latest, now)
  local taken, from = {}, 1
  if #head < PAGE_ROWS * ROW then
    head, taken = refilled(head, now)
    if #taken > 0 then
      revise()
    end
  end
  while #head - from + 1 > HEAD_ROWS * ROW do
    add_page(settle(head:sub(from, from + PAGE_ROWS * ROW - 1), now))
    from = from + PAGE_ROWS * ROW
  end
  for _, page in ipairs(taken) do
    remove_page(page)
  end
  local moved = from > 1 or #taken > 0
  local pages_expire = moved and settle_index() or expires(INDEX)
  if moved then
    head, latest = settle(head:sub(from), now)
  end
  if #head == 0 then
    redis.call('DEL', HEAD)
  else
    -- a head outlives its pages, so that no head means no series
    write(HEAD, head, math.max(latest, pages_expire))
  end
end

-- changes rows, wherever they are; changes are rows of one expiry, sorted by time, each time once
local function apply(changes, now)
  if write_in_place(changes, now) then
    return
  end
  local last, old, pages_expired, pages_expire = #changes / ROW, 0, 0, 0
  if redis.call('EXISTS', INDEX) == 1 then
    if ends(HEAD).rows == 0 then
      unlink_pages() -- the rest of a series whose head the server evicted
    else
      old = bound(changes, ends(HEAD).opens, 0)
    end
  end
  if old > 0 then
    pages_expired = expires(INDEX)
    revise()
    edit_pages(changes, old, now)
    pages_expire = settle_index()
  end
  if old < last or pages_expire < pages_expired then
    local head, latest = settle(merge(load(HEAD), changes, old, last), now)
    write_head(head, latest, now)
  elseif pages_expire > expires(HEAD) then
    expire_at(HEAD, pages_expire)
  end
end
