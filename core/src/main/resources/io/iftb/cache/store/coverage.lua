-- The coverage of a series, and the leases of those who fetch: the part that scripts share which change them.
-- KEYS[1] head
--
-- It goes behind series.lua.
-- The coverage is a string: 32 bytes, 0xFD, version 1, six zeros; its revision; the open time of the newest bar that was
-- fetched before it closed; when that was. Then intervals of 25 bytes each, sorted, disjoint: from, to, until (epoch ms), and
-- the reason: D data, T no trades, L not listed, Y not yet, F failed. It belongs to its head: if that is not there,
-- intervals of data, and all others with them, mean nothing.
-- The leases are a string: 32 bytes each, a token, from, to, until. Numbers are big-endian.
-- A change of coverage is a string: the token of the lease that it ends, or 8 zeros; the open time of a bar that was
-- fetched before it closed, and when, or zeros; intervals as above, and those with the reason '-' are not covered any more.
local COVERAGE, LEASES = KEYS[1] .. ':coverage', KEYS[1] .. ':leases'
local NO_TOKEN, EVER = '\0\0\0\0\0\0\0\0', '\127\255\255\255\255\255\255\255'
local FINAL = {D = true, T = true, L = true}
local ONE_DAY = 86400000 -- what is known of a bar that is open is of no use after it
local MOST_INTERVALS = 256 -- beyond them, they become fewer
local LONGEST_LEASE = 60000 -- what would end later is none of ours; the clock may have been set back, too
local MOST_SINGLE = 64 -- rows of a change that are cut one by one

