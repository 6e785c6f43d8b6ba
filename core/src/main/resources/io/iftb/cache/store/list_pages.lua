-- Lists the pages of a series, and gives those of an earlier layout an index of this one.
-- KEYS, ARGV[1] as in series.lua
-- returns {mark, time}, and for each page its entry and ''
local now = clock()
prepare(now)
local reply = {ends(HEAD).mark, text(now)}
for _, entry in ipairs(call('ZRANGE', INDEX, 0, -1)) do
  reply[#reply + 1] = entry
  reply[#reply + 1] = ''
end
return reply
