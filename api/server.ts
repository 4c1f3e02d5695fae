/** A book served over HTTP, until it is told to stop. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Logger, pino } from "pino";
import { openBook } from "./book.ts";
import type { Config } from "./config.ts";
import { app } from "./http/app.ts";

export type Server = Readonly<{
  url: string;
  book: Awaited<ReturnType<typeof openBook>>;
  /** Answers what is under way, then lets go of everything. Safe to call twice. */
  stop: () => Promise<void>;
}>;

const REQUEST_TIMEOUT_MS = 30_000;
/** Well within what a supervisor waits; a connection that never asked anything is idle to nobody. */
const STOP_DEADLINE_MS = 5_000;
const SWEEP_MS = 100;
const CONNECTIONS_MAX = 1_024;

/** Standard output belongs to the program; the log goes to standard error. */
export const logger = (level: Config["logLevel"]): Logger => pino({ level }, pino.destination(2));

export async function serve(config: Config, log = logger(config.logLevel)): Promise<Server> {
  const book = await openBook(config, { report: (error) => log.error(error) });
  const server = createServer(app({ book, waitMaxMs: config.waitMaxMs, log }));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = CONNECTIONS_MAX;
  try {
    server.listen(config.port, config.host);
    await once(server, "listening");
  } catch (error) {
    await book.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const url = `http://${host}:${port}`;
  log.info({ url, book: config.book }, "serving");

  async function close(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    // Keep-alive connections would be waited for; each that falls idle is closed.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const deadline = setTimeout(() => server.closeAllConnections(), STOP_DEADLINE_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
    await book.close();
    log.info("stopped");
  }
  let stopping: Promise<void> | undefined;
  return {
    url,
    book,
    stop: () => {
      stopping ??= close();
      return stopping;
    },
  };
}