-- the intervals that have not ended, whether one of them is of data, the revision, and of the newest bar its open time and
-- when it was read
local function read_coverage(now)
  local data, list, has_data = call('GET', COVERAGE), {}, false
  if not data or #data < 32 or data:sub(1, 2) ~= '\253\1' then
    local time = call('TIME') -- another revision than that of a former series of this name
    return list, false, time[1] * 1000000 + time[2], 0, 0
  end
  for at = 33, #data - 24, 25 do
    local from, to, ends = unpack('>i8i8i8', data, at)
    local reason = data:sub(at + 24, at + 24)
    has_data = has_data or reason == 'D'
    if ends > now then
      list[#list + 1] = {from, to, ends, reason}
    end
  end
  return list, has_data, unpack('>i8i8i8', data, 9)
end

-- whether two intervals become one; of two ends that are close to each other, the earlier one counts
local function joins(before, after, now)
  if before[2] ~= after[1] or before[4] ~= after[4] then
    return false
  end
  local first, last = math.min(before[3], after[3]), math.max(before[3], after[3])
  return first == last or last < FOREVER and (last - first) * 8 < first - now
end

-- intervals of which a part is replaced by another one, or is left out if its reason is '-'
local function with_interval(list, from, to, ends, reason, now)
  local parts, all = {}, {}
  local function add(part)
    local last = all[#all]
    if last and joins(last, part, now) then
      last[2], last[3] = part[2], math.min(last[3], part[3])
    else
      all[#all + 1] = part
    end
  end
  local placed = reason == '-'
  for _, each in ipairs(list) do
    if not placed and each[2] > from and each[1] >= from then
      parts[#parts + 1], placed = {from, to, ends, reason}, true
    end
    if each[2] <= from or each[1] >= to then
      parts[#parts + 1] = each
    else
      if each[1] < from then
        parts[#parts + 1] = {each[1], from, each[3], each[4]}
      end
      if not placed then
        parts[#parts + 1], placed = {from, to, ends, reason}, true
      end
      if each[2] > to then
        parts[#parts + 1] = {to, each[2], each[3], each[4]}
      end
    end
  end
  if not placed then
    parts[#parts + 1] = {from, to, ends, reason}
  end
  for _, part in ipairs(parts) do
    add(part)
  end
  return all
end

-- what had no bars is said to be listed by then if older bars are known. Of many intervals, those without trades between
-- data are counted to the data
local function settled_reasons(list, now)
  local has_data, many, all = false, #list > MOST_INTERVALS, {}
  for _, each in ipairs(list) do
    has_data = has_data or each[4] == 'D'
    local last, reason = all[#all], each[4] == 'L' and has_data and 'T' or each[4]
    if many and reason == 'T' and last and last[4] == 'D' and last[2] == each[1] then
      reason = 'D'
    end
    local part = {each[1], each[2], each[3], reason}
    if last and joins(last, part, now) then
      last[2], last[3] = part[2], math.min(last[3], part[3])
    else
      all[#all + 1] = part
    end
  end
  return all
end

-- writes the coverage; it ends when all of its intervals have, or after a day if it has none
local function write_coverage(list, revision, open_time, read_at, now)
  list = settled_reasons(list, now)
  local next_revision, latest = math.max(revision + 1, now * 1000), 0
  local parts = {'\253\1\0\0\0\0\0\0' .. struct.pack('>i8i8i8', next_revision, open_time, read_at)}
  for _, each in ipairs(list) do
    parts[#parts + 1] = struct.pack('>i8i8', each[1], each[2])
      .. (each[3] >= FOREVER and EVER or struct.pack('>i8', each[3])) .. each[4]
    latest = math.max(latest, each[3])
  end
  if #list == 0 and open_time == 0 then
    call('UNLINK', COVERAGE)
  else
    call('SET', COVERAGE, table.concat(parts))
    if latest < FOREVER then
      call('PEXPIREAT', COVERAGE, text(#list > 0 and latest or now + ONE_DAY))
    end
  end
end

-- the leases that have not ended at a time, without that of a token; own is the token of one that counts in any case
local function read_leases(now, without, own)
  local data, list, latest = call('GET', LEASES) or '', {}, clock() + LONGEST_LEASE
  for at = 1, #data - 31, 32 do
    local token, from, to, ends = data:sub(at, at + 7), unpack('>i8i8i8', data, at + 8)
    if ends > now and (ends <= latest or token == own) and token ~= without then
      list[#list + 1] = {from, to, ends, token}
    end
  end
  return list
end

local function write_leases(list)
  local parts, latest = {}, 0
  for _, each in ipairs(list) do
    parts[#parts + 1] = each[4] .. struct.pack('>i8i8i8', each[1], each[2], each[3])
    latest = math.max(latest, each[3])
  end
  if #parts == 0 then
    call('UNLINK', LEASES)
  else
    call('SET', LEASES, table.concat(parts))
    call('PEXPIREAT', LEASES, text(latest))
  end
end

-- whether the lease that a change of coverage ends is not there any more
local function is_lease_lost(change)
  local token = change:sub(1, 8)
  if #change < 8 or token == NO_TOKEN then
    return false
  end
  local data = call('GET', LEASES) or ''
  for at = 1, #data - 31, 32 do
    if data:sub(at, at + 7) == token then
      return false
    end
  end
  return true
end

-- a hole that the mark of the head knows ends where bars are covered again, since they were fetched after they were lost
local function close_covered_hole(list)
  known[HEAD] = nil
  local head = ends(HEAD)
  if head.base == 0 or head.hole_end <= head.hole then
    return
  end
  local hole, hole_end = head.hole, head.hole_end
  for _, each in ipairs(list) do
    if FINAL[each[4]] and each[1] <= hole and each[2] > hole then
      hole = each[2]
    end
  end
  for i = #list, 1, -1 do
    local each = list[i]
    if FINAL[each[4]] and each[2] >= hole_end and each[1] < hole_end then
      hole_end = each[1]
    end
  end
  if hole ~= head.hole or hole_end ~= head.hole_end then
    local since, again = head.hole - 1 - head.again * 1000, head.again -- as in link_pages.lua
    if hole_end > hole and again > 0 then
      again = math.min(math.floor((hole - 1 - since) / 1000), 2 ^ 32 - 1)
    elseif hole_end <= hole then
      hole, hole_end, again = again > 0 and -LAST_TIME + 1 or 0, again > 0 and math.min(since, hole_end) or 0, 0
    end
    call('SETRANGE', HEAD, 4, struct.pack('>I4i8', again, math.max(head.revision + 1, (clock_read or 0) * 1000))
      .. head.mark:sub(17, 32)
      .. struct.pack('>i8i8', hole, hole_end))
    known[HEAD] = nil
  end
end

-- the parts of ranges that lie outside of one
local function without(ranges, first, last)
  local rest = {}
  for _, each in ipairs(ranges) do
    if each[2] <= first or each[1] >= last then
      rest[#rest + 1] = each
    else
      if each[1] < first then
        rest[#rest + 1] = {each[1], first}
      end
      if each[2] > last then
        rest[#rest + 1] = {last, each[2]}
      end
    end
  end
  return rest
end

-- the parts of an interval that a change covers: what failed or has not come leaves what is known for good
local function changed_parts(list, from, to, reason)
  local parts = {{from, to}}
  if reason == 'F' or reason == 'Y' then
    for _, each in ipairs(list) do
      if FINAL[each[4]] then
        parts = without(parts, each[1], each[2])
      end
    end
  end
  return parts
end

-- makes a change of coverage
local function change_coverage(change, now)
  if #change < 24 then
    return
  end
  local token, given_time, given_read_at = change:sub(1, 8), unpack('>i8i8', change, 9)
  if token ~= NO_TOKEN then
    write_leases(read_leases(now, token))
  end
  if token == NO_TOKEN and given_read_at == 0 and change:sub(49, 49) == '-' and call('EXISTS', COVERAGE) == 0 then
    return -- there is nothing to cut
  end
  local list, _, revision, open_time, read_at = read_coverage(now)
  local there = #list > 0 or open_time > 0
  if given_read_at > 0 and (given_time > open_time or given_time == open_time and given_read_at > read_at) then
    open_time, read_at, there = given_time, given_read_at, true
  end
  for at = 25, #change - 24, 25 do
    local from, to, ends = unpack('>i8i8i8', change, at)
    local reason = change:sub(at + 24, at + 24)
    if there or reason ~= '-' then
      for _, part in ipairs(changed_parts(list, from, to, reason)) do
        list = with_interval(list, part[1], part[2], ends, reason, now)
      end
      there = true
    end
  end
  if there then
    write_coverage(list, revision, open_time, read_at, now)
    close_covered_hole(list)
  end
end

-- what was covered of a range is not covered any more
local function uncover_range(from, to, now)
  if call('EXISTS', COVERAGE) == 1 then
    local list, _, revision, open_time, read_at = read_coverage(now)
    write_coverage(with_interval(list, from, to, 0, '-', now), revision, open_time, read_at, now)
  end
end

-- what was covered of rows that end is not covered any more
local function uncover(rows, now)
  local count = #rows / ROW
  if count == 0 or expiry_at(rows, 0) >= FOREVER or call('EXISTS', COVERAGE) == 0 then
    return
  end
  if count > MOST_SINGLE then
    return uncover_range(time_at(rows, 0), time_at(rows, count - 1) + 1, now)
  end
  local list, _, revision, open_time, read_at = read_coverage(now)
  for i = 0, count - 1 do
    list = with_interval(list, time_at(rows, i), time_at(rows, i) + 1, 0, '-', now)
  end
  write_coverage(list, revision, open_time, read_at, now)
end
