-- wrk's script: asks for recommendations for the people given after the path they stand behind, in turn. An answer without titles has failed.
failed, answers = 0, 0
local turn, path, people, threads = 0, "", {}, {}

function setup(thread) table.insert(threads, thread) end

function init(arguments)
  path = table.remove(arguments, 1)
  people = arguments
end

function request()
  turn = turn % #people + 1
  return wrk.format("GET", path .. people[turn] .. "?k=10")
end

function response(status, headers, body)
  answers = answers + 1
  if status ~= 200 or not body:find('"title":', 1, true) then failed = failed + 1 end
end

function done(summary, latency)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do lost = lost + thread:get("failed") end
  io.write(string.format('{"requests_per_second":%.1f,', summary.requests / summary.duration * 1e6))
  io.write(string.format('"p50_ms":%.3f,"p99_ms":%.3f,', latency:percentile(50) / 1000, latency:percentile(99) / 1000))
  io.write(string.format('"failed":%d}\n', lost))
end
