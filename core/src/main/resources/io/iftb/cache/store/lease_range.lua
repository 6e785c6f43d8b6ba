-- Takes a lease on the first part of a range that is neither covered nor leased.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2], ARGV[3] the range: from, to
-- ARGV[4] token, 8 bytes; ARGV[5] how long the lease lives, ms
-- ARGV[6], ARGV[7] open time of a bar that is open, and its age in ms up to which it needs not be fetched again; it and what
--   follows counts as covered then
-- ARGV[8] TAKE, or STEAL to end the leases and ignore the coverage that are in the way
-- returns {1, from, to} of the part; {0, ms until the last lease in the way ends} if others have leases on all that is not
-- covered; {2} if all is covered. Times are text
--
-- It is sent again if its reply is lost: a lease that the token has already is in nobody's way, and is replaced.
local now = clock()
local from, to, open_time = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[6])
local steals = ARGV[8] == 'STEAL'
local intervals, has_data, _, read_time, read_at = read_coverage(now)
local leases, free = read_leases(now, ARGV[4]), {{from, to}}

if steals then
  local others = {}
  for _, each in ipairs(leases) do
    if each[2] <= from or each[1] >= to then
      others[#others + 1] = each
    end
  end
  leases = others
else
  if has_data and not exists() then
    read_time, read_at = 0, 0
  else
    for _, each in ipairs(intervals) do
      free = without(free, each[1], each[2])
    end
  end
  if read_time == open_time and read_at > 0 and now - read_at <= tonumber(ARGV[7]) then
    free = without(free, open_time, math.max(to, open_time + 1))
  end
  if #free == 0 then
    return {2}
  end
  local ends = 0
  for _, each in ipairs(leases) do
    for _, part in ipairs(free) do
      if each[1] < part[2] and each[2] > part[1] then
        ends = math.max(ends, each[3])
      end
    end
  end
  for _, each in ipairs(leases) do
    free = without(free, each[1], each[2])
  end
  if #free == 0 then
    return {0, text(ends - now)}
  end
end
leases[#leases + 1] = {free[1][1], free[1][2], now + tonumber(ARGV[5]), ARGV[4]}
write_leases(leases)
return {1, text(free[1][1]), text(free[1][2])}
