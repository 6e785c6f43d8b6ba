-- Reads keys that hold strings, with what is left of their lifetimes; stops behind some bytes, and reads one key at least.
-- KEYS[1..] the keys; ARGV[1] how many bytes
-- returns for each that it read its value, or nil if it is not there, or 1 if it holds another type than a string; and its PTTL
local reply, room = {}, tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  local value = redis.pcall('GET', key)
  if type(value) == 'table' then
    if not value.err:find('WRONGTYPE', 1, true) then
      return value
    end
    value = 1
  elseif value then
    room = room - #value
    if room < 0 and i > 1 then
      return reply
    end
  end
  reply[2 * i - 1] = value
  reply[2 * i] = redis.call('PTTL', key)
end
return reply
