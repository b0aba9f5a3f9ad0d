// portway({ host: 'web.localhost' }) among the plugins of a Vite configuration: while the dev server listens, a running
// Portway leads http://web.localhost:8080 to it, hot reload included. A dev server that is killed is forgotten after ttl.
//
//   admin   where Portway is steered; PORTWAY_ADMIN, else http://localhost:8081
//   token   its admin.token, if it has one; PORTWAY_TOKEN
//   ttl     seconds

export default function portway({
  host,
  admin = process.env.PORTWAY_ADMIN ?? 'http://localhost:8081',
  token = process.env.PORTWAY_TOKEN,
  ttl = 30,
}) {
  if (!host) throw new Error('portway: host is missing (expected: a name such as web.localhost)')
  const owner = `vite-${process.pid}`
  const path = `/routes/${encodeURIComponent(host)}`

  async function ask(method, resource, body) {
    const response = await fetch(new URL(resource, admin), {
      method,
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(5000),
    })
    if (!response.ok) throw new Error(`${method} ${resource} was answered ${response.status} ${await response.text()}`)
  }

  return {
    name: 'portway',
    apply: 'serve',

    config: () => ({ server: { allowedHosts: [host] } }),

    configureServer(server) {
      if (!server.httpServer) return // in middleware mode, another program listens
      let renewing
      const lease = () => ask('PUT', `${path}?ttl=${ttl}s&owner=${owner}`, { host, target: server.httpServer.address().port })
      const warn = failure => server.config.logger.warn(`portway: ${failure.message}`)
      server.httpServer.once('listening', () => {
        lease().then(() => server.config.logger.info(`  portway: http://${host} leads here`), warn)
        renewing = setInterval(() => ask('POST', `${path}/renew?ttl=${ttl}s&owner=${owner}`).catch(lease).catch(warn), ttl * 1000 / 3)
        renewing.unref()
      })
      // Vite closes the server on SIGTERM, and on Ctrl-C it would be gone without a word.
      const interrupted = () => server.close().finally(() => process.kill(process.pid, 'SIGINT'))
      process.once('SIGINT', interrupted)
      const close = server.close.bind(server)
      server.close = async () => {
        process.off('SIGINT', interrupted)
        clearInterval(renewing)
        if (renewing) await ask('DELETE', `${path}?owner=${owner}`).catch(warn)
        await close()
      }
    },
  }
}
