-- For wrk: each request with the token of the next pod. Takes a file with a token a line.
local requests = {}
local last = 0

function init(args)
  for token in io.lines(args[1]) do
    local headers = { Authorization = token }
    requests[#requests + 1] = wrk.format("GET", nil, headers)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
