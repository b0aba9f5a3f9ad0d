-- What ops/bench reads of a turn of wrk: requests, microseconds it took, quantiles in microseconds, errors.
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("REPORT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), latency:percentile(99.9),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
