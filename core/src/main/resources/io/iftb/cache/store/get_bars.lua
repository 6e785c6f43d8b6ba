-- Reads bars of one series by their open times.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2..] open times, sorted, each once
-- returns {} without a series, else {time, the mark of the head or empty, rows}: rows that have not expired by that time,
-- some of which may not have been asked for; and for each packed page that may hold some its header, blocks, and the number of
-- the first of them, or false, '' and 0 if it is not there, as for bars of which it was lost in which page they are
-- the header of a packed page, where its blocks start in time and end in bytes, and how many there are: block i, from 0 on,
-- at block_ends[i]; block_ends[-1] is where the first begins. No blocks if the page is cut off, nil if it is not there
local BLOCK_ROWS, BLOCKS_AT, BLOCK_ENTRY = 128, 44, 16
local function read_header(page)
  local blocks = math.ceil(page.rows / BLOCK_ROWS)
  local size = BLOCKS_AT + blocks * BLOCK_ENTRY + 4
  local header = call('GETRANGE', page.key, 0, size - 1)
  local starts, block_ends = {}, {[-1] = size}
  if #header < size then
    return #header > 0 and header or nil, starts, block_ends, 0
  end
  for block = 0, blocks - 1 do
    starts[block], block_ends[block] = unpack('>i8I4', header, BLOCKS_AT + block * BLOCK_ENTRY + 1)
  end
  return header, starts, block_ends, blocks
end

-- adds to a reply what a packed page holds of the blocks first..last: the header, the blocks, and the number of the first
-- one; false, '' and 0 if the page is not there
local function ship(reply, page, header, block_ends, first, last)
  local at = #reply
  reply[at + 1], reply[at + 2], reply[at + 3] = header or false, '', 0
  if header and last >= first then
    reply[at + 2], reply[at + 3] = call('GETRANGE', page.key, block_ends[first - 1], block_ends[last] - 1), first
  end
end

local EACH = 16 -- rows of the head that cost less to return than the search for one
local now, times = clock(), {}
for i = 2, #ARGV do
  times[i - 1] = tonumber(ARGV[i])
end
if not exists() then
  return {}
end
local head, rows = ends(HEAD), {}
local reply = {text(now), head.mark, ''}
local begins = head.base > 0 and head.begins or head.opens
local at, page, asked = 1, nil, nil

-- the blocks in which the bars asked of a page are
local function ship_blocks()
  local header, starts, block_ends, blocks = read_header(page)
  local first, last = 0, blocks - 1
  while last > 0 and starts[last] > asked[#asked] do
    last = last - 1
  end
  while first < last and starts[first + 1] <= asked[1] do
    first = first + 1
  end
  ship(reply, page, header, block_ends, first, last)
end

-- whether bars of no page may have been lost, and not never have been there
local index_is_lost
local function may_be_lost(time)
  if index_is_lost == nil then
    index_is_lost = head.base > 0 and head.ends > now and call('EXISTS', INDEX) == 0
  end
  return index_is_lost or head.base > 0 and time >= head.hole and time < head.hole_end
end

local is_lost = false -- whether one of them may have been
while at <= #times and times[at] < begins do
  local time = times[at]
  if page and time <= page.last then
    asked[#asked + 1] = time
  else
    if page then
      ship_blocks()
    end
    local row
    row, page = find(time, now)
    asked = {time}
    rows[#rows + 1] = row
    is_lost = is_lost or not row and not page and may_be_lost(time)
  end
  at = at + 1
end
if page then
  ship_blocks()
end
if is_lost then
  ship(reply, nil, nil)
end
if at == #times then
  rows[#rows + 1] = find(times[at], now)
elseif at < #times then
  local first, last = bound_in(HEAD, times[at]), bound_in(HEAD, times[#times])
  if last - first <= EACH * (#times - at) then
    local to = math.min(last + 1, head.rows)
    if first < to then
      rows[#rows + 1] = settle(call('GETRANGE', HEAD, head.base + first * ROW, head.base + to * ROW - 1), now)
    end
  else
    for i = at, #times do
      rows[#rows + 1] = find(times[i], now)
    end
  end
end
reply[3] = table.concat(rows)
return reply
