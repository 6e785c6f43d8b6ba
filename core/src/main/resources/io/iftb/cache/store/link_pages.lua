-- Exchanges pages of a series, and changes its head with them.
-- KEYS as in series.lua
-- ARGV[1] prefix, as in series.lua
-- ARGV[2] what becomes of the head: KEEP leaves it; ROWS writes rows to it; NEXT makes its rows a page and puts others in
--   their place, if all that comes opens later; SWAP puts others in place of the rows that are named by their hash; CUT
--   removes its oldest rows, which are named by their hash
-- ARGV[3] ROWS: values, 48 bytes each, sorted by open time; NEXT, SWAP: number of the key of the new head, whose rows stand
--   behind 48 bytes, or empty; CUT: how many bytes of rows to remove
-- ARGV[4] NEXT: number for the page of the rows that are in the head; SWAP: SHA-1 of the head, empty if there is none; CUT:
--   SHA-1 of the rows to remove
-- ARGV[5] ROWS, NEXT, SWAP: the latest expiry of the rows that come, 8 bytes
-- ARGV[6], ARGV[7] open times of the first and the last bar that changes; empty if only their pages do
-- ARGV[8], ARGV[9] open times of bars that were lost, of the first and the one after the last; empty for none
-- ARGV[10] channel on which ARGV[11], the event of the change, is published if it is made; both may be empty
-- ARGV[12] ms from one bar to the next, if none of the bars between ARGV[6] and ARGV[7] was left out, so that they close a
--   hole, else 0
-- ARGV[13] how many entries to remove
-- ARGV[14..] entries to remove, then entries to add, each sorted
-- the last one: the change of the coverage, as in coverage.lua; empty for none
-- returns {1, how many rows the head has, or 0 if it was left, 1 if its rows became a page, the mark, the revision before};
-- or, if something is not as expected, and nothing was done, {0, mark, time, the entries of the pages between ARGV[6] and
-- ARGV[7], each followed by ''}; or {2}, and nothing was done, if the lease of the change is another's by now
--
-- The caller has written the new pages, and the new rows of the head, under keys of the series that soon expire.
-- It goes in front of series.lua, which a change of pages alone does not need.
local ALL, call, unpack, pack = -2 ^ 53 + 1, redis.call, struct.unpack, struct.pack -- ALL: before any bar
local coverage_change = table.remove(ARGV)
local head_key, index, prefix, mode, removes = KEYS[1], KEYS[2], ARGV[1], ARGV[2], tonumber(ARGV[13])
local mark = call('GETRANGE', head_key, '0', '47')
local marked = #mark == 48 and mark:sub(1, 2) == '\252\1'
local again, revision, begins, pages_expire, hole, hole_end = 0, 0, -2 ^ 53 + 1, 0, 0, 0
if marked then
  again, revision, begins, pages_expire, hole, hole_end = unpack('>I4i8i8i8i8i8', mark, 5)
end

local function number(value)
  return string.format('%.0f', value)
end

local page_keys = {}
local function page_key(entry)
  local key = page_keys[entry]
  if not key then
    key = prefix .. number((unpack('>i8', entry, 33)))
    page_keys[entry] = key
  end
  return key
end

-- whether the entries to remove are there, and the pages to add are there, and overlap no others
local function can_link()
  local go = {}
  for i = 14, 13 + removes do
    if not call('ZSCORE', index, ARGV[i]) then
      return false
    end
    go[ARGV[i]] = true
  end
  for i = 14 + removes, #ARGV do
    local first, last = unpack('>i8i8', ARGV[i])
    if call('STRLEN', page_key(ARGV[i])) ~= unpack('>I4', ARGV[i], 45) then
      return false
    end
    local others = call('ZREVRANGEBYSCORE', index, number(last), '-inf', 'LIMIT', '0', number(removes + 1))
    if #others == 0 and pages_expire > 0 and call('EXISTS', index) == 0 and pages_expire > call('TIME')[1] * 1000 then
      return false -- the index was lost, and the mark does not say so yet
    end
    for _, other in ipairs(others) do
      if not go[other] then
        if unpack('>i8', other, 9) >= first then
          return false
        end
        break
      end
    end
  end
  return true
end

