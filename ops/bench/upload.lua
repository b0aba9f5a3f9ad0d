-- Uploads of 1 MiB, for ops/bench: the same bytes each time, whose CRC-32 the backend answers.
dofile(os.getenv("PORTWAY_BENCH") .. "/report.lua")
wrk.method = "POST"
wrk.body = string.rep("Portway!", 131072)
