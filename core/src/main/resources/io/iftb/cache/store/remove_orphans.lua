-- Removes pages that no index names, since it was lost. Pages that are not linked yet, or soon expire, stay.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] ms: how long an offered page lives at most
-- ARGV[3..] numbers of pages
-- returns how many were removed
local named, removed = {}, 0
for _, entry in ipairs(call('ZRANGE', INDEX, 0, -1)) do
  named[read_entry(entry).key] = true
end
for _, name in ipairs(call('ZRANGE', FORMER_INDEX, 0, -1)) do
  named[PREFIX .. name] = true
end
for i = 3, #ARGV do
  local key = PREFIX .. ARGV[i]
  local left = not named[key] and call('PTTL', key) or 0
  if left == -1 or left > tonumber(ARGV[2]) then
    removed = removed + call('UNLINK', key)
  end
end
return removed
