/** One server of the estate: a process that is started again when it was killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../api/engines/free-port.ts";

const ROOT = process.cwd();
const PERPETUAL = "dist/scripts/perpetual.js";
const CLOCK = "dist/scripts/faults/clock.js";

export type Server = Awaited<ReturnType<typeof startServer>>;
export type Environment = Readonly<Record<string, string>>;

export async function startServer(name: string, folder: string, environment: Environment) {
  const port = await freePort();
  const clock = join(folder, `${name}.clock`);
  const output = join(folder, `${name}.log`);
  writeFileSync(clock, "0");
  writeFileSync(output, "");
  let child: ChildProcess;

  function start(): void {
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, ...environment, PORT: `${port}`, CLOCK_FILE: clock, LOG_LEVEL: "warn" };
    const args = ["--enable-source-maps", "--import", join(ROOT, CLOCK), PERPETUAL, "serve"];
    child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (bytes: Buffer) => writeFileSync(output, bytes, { flag: "a" }));
  }

  start();
  process.once("exit", () => void child.kill("SIGKILL"));
  return {
    name,
    output,
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child.pid ?? 0;
    },
    /** Started again if it has ended, however it did. */
    ensure() {
      if (child.exitCode !== null || child.signalCode !== null) start();
    },
    stepClock(milliseconds: number) {
      writeFileSync(clock, `${milliseconds}`);
      child.kill("SIGUSR2");
    },
    /** In good order; killed where that takes too long. */
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(late);
    },
  };
}
