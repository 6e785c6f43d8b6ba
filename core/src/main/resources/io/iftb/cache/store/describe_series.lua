-- Describes what a series holds.
-- KEYS, ARGV[1] as in series.lua
-- returns {rows, open time of the first, open time of the last, bytes of memory, ms to live or -1} as text; nil if empty.
-- Pages that are not there do not count
if not exists() then
  return false
end
local head = ends(HEAD)
local rows, first, last, bytes = head.rows, head.opens, head.closes, call('MEMORY', 'USAGE', HEAD)
local function add(key, key_rows, key_first, key_last)
  local used = call('MEMORY', 'USAGE', key)
  if used then
    rows, bytes, first = rows + key_rows, bytes + used, math.min(first or key_first, key_first)
    last = math.max(last or key_last, key_last)
  end
end
for _, entry in ipairs(call('ZRANGE', INDEX, 0, -1)) do
  local page = read_entry(entry)
  add(page.key, page.rows, page.first, page.last)
end
for _, name in ipairs(call('ZRANGE', FORMER_INDEX, 0, -1)) do
  local page = ends(PREFIX .. name)
  add(PREFIX .. name, page.rows, page.opens, page.closes)
end
for _, key in ipairs({INDEX, FORMER_INDEX, PREFIX .. 'coverage'}) do
  bytes = bytes + (call('MEMORY', 'USAGE', key, 'SAMPLES', 0) or 0)
end
if rows == 0 then
  return false
end
return {text(rows), text(first), text(last), text(bytes), text(call('PTTL', HEAD))}
