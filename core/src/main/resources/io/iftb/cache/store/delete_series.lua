-- Removes a series; its memory is freed in the background.
-- KEYS, ARGV[1] as in series.lua
-- gives 1 if there was one, else 0
local removed = redis.call('UNLINK', HEAD)
for _, page in ipairs(redis.call('ZRANGE', INDEX, 0, -1)) do
  removed = removed + redis.call('UNLINK', PREFIX .. page)
end
redis.call('UNLINK', INDEX)
return removed > 0 and 1 or 0
