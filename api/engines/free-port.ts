import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/**
 * A port of 127.0.0.1 that nobody listens on. The preferred one if it is free: a server started again on its old
 * port is found by those who were connected to it.
 */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer().listen(preferred, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if (preferred === 0) throw error;
    return freePort();
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
