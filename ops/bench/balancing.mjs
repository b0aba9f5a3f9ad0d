// The two ends of ops/bench/balancing: a backend, and load that comes whether or not the answers do.
//
//   node balancing.mjs backend PORT DELAY_MS
//   node balancing.mjs load URL REQUESTS_PER_SECOND SECONDS
//
// The load prints one line of JSON: times in milliseconds, from when a request was due, and how many were answered late.
import http from "node:http";

const [role, ...rest] = process.argv.slice(2);

function backend(port, delay) {
  const answer = (response) => response.writeHead(200, { "x-delay": String(delay) }).end("hello, world\n");
  http
    .createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
      if (delay > 0) {
        setTimeout(answer, delay, response);
      } else {
        answer(response);
      }
    })
    .listen(port, "127.0.0.1");
}

async function load(url, rate, seconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1024 });
  const total = rate * seconds;
  const times = [];
  let slow = 0;
  let failed = 0;
  await new Promise((done) => {
    const began = performance.now();
    let sent = 0;
    let ended = 0;
    const end = () => {
      ended += 1;
      if (ended === total) {
        done();
      }
    };
    const send = (due) => {
      const request = http.get(url, { agent }, (response) => {
        response.resume().on("end", () => {
          times.push(performance.now() - due);
          slow += response.headers["x-delay"] === "0" ? 0 : 1;
          failed += response.statusCode === 200 ? 0 : 1;
          end();
        });
      });
      request.on("error", () => {
        failed += 1;
        end();
      });
    };
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
      for (; sent < due; sent += 1) {
        send(began + (sent / rate) * 1000);
      }
      if (sent === total) {
        clearInterval(timer);
      }
    }, 1);
  });
  agent.destroy();
  times.sort((a, b) => a - b);
  const quantile = (share) => times[Math.floor(share * (times.length - 1))];
  const result = { median: quantile(0.5), p99: quantile(0.99), p999: quantile(0.999), slow: slow / total, failed };
  console.log(JSON.stringify(result));
}

if (role === "backend") {
  backend(Number(rest[0]), Number(rest[1]));
} else {
  await load(rest[0], Number(rest[1]), Number(rest[2]));
}
