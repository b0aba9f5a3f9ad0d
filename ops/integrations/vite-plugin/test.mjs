// A Vite dev server that names itself by the plugin: its page and its hot reload in a real browser, and no route left when
// it has ended, by Ctrl-C, SIGTERM or SIGKILL. Needs Chromium, and ./proxy of this repository. Ends what it started.
//
//     npm install && npm test

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const HERE = dirname(fileURLToPath(import.meta.url))
const REPOSITORY = resolve(HERE, '../../..')
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const WAIT = { timeout: 20_000 }
const TTL = 3 // seconds

const cleanups = []

async function main() {
  const folder = await mkdtemp(join(tmpdir(), 'portway-vite-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'index.html'), '<div id="said"></div><script type="module" src="/main.js"></script>')
  await writeFile(join(folder, 'main.js'), `
    import { said } from './said.js'
    const show = text => { document.getElementById('said').textContent = text }
    show(said)
    window.loads = (window.loads ?? 0) + 1
    import.meta.hot.accept('./said.js', module => show(module.said))
  `)
  await writeFile(join(folder, 'said.js'), "export const said = 'before'")

  const port = await freePort()
  const admin = `http://localhost:${await freePort()}`
  await startPortway(folder, port, new URL(admin).port)
  await writeFile(join(folder, 'vite.config.mjs'), `
    import portway from ${JSON.stringify(join(HERE, 'index.mjs'))}
    export default { server: { port: 0 }, plugins: [portway({ host: 'web.localhost', admin: '${admin}', ttl: ${TTL} })] }
  `)
  let vite = await startVite(folder, admin)

  const browser = await chromium.launch({
    executablePath: BROWSERS.find(existsSync),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  cleanups.push(() => browser.close())
  const page = await browser.newPage()
  const sockets = []
  page.on('websocket', socket => sockets.push(socket.url()))
  await page.goto(`http://web.localhost:${port}/`)
  await page.waitForFunction(() => document.getElementById('said').textContent === 'before', null, WAIT)
  await page.evaluate(() => { window.stayed = true })

  await writeFile(join(folder, 'said.js'), "export const said = 'after'")

  await page.waitForFunction(() => document.getElementById('said').textContent === 'after', null, WAIT)
  check(await page.evaluate(() => window.stayed === true && window.loads === 1), 'the page was loaded again')
  check(sockets.length > 0 && sockets.every(url => url.startsWith(`ws://web.localhost:${port}/`)),
    `the hot reload did not come through the proxy: ${sockets}`)

  console.log(`vite: hot reload came through the proxy: ${sockets[0].replace(/\?.*/, '')}`)

  await new Promise(done => setTimeout(done, 2 * TTL * 1000))
  check((await routes(admin)).includes('web.localhost'), 'the lease was not renewed')
  console.log('vite: the lease is renewed')

  for (const signal of ['SIGINT', 'SIGTERM']) {
    vite ??= await startVite(folder, admin)
    await end(vite, signal)
    check(!(await routes(admin)).includes('web.localhost'), `the route outlived ${signal}`)
    vite = null
    console.log(`vite: ${signal} takes the route away`)
  }

  await end(await startVite(folder, admin), 'SIGKILL')
  check((await routes(admin)).includes('web.localhost'), 'SIGKILL took the route away at once')
  const killed = Date.now()
  await until(async () => !(await routes(admin)).includes('web.localhost'))
  const lived = (Date.now() - killed) / 1000
  check(lived < TTL + 1, `the lease outlived its ${TTL} s: ${lived} s`)
  console.log('vite: after SIGKILL the lease ends by its ttl')
}

async function startVite(folder, admin) {
  const vite = spawn(process.execPath, [join(HERE, 'node_modules/vite/bin/vite.js'), '--logLevel', 'warn'],
    { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] })
  cleanups.push(() => vite.kill('SIGKILL'))
  await until(async () => (await routes(admin)).includes('web.localhost'))
  return vite
}

function end(vite, signal) {
  const ended = new Promise(done => vite.once('exit', done))
  vite.kill(signal)
  return ended
}

async function startPortway(folder, port, adminPort) {
  const config = join(folder, 'portway.json')
  await writeFile(config, JSON.stringify({
    proxy: { port, admin: { port: Number(adminPort) } },
    routes: [],
    default: { target: null },
  }))
  const process = spawn(join(REPOSITORY, 'proxy'), ['start', '-c', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  cleanups.push(() => process.kill())
  await until(() => fetch(`http://127.0.0.1:${port}/`))
}

async function routes(admin) {
  return (await (await fetch(`${admin}/routes`)).json()).map(route => route.id ?? route.host)
}

async function until(holds) {
  for (let tries = 0; tries < 600; tries++) {
    try {
      if (await holds()) return
    } catch {
      // not yet
    }
    await new Promise(done => setTimeout(done, 100))
  }
  throw new Error('it did not come to that within a minute')
}

function freePort() {
  return new Promise((found, failed) => {
    const socket = createSocket().listen(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => found(port))
    }).on('error', failed)
  })
}

function check(holds, otherwise) {
  if (!holds) throw new Error(otherwise)
}

try {
  await main()
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup()
}
