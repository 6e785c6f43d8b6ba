-- Removes keys whose values are still as they were read.
-- KEYS[1..] the keys
-- ARGV[1..] the value of each
-- returns how many it removed
local same = {}
for i, key in ipairs(KEYS) do
  local value = redis.pcall('GET', key)
  if type(value) == 'table' and not value.err:find('WRONGTYPE', 1, true) then
    return value
  elseif value == ARGV[i] then
    same[#same + 1] = key
  end
end
return #same > 0 and redis.call('UNLINK', unpack(same)) or 0
