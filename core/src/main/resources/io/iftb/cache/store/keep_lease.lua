-- Extends a lease, or gives it back.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] token, 8 bytes; ARGV[3] how long it lives from now on, ms; 0 to give it back
-- ARGV[4] channel on which ARGV[5] is published if it is given back
-- returns 1 if it was there, else 0
if is_lease_lost(ARGV[2]) then
  return 0
end
local now, rest = clock(), {}
for _, each in ipairs(read_leases(0, '', ARGV[2])) do
  if each[4] ~= ARGV[2] then
    rest[#rest + 1] = each
  elseif ARGV[3] ~= '0' then
    rest[#rest + 1] = {each[1], each[2], now + tonumber(ARGV[3]), each[4]}
  end
end
write_leases(rest)
if ARGV[3] == '0' then
  call('PUBLISH', ARGV[4], ARGV[5])
end
return 1
