// Vite's hot reload through Portway, in a real browser: a module is edited, and the page shows it without being loaded
// again. Needs Chromium, and ./proxy of this repository. Ends what it started.
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
import { createServer } from 'vite'

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const WAIT = { timeout: 20_000 }

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

  const vite = await createServer({ root: folder, server: { port: 0, allowedHosts: ['web.localhost'] }, logLevel: 'error' })
  await vite.listen()
  cleanups.push(() => vite.close())
  const port = await freePort()
  await startPortway(folder, port, vite.httpServer.address().port)

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
  console.log(`hot reload came through the proxy: ${sockets[0].replace(/\?.*/, '')}`)
}

async function startPortway(folder, port, target) {
  const config = join(folder, 'portway.json')
  await writeFile(config, JSON.stringify({
    proxy: { port, admin: { port: await freePort() } },
    routes: { 'web.localhost': target },
    default: { target: null },
  }))
  const process = spawn(join(REPOSITORY, 'proxy'), ['start', '-c', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  cleanups.push(() => process.kill())
  for (let tries = 0; tries < 600; tries++) {
    try {
      await fetch(`http://127.0.0.1:${port}/`)
      return
    } catch {
      await new Promise(done => setTimeout(done, 100))
    }
  }
  throw new Error('Portway did not start within a minute')
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