-- what the mark says of a hole, after bars were lost and others came. If the index was lost, the hole has no beginning. Bars
-- that come in its midst then stand in front of what is left of it, and all before them is lost too: that becomes the hole
-- once nothing is left behind them
local function close_hole()
  local since = again > 0 and hole - 1 - again * 1000 -- the first of the bars in front of the hole
  if ARGV[8] ~= '' then
    local first, last = tonumber(ARGV[8]), tonumber(ARGV[9])
    hole, since = since and ALL or hole, false
    hole, hole_end = hole_end > hole and math.min(hole, first) or first, math.max(hole_end > hole and hole_end or last, last)
  end
  if hole_end > hole and ARGV[12] ~= '0' then
    local first, last, step = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[12])
    local lost, lost_end = hole, hole_end
    if last >= hole_end - step and first < hole_end then
      hole_end, since = first, since and math.min(since, first)
    elseif first < hole + step and last >= hole then
      hole, since = last + 1, since and math.min(since, first)
    elseif since and first < since and last >= since - step then
      since = first
    elseif (hole == ALL or since and (first < since or first > hole)) and first < hole_end and last - first >= 1000 then
      hole, since = last + 1, first -- where there is a gap between them and the last ones, they take the place of those
    end
    if (hole ~= lost or hole_end ~= lost_end) and hole_end - hole < step then
      hole_end = hole -- no bar opens between them
    end
  end
  if hole_end <= hole then
    hole, hole_end, since = since and ALL or 0, since or 0, false
  end
  again = since and math.min(math.floor((hole - 1 - since) / 1000), 2 ^ 32 - 1) or 0
end

-- whether pages take the place of one, and all of their rows are within its time: they overlap no others, and it is there
-- if it can be removed. If it was the only one, the index has gone with it
local index_is_new = false
local function take_place()
  if removes ~= 1 or #ARGV < 15 then
    return false
  end
  local first, last = unpack('>i8i8', ARGV[14])
  if unpack('>i8', ARGV[15]) < first or unpack('>i8', ARGV[#ARGV], 9) > last then
    return false
  end
  for i = 15, #ARGV do
    if call('STRLEN', page_key(ARGV[i])) ~= unpack('>I4', ARGV[i], 45) then
      return false
    end
  end
  index_is_new = call('ZREM', index, ARGV[14]) == 1
  return index_is_new
end

-- exchanges the entries and pages; returns whether the pages now expire earlier
local function link()
  local before, gone, latest = pages_expire, 0, 0
  for i = 14 + removes, #ARGV do
    local entry, page = ARGV[i], page_key(ARGV[i])
    local expires = unpack('>i8', entry, 25)
    latest = math.max(latest, expires)
    call('ZADD', index, number((unpack('>i8', entry))), entry)
    if expires >= 2 ^ 62 then
      call('PERSIST', page)
    else
      call('PEXPIREAT', page, number(expires))
    end
  end
  for i = 14, 13 + removes do
    gone = math.max(gone, (unpack('>i8', ARGV[i], 25)))
    if not index_is_new then
      call('ZREM', index, ARGV[i])
    end
    call('UNLINK', page_key(ARGV[i]))
  end
  if gone >= before and latest < before then
    for _, entry in ipairs(call('ZRANGE', index, '0', '-1')) do
      latest = math.max(latest, (unpack('>i8', entry, 25)))
    end
    pages_expire = latest
  else
    pages_expire = math.max(before, latest)
  end
  if pages_expire ~= before or index_is_new and pages_expire < 2 ^ 62 then
    if pages_expire >= 2 ^ 62 then
      call('PERSIST', index)
    else
      call('PEXPIREAT', index, number(pages_expire))
    end
  end
  close_hole()
  local time = call('TIME') -- by the clock, another revision than what another server has that lost what came before
  mark = '\252\1\0\0' .. pack('>I4i8i8', again, math.max(revision + 1, time[1] * 1000000 + time[2]), begins)
    .. (pages_expire >= 2 ^ 62 and '\127\255\255\255\255\255\255\255' or pack('>i8', pages_expire))
    .. pack('>i8i8', hole, hole_end)
  return pages_expire < before
end

local function publish()
  if ARGV[10] ~= '' then
    call('PUBLISH', ARGV[10], ARGV[11])
  end
end

if ARGV[10] ~= '' and redis.acl_check_cmd and not redis.acl_check_cmd('PUBLISH', ARGV[10], '') then
  return redis.error_reply("NOPERM this user has no permissions to 'publish' to the channel " .. ARGV[10])
end
if #coverage_change >= 8 and coverage_change:sub(1, 8) ~= ('\0'):rep(8) then
  local leases, is_held = call('GET', head_key .. ':leases') or '', false
  for at = 1, #leases - 31, 32 do
    is_held = is_held or leases:sub(at, at + 7) == coverage_change:sub(1, 8)
  end
  if not is_held then
    return {2}
  end
end
local shorter = false
if mode == 'KEEP' and marked and (#ARGV == 13 + removes or unpack('>i8', ARGV[#ARGV], 9) < begins)
  and (take_place() or can_link()) then
  local before = pages_expire
  shorter = link()
  call('SETRANGE', head_key, '0', mark)
  publish()
  if pages_expire == before and #coverage_change == 0 and ARGV[8] == '' then
    return {1, 0, 0, mark, revision}
  end
  mode = 'KEPT'
end
