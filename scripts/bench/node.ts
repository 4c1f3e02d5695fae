/** The embedded node under the bare client: against Postgres alone, doing the same with the same bytes. */
import { readFileSync } from "node:fs";
import { announced, placeOf } from "../../api/engines/node/place.ts";
import { openSession } from "../../read-models/database.ts";
import type { BareClient } from "./bare-client.ts";
import type { BarePostgres, Group } from "./bare-postgres.ts";
import type { Place } from "./place.ts";
import { rounds } from "./rounds.ts";
import { startToAnswer } from "./start.ts";
import { count, perSecond, type Row } from "./table.ts";
import { withWorker } from "./worker.ts";

const ROUNDS = 5;
const APPENDS = [
  { name: "appends, 1 in flight", inFlight: 1, together: 1, appends: 1_500 },
  { name: "appends, 64 in flight", inFlight: 64, together: 1, appends: 10_000 },
  { name: "appends of 500 events", inFlight: 4, together: 500, appends: 60 },
];
const STORED = 1_000_000;
const LONG = 5_000;

export async function node(place: Place): Promise<readonly Row[]> {
  const { env, quick } = place;
  if (process.env["EVENTSTORE_URL"]) return [none("the node: EVENTSTORE_URL names another server")];
  const many = quick ? 10 : 1;
  return withWorker<BareClient, readonly Row[]>("bare-client.js", env, (client) =>
    withWorker<BarePostgres, readonly Row[]>("bare-postgres.js", env, async (postgres) => {
      const rows: Row[] = [];
      for (const { name, appends, ...how } of APPENDS) {
        const asked = { ...how, appends: appends / many };
        let groups: readonly Group[] = [];
        const append = async () => {
          const before = await headOf(place);
          const { seconds } = await client.ask("appendPlain", asked);
          groups = await groupsAfter(place, before);
          return (asked.appends * asked.together) / seconds;
        };
        await append();
        const rates = await rounds(ROUNDS, {
          bound: async () =>
            groups.reduce((sum, group) => sum + group.rows, 0) / (await postgres.ask("commit", { groups })),
          subject: append,
        });
        const events = asked.appends * asked.together;
        rows.push({
          ...perSecond(`${name} (events)`, rates, undefined),
          note: `in groups of ${Math.round(events / groups.length)}`,
        });
      }

      const stored = STORED / many;
      const before = memoryOf(place);
      for (let done = 0; done < stored; done += 50_000)
        await client.ask("appendPlain", { inFlight: 4, together: 500, appends: 100 });
      rows.push({
        ...none(`memory with ${count(stored)} events`),
        subject: `${memoryOf(place)} MB`,
        note: `${before} MB before they were written`,
      });

      await client.ask("appendPlain", {
        inFlight: 1,
        together: 500,
        appends: LONG / 500,
        stream: "bench-long",
      });
      const reads = [
        { name: "a stream of 5,000", what: "stream", times: 20 / Math.min(many, 4), events: LONG },
        { name: "$all", what: "all", times: 1, events: 100_000 / many },
        { name: "a filtered subscription", what: "subscription", times: 1, events: 100_000 / many },
      ] as const;
      for (const { name, what, times, events } of reads) {
        let busy = 0;
        const rates = await rounds(ROUNDS, {
          bound: async () => events / (await postgres.ask("read", { rows: events })),
          subject: async () => {
            const read = await client.ask("read", { what, times, events });
            busy = read.busy;
            return (events * times) / read.seconds;
          },
        });
        const note = `the client is busy ${Math.round(busy * 100)} % of the time`;
        rows.push({ ...perSecond(`reads of ${name} (events)`, rates, undefined), note });
      }
      rows.push(await startToAnswer(place, client));
      return rows;
    }),
  );
}

const none = (name: string): Row => ({ name, subject: "", bound: "", ratio: "", expected: "", note: "" });

/** Megabytes of its process. */
function memoryOf({ env, folder }: Place): number {
  const pid = announced(placeOf(folder, env["DATABASE_URL"] ?? ""))?.pid ?? 0;
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}

async function asked<T extends object>({ env }: Place, text: string): Promise<readonly T[]> {
  const session = await openSession(env["DATABASE_URL"] ?? "", { onLost: () => {} });
  try {
    return await session.query<T>(text);
  } finally {
    await session.close();
  }
}

async function headOf(place: Place): Promise<bigint> {
  const [row] = await asked<{ head: bigint | null }>(
    place,
    "select max(position) as head from eventstore_node.event",
  );
  return row?.head ?? 0n;
}

/** What the node has committed together: a transaction each. */
async function groupsAfter(place: Place, position: bigint): Promise<readonly Group[]> {
  const rows = await asked<{ rows: bigint; bytes: bigint }>(
    place,
    `select count(*) as rows, sum(octet_length(recorded)) as bytes from eventstore_node.event
      where position > ${position} group by xmin order by min(position)`,
  );
  return rows.map((group) => ({ rows: Number(group.rows), bytes: Number(group.bytes) }));
}
