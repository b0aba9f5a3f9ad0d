// A backend that ops/bench/faults starts, and hurts by signals: node backend.mjs PORT NAME MILLISECONDS
//
// Answers each request after so many milliseconds, names itself in X-Backend, and counts what came in each tenth of a second;
// GET /counts, straight to it, tells. SIGUSR2 has it answer 500 to everything from then on.

import { createServer } from "node:http";

const [port, name, milliseconds] = process.argv.slice(2);
const counts = new Map();
let status = 200;
process.on("SIGUSR2", () => (status = 500));

createServer((request, response) => {
  if (request.url === "/counts") {
    response.end(JSON.stringify([...counts]));
    return;
  }
  const tenth = Math.floor(Date.now() / 100);
  counts.set(tenth, (counts.get(tenth) ?? 0) + 1);
  setTimeout(() => {
    response.writeHead(status, { "X-Backend": name, "Content-Length": 13 });
    response.end("Hello, World!");
  }, Number(milliseconds));
}).listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
