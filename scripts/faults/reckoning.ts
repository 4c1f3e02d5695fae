/** What was acknowledged against what is there: each once, whole, in its place; and nothing else. */
import { spawn } from "node:child_process";
import { connectEventStore } from "../../api/event-store/eventstoredb.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { LOG_START } from "../../domain/kernel/event-store.ts";
import type { Estate } from "./estate.ts";
import type { Acknowledged } from "./load.ts";
import { logOf } from "./log.ts";

async function storedOf(book: string, url: string): Promise<readonly Recorded[]> {
  const store = connectEventStore(url);
  try {
    return await logOf(book, store);
  } finally {
    await store.dispose();
  }
}

/** Every difference, in words; none if all is well. */
export async function reckon(
  { book, direct, servers }: Pick<Estate, "book" | "direct" | "servers">,
  acknowledged: readonly Acknowledged[],
): Promise<readonly string[]> {
  const log = await storedOf(book, direct.EVENTSTORE_URL);
  const last = acknowledged.reduce((max, { position }) => (position > max ? position : max), LOG_START);
  return [
    ...compare(acknowledged, log),
    ...(await Promise.all(servers.map(({ url }) => shown(url, last)))).flat(),
    ...(await verified(direct)),
  ];
}

export function compare(acknowledged: readonly Acknowledged[], log: readonly Recorded[]): readonly string[] {
  const wrong: string[] = [];
  const commands = new Map<string, Recorded[]>();
  for (const event of log) {
    const parts = commands.get(event.metadata.commandId) ?? [];
    commands.set(event.metadata.commandId, [...parts, event]);
  }
  for (const [key, parts] of commands)
    if (parts.some(({ metadata: { part, of } }, index) => part !== index + 1 || of !== parts.length))
      wrong.push(`${key} is there in ${parts.length} parts: half, or more than once`);
  for (const { key, stream, revision, position } of acknowledged) {
    const event = commands.get(key)?.at(-1);
    const there = event && `${event.stream} ${event.revision} at ${event.position}`;
    if (there !== `${stream} ${revision} at ${position}`)
      wrong.push(
        `${key} was acknowledged as ${stream} ${revision} at ${position}, and is ${there ?? "lost"}`,
      );
  }
  const keys = new Set(acknowledged.map(({ key }) => key));
  for (const key of commands.keys()) if (!keys.has(key)) wrong.push(`${key} is there, and nobody was told`);
  return wrong;
}

const SHOWN_MS = 20_000;

/** What was acknowledged comes to be shown, by each of the servers. */
async function shown(url: string, position: bigint): Promise<readonly string[]> {
  let said = "";
  for (const until = Date.now() + SHOWN_MS; Date.now() < until; ) {
    const response = await fetch(`${url}/v1/balances?minPosition=${position}`).catch(String);
    if (typeof response !== "string" && response.ok) return [];
    said = typeof response === "string" ? response : `${response.status} ${await response.text()}`;
  }
  return [`${url} does not show position ${position}: ${said}`];
}

async function verified(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { PATH = "", HOME = "" } = process.env;
  const args = ["--enable-source-maps", "dist/scripts/perpetual.js", "verify"];
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      text += piece.toString();
    });
  const code = await new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once("exit", resolve);
  });
  return code === 0 ? [] : [`verify ends with ${code}: ${text}`];
}
