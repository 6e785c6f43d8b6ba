-- Reads the head, the index and pages of a series at one time, for a reader whom writers have overtaken several times.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] from: open time of the first bar at the earliest, or -inf
-- ARGV[3] to: the open time before which the last bar opens, or +inf
-- returns {head or empty}, and for each page between these its entry, and the page, or false if it is not there
local to = ARGV[3] == '+inf' and '+inf' or '(' .. ARGV[3]
local reply = {call('GET', HEAD) or ''}
for _, entry in ipairs(call('ZRANGE', INDEX, 0, -1)) do
  local page = read_entry(entry)
  reply[#reply + 1] = entry
  if (ARGV[2] == '-inf' or page.last >= tonumber(ARGV[2])) and (to == '+inf' or page.first < tonumber(ARGV[3])) then
    reply[#reply + 1] = call('GET', page.key)
  else
    reply[#reply + 1] = ''
  end
end
return reply
