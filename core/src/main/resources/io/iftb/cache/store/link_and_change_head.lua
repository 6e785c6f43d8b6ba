-- Does what link_pages.lua, in front of it, leaves.
-- KEYS, ARGV as in link_pages.lua
local now = clock()

-- the head expires with the last of its rows and pages
local function settle_head()
  local _, latest = settle(load(), now)
  expire_at(HEAD, math.max(latest, pages_expire))
end

-- what was lost is not covered any more, unless it comes with this change
local function cover()
  if ARGV[8] ~= '' then
    uncover_range(tonumber(ARGV[8]), tonumber(ARGV[9]), now)
  end
  if #coverage_change > 0 then
    change_coverage(coverage_change, now)
    known[HEAD] = nil
    mark = ends(HEAD).mark
  end
end

if mode == 'KEPT' then
  cover()
  if shorter then
    settle_head()
  elseif pages_expire > expires(HEAD) then
    expire_at(HEAD, pages_expire)
  end
  return {1, head_rows(), 0, mark, revision}
end

-- what is not linked goes; the reply says what is there
local function refused()
  for i = 14 + removes, #ARGV do
    call('UNLINK', page_key(ARGV[i]))
  end
  if (mode == 'NEXT' or mode == 'SWAP') and ARGV[3] ~= '' then
    call('UNLINK', PREFIX .. ARGV[3])
  end
  local reply = {0, ends(HEAD).mark, text(now)}
  if ARGV[6] ~= '' then
    local before = entry_for(tonumber(ARGV[6]))
    local entries = call('ZRANGEBYSCORE', INDEX, '(' .. ARGV[6], ARGV[7])
    if before then
      table.insert(entries, 1, before)
    elseif #entries == 0 then
      entries[1] = call('ZRANGE', INDEX, 0, 0)[1]
    end
    for _, entry in ipairs(entries) do
      reply[#reply + 1] = entry
      reply[#reply + 1] = ''
    end
  end
  return reply
end

prepare(now)
local head, expiry_of_rows = ends(HEAD), #ARGV[5] == 8 and unpack('>i8', ARGV[5]) or 0
mark, again, pages_expire, hole, hole_end = head.mark, 0, 0, 0, 0
if head.base > 0 then
  again, revision, begins, pages_expire, hole, hole_end = unpack('>I4i8i8i8i8i8', mark, 5)
  pages_expire = pages_expire > now and pages_expire or 0
else
  revision = -1 -- none
end
local first_added = #ARGV > 13 + removes and unpack('>i8', ARGV[14 + removes])
local last_added = #ARGV > 13 + removes and unpack('>i8', ARGV[#ARGV], 9)

-- removes entries of pages that have expired
local function forget_expired()
  for _, entry in ipairs(pages_expire < FOREVER and call('ZRANGE', INDEX, 0, -1) or {}) do
    if unpack('>i8', entry, 25) <= now then
      call('ZREM', INDEX, entry)
    end
  end
end


-- puts the rows of another key in the place of the head
local function replace_head(key)
  begins = math.max(begins, last_added and last_added + 1 or begins)
  link()
  if key then
    call('RENAME', key, HEAD)
    call('SETRANGE', HEAD, 0, mark)
  else
    call('SET', HEAD, mark)
  end
  expire_at(HEAD, math.max(expiry_of_rows, pages_expire))
  forget_expired()
  cover()
  publish()
  return {1, head_rows(), made_page and 1 or 0, mark, revision}
end

-- the key of the new head, and the open time of its first row; nil if it is not there
local function new_head()
  if ARGV[3] == '' then
    return nil, math.huge
  end
  local key = PREFIX .. ARGV[3]
  if call('STRLEN', key) < MARK + ROW then
    return nil, nil
  end
  return key, time_at(row_in(key, 0, MARK), 0)
end

if mode == 'ROWS' then
  if head.base == 0 or time_at(ARGV[3], 0) < begins or last_added and last_added >= begins or not can_link() then
    return refused()
  end
  local was_shorter = link()
  call('SETRANGE', HEAD, 0, mark)
  known[HEAD] = nil
  if pages_expire > expires(HEAD) then
    expire_at(HEAD, pages_expire)
  end
  change_head(rows_of(ARGV[3], ARGV[5]), now)
  if was_shorter then
    known[HEAD] = nil
    settle_head()
  end
  cover()
  publish()
  return {1, head_rows(), made_page and 1 or 0, mark, revision}
elseif mode == 'NEXT' then
  local key, first = new_head()
  local after = head.rows > 0 and head.closes or begins - 1
  if not first or math.min(first, first_added or first) <= after or not can_link() then
    return refused()
  end
  if head.rows > 0 then
    local latest, page = expires(HEAD), PREFIX .. ARGV[4]
    local bytes = head.base + head.rows * ROW
    call('RENAME', HEAD, page)
    call('ZADD', INDEX, text(head.opens), pack_entry(head.opens, head.closes, latest, tonumber(ARGV[4]), head.rows, bytes))
    if latest > pages_expire then
      expire_at(INDEX, latest)
      pages_expire = latest
    end
    begins, made_page = head.closes + 1, true
  end
  return replace_head(key)
elseif mode == 'SWAP' then
  local key, first = new_head()
  local bytes = call('GET', HEAD)
  if not first or ARGV[4] ~= (bytes and redis.sha1hex(bytes) or '') or not can_link() then
    return refused()
  end
  return replace_head(key)
elseif mode == 'CUT' then
  local bytes = tonumber(ARGV[3])
  local data = bytes <= head.rows * ROW and call('GETRANGE', HEAD, head.base, head.base + bytes - 1)
  if not data or redis.sha1hex(data) ~= ARGV[4] or not can_link() then
    return refused()
  end
  local rest, latest = call('GETRANGE', HEAD, head.base + bytes, -1), expires(HEAD)
  begins = time_at(data, bytes / ROW - 1) + 1
  link()
  write_rows(mark, rest, latest)
  forget_expired()
  return {1, head_rows(), 0, mark, revision}
end
return refused()
