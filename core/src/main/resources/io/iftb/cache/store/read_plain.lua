-- Reads keys that hold strings, with what is left of their lifetimes.
-- KEYS[1..] the keys
-- returns for each its value, or nil if it is not there, or 1 if it holds another type than a string; and its PTTL
local reply = {}
for i, key in ipairs(KEYS) do
  local value = redis.pcall('GET', key)
  if type(value) == 'table' then
    if not value.err:find('WRONGTYPE', 1, true) then
      return value
    end
    value = 1
  end
  reply[2 * i - 1] = value
  reply[2 * i] = redis.call('PTTL', key)
end
return reply
