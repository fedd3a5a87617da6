// serve.mjs FOLDER PORT: serves the folder at this port, or at the next one that is free, until Ctrl-C.
import { serveFolder } from './lib/static-server.mjs';

const TRIES = 20;

/** @param {string} folder @param {number} firstPort */
async function serveAtFreePort(folder, firstPort) {
  for (let port = firstPort; port < firstPort + TRIES && port <= 65535; port += 1) {
    try {
      return await serveFolder({ folder, port });
    } catch (error) {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      console.log(`Port ${port} is ${code === 'EACCES' ? 'not allowed' : 'taken'}.`);
    }
  }
  throw new Error(`No free port from ${firstPort} on; choose another with --port`);
}

const [folder = 'web/dist', port = '8080'] = process.argv.slice(2);
const server = await serveAtFreePort(folder, Number(port));
console.log(`The demo page is at ${server.url} (Ctrl-C ends).`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    process.exit(0);
  });
}
