-- Reads an entry and the rest of its lifetime.
-- KEYS[1] the entry
-- returns {value, ms to live or -1}; empty if there is no entry
local value = redis.call('GET', KEYS[1])
if not value then
  return {}
end
local left = redis.call('PTTL', KEYS[1])
if left == 0 or left == -2 then
  return {} -- it ends at this moment
end
return {value, left}
