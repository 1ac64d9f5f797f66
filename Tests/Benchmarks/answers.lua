-- wrk's script: asks for the people given as arguments in turn, and holds every answer against the others of the same person and version.
--
-- An answer that mixed two models, or named another version than the one that made it, would differ from its fellows. The people
-- rate nothing meanwhile, so that the version alone decides what they are recommended. One connection's answers come in the order of
-- its requests, but those of several do not: an answer says for whom it is. Counters are global: wrk hands globals to `done`.
failed, mixed, answers, versions = 0, 0, 0, 0
local turn, people, known, seen, threads = 0, {}, {}, {}, {}

function setup(thread) table.insert(threads, thread) end

function init(arguments)
  for _, person in ipairs(arguments) do table.insert(people, person) end
end

function request()
  turn = turn % #people + 1
  return wrk.format("GET", "/api/v1/recommendations/" .. people[turn] .. "?k=10")
end

function response(status, headers, body)
  answers = answers + 1
  local user, version, items = body:match('"user":"([^"]*)"'), body:match('"version":(%d+)'), body:match('"items":.*')
  if status ~= 200 or not user or not version or not items then
    failed = failed + 1
    return
  end
  if not seen[version] then
    seen[version] = true
    versions = versions + 1
  end
  local key = version .. " " .. user
  if not known[key] then
    known[key] = items
  elseif known[key] ~= items then
    mixed = mixed + 1
  end
end

local function total(name)
  local sum = 0
  for _, thread in ipairs(threads) do sum = sum + thread:get(name) end
  return sum
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("requests_per_second=%.1f\n", summary.requests / summary.duration * 1e6))
  io.write(string.format("p50_ms=%.2f\np99_ms=%.2f\n", latency:percentile(50) / 1000, latency:percentile(99) / 1000))
  io.write(string.format("answers=%d\nversions=%d\n", total("answers"), total("versions")))
  io.write(string.format("failed=%d\n", total("failed") + errors.connect + errors.read + errors.write + errors.timeout))
  io.write(string.format("mixed=%d\n", total("mixed")))
end
