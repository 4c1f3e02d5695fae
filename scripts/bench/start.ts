/** From nothing to the node's first answer, on a machine that has done it before; the bound is a program of nothing. */
import { spawnSync } from "node:child_process";
import { startEmbeddedNode } from "../../api/engines/node/node.ts";
import { announced, placeOf } from "../../api/engines/node/place.ts";
import { kill } from "../faults/processes.ts";
import type { BareClient } from "./bare-client.ts";
import type { Place } from "./place.ts";
import { median, secondsOf } from "./rounds.ts";
import type { Row } from "./table.ts";
import type { Worker } from "./worker.ts";

const ROUNDS = 5;

export async function startToAnswer({ env, folder }: Place, client: Worker<BareClient>): Promise<Row> {
  const databaseUrl = env["DATABASE_URL"] ?? "";
  const [starts, nothings]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    nothings.push(await secondsOf(async () => spawnSync(process.execPath, ["-e", "0"])));
    const running = announced(placeOf(folder, databaseUrl));
    if (running) await kill(running.pid);
    let again: Awaited<ReturnType<typeof startEmbeddedNode>> | undefined;
    starts.push(
      await secondsOf(async () => {
        again = await startEmbeddedNode({ home: folder, databaseUrl });
        await client.ask("firstAnswer", undefined);
      }),
    );
    await again?.stop(); // lets go of it: whoever measures holds it too
  }
  const ms = (seconds: number) => `${Math.round(seconds * 1_000)} ms`;
  return {
    name: "start to the node's first answer, warm",
    subject: ms(median(starts)),
    bound: ms(median(nothings)),
    ratio: "",
    expected: "",
    note: "the bound is a Node program that does nothing",
  };
}
