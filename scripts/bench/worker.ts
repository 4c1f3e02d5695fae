/** Child processes that do jobs: subject and bound never share an event loop with each other or with who measures. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { soon, watched } from "./children.ts";

type Jobs = Readonly<Record<string, (asked: never) => Promise<unknown>>>;
type Call = Readonly<{ name: string; asked: unknown }>;
type Reply = Readonly<{ result?: unknown; error?: string }>;

/** In the child: one job after another, until the parent ends or lets go. */
export function answer(jobs: Jobs, end: () => Promise<void> = async () => {}): void {
  process.on("message", ({ name, asked }: Call) => {
    const job = jobs[name];
    const done = job ? job(asked as never) : Promise.reject(new Error(`no job ${name}`));
    done.then(
      (result) => process.send?.({ result } satisfies Reply),
      (error: Error) => process.send?.({ error: error.stack ?? String(error) } satisfies Reply),
    );
  });
  process.once("disconnect", () => void end().finally(() => process.exit()));
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type Worker<J extends Jobs> = Readonly<{
  ask: <Name extends keyof J & string>(
    name: Name,
    asked: Parameters<J[Name]>[0],
  ) => Promise<Awaited<ReturnType<J[Name]>>>;
  end: () => Promise<void>;
}>;

/** No job may take longer. */
const JOB_MS = 10 * 60_000;

/** `program`: beside this file. */
export function startWorker<J extends Jobs>(program: string, env: Environment): Worker<J> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(path, { env: { ...env }, execArgv: nodeArguments(env), serialization: "advanced" });
  const exited = watched(child);
  return {
    async ask(name, asked) {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), JOB_MS);
      const reply = once(child, "message", limit) as Promise<[Reply]>;
      const gone = exited.then((): [Reply] => [{ error: `${program} ended in the middle of ${name}` }]);
      try {
        child.send({ name, asked } satisfies Call);
        const [{ result, error }] = await Promise.race([reply, gone]);
        if (error !== undefined) throw new Error(error);
        return result as never;
      } finally {
        clearTimeout(timer);
        limit.abort();
        reply.catch(() => {}); // whoever lost the race
      }
    },
    async end() {
      if (child.connected) child.disconnect();
      await soon(child, exited);
    },
  };
}

/**
 * With BENCH_PROFILE=folder every child leaves a CPU profile there. Subject and bound have the same room for what lives
 * shortly, as `npm start` and `npm run perpetual` give it: a sixth of an import went to collecting it.
 */
export const nodeArguments = ({ BENCH_PROFILE: folder }: Environment): string[] => [
  "--max-semi-space-size=64",
  "--enable-source-maps",
  ...(folder ? ["--cpu-prof", `--cpu-prof-dir=${folder}`] : []),
];

/** A worker, for as long as it is needed. */
export async function withWorker<J extends Jobs, T>(
  program: string,
  env: Environment,
  use: (worker: Worker<J>) => Promise<T>,
): Promise<T> {
  const worker = startWorker<J>(program, env);
  try {
    return await use(worker);
  } finally {
    await worker.end();
  }
}
