#!/usr/bin/env node
// Echoes messages over many WebSockets at once, directly and through the proxy, and compares what comes back byte for byte:
// frame sizes around every boundary of the format, whole and in fragments, compressed and not, and one of 64 MiB.
//
//   npm install --no-save ws && node ops/bench/websockets.mjs [SOCKETS]
//
// Runs the jar that mvn package makes under -Xmx64m, or what $PORTWAY says. Exits 0 if nothing came back wrong.
import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { WebSocket, WebSocketServer } = createRequire(join(process.cwd(), "x"))("ws");

const SOCKETS = Number(process.argv[2] ?? 1000);
const SIZES = [0, 1, 125, 126, 65535, 65536];
const PORT = 18080;

function echo(compressed) {
  return new Promise((resolve) => {
    const server = new WebSocketServer({ port: 0, perMessageDeflate: compressed, maxPayload: 1 << 28 }, () => resolve(server));
    server.on("connection", (socket) => socket.on("message", (data, binary) => socket.send(data, { binary })));
  });
}

function open(url, compressed) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: compressed, maxPayload: 1 << 28 });
    socket.waiting = [];
    socket.on("message", (data) => socket.waiting.shift()(data));
    socket.on("open", () => resolve(socket));
    socket.on("error", reject);
  });
}

function ask(socket, message, fragments) {
  return new Promise((resolve) => {
    socket.waiting.push(resolve);
    const size = Math.floor(message.length / fragments);
    for (let i = 0; i < fragments; i++) {
      const fin = i === fragments - 1;
      socket.send(message.subarray(i * size, fin ? message.length : (i + 1) * size), { binary: true, fin });
    }
  });
}

async function run(label, url, compressed, count) {
  const begun = Date.now();
  const sockets = [];
  for (let i = 0; i < count; i += 100) {
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, count - i) }, () => open(url, compressed)))));
  }
  let wrong = 0;
  for (const fragments of [1, 3]) {
    for (const size of SIZES) {
      const message = compressed ? Buffer.alloc(size, "compress me ") : randomBytes(size);
      const heard = await Promise.all(sockets.map((socket) => ask(socket, message, fragments)));
      wrong += heard.filter((data) => !message.equals(data)).length;
    }
  }
  const large = randomBytes(1 << 20);
  for (const socket of sockets.filter((_, i) => i % 10 === 0)) {
    if (!large.equals(await ask(socket, large, 1))) wrong++;
  }
  const huge = randomBytes(64 << 20);
  if (!huge.equals(await ask(sockets[0], huge, 4))) wrong++;
  const codes = await Promise.all(
    sockets.map((socket) => new Promise((resolve) => { socket.on("close", resolve); socket.close(4000, "done"); })),
  );
  wrong += codes.filter((code) => code !== 4000).length;
  console.log(`${label}: ${count} sockets, ${compressed ? "compressed" : "plain"}, extensions "${sockets[0].extensions}", `
    + `${wrong} wrong, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  return wrong;
}

async function main() {
  let wrong = 0;
  const plain = await echo(false);
  const deflating = await echo(true);
  const config = join(mkdtempSync(join(tmpdir(), "portway-")), "config.json");
  writeFileSync(config, JSON.stringify({
    proxy: { port: PORT, admin: { port: PORT + 1 }, limits: { backendConnections: 2 * SOCKETS + 100 } },
    routes: { "/plain": `http://127.0.0.1:${plain.address().port}`, "/deflate": `http://127.0.0.1:${deflating.address().port}` },
    default: { target: null }, logging: { level: "WARN", access: false },
  }));
  const [command, ...args] = (process.env.PORTWAY ?? "java -Xmx64m -jar proxy.jar").split(" ");
  const proxy = spawn(command, [...args, "server", config], { stdio: "inherit" });
  try {
    for (let up = false; !up; ) {
      up = await fetch(`http://127.0.0.1:${PORT + 1}/ready`).then((answer) => answer.ok, () => false);
      if (!up) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const [server, compressed, path] of [[plain, false, "/plain"], [deflating, true, "/deflate"]]) {
      wrong += await run("direct ", `ws://127.0.0.1:${server.address().port}${path}`, compressed, SOCKETS);
      wrong += await run("proxied", `ws://127.0.0.1:${PORT}${path}`, compressed, SOCKETS);
    }
    const metrics = await fetch(`http://127.0.0.1:${PORT + 1}/metrics`).then((answer) => answer.json());
    console.log(`heap used ${(metrics.gauges["jvm.memory.heap.used"].value / 2 ** 20).toFixed(0)} MiB, tunnels left `
      + metrics.gauges["portway.tunnels.open"].value);
  } finally {
    proxy.kill();
    plain.close();
    deflating.close();
  }
  process.exitCode = wrong === 0 ? 0 : 1;
}

await main();
