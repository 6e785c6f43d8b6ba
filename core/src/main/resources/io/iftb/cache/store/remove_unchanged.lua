-- Removes keys whose values are still as they were read, and that do not end later than they did then.
-- KEYS[1..] the keys
-- ARGV[1..] the value of each, then how long each may live at most, ms, or -1 for ever
-- returns how many it removed
local same = {}
for i, key in ipairs(KEYS) do
  local value = redis.pcall('GET', key)
  if type(value) == 'table' and not value.err:find('WRONGTYPE', 1, true) then
    return value
  elseif value == ARGV[i] then
    local left, most = redis.call('PTTL', key), tonumber(ARGV[#KEYS + i])
    if most < 0 or (left >= 0 and left <= most) then
      same[#same + 1] = key
    end
  end
end
return #same > 0 and redis.call('UNLINK', unpack(same)) or 0
