/** The program itself, serving, as a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { soon, watched } from "./children.ts";
import { type Environment, nodeArguments } from "./worker.ts";

export async function withServer<T>(env: Environment, use: (url: string) => Promise<T>): Promise<T> {
  const program = fileURLToPath(new URL("../perpetual.js", import.meta.url));
  const server = spawn(process.execPath, [...nodeArguments(env), program, "serve"], {
    env: { ...env, PORT: "0", WAIT_MAX_MS: "60000" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = watched(server);
  try {
    const line = once(createInterface(server.stdout), "line") as Promise<[string]>;
    const [url] = (await Promise.race([line, exited])) ?? [];
    if (url === undefined) throw new Error("the server did not start");
    return await use(url);
  } finally {
    server.kill("SIGTERM");
    await soon(server, exited);
  }
}
