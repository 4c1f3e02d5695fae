/**
 * Goal: whatever a client does, the embedded node answers as EventStoreDB would. Method: histories of appends, repeats,
 * deletes, tombstones, metadata and reads on a few streams are played on the node, and on a model that was written from the
 * facts alone; every answer must be the same, and what `$all` says of the history's streams at its end.
 *
 * HISTORIES: how many; SEED: the seed of a failure, to see it again. EVENTSTORE_URL: a server to ask instead of a node of
 * the test's own; OTHER_EVENTSTORE_URL: a second one, to compare it with instead of the model.
 */
import { EventStoreDBClient } from "@eventstore/db-client";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { history, type Outcome, type Told, told } from "../../../support/event-store-histories.ts";
import { newDatabase, nodeHere, urlOf } from "./own-node.ts";
import { played } from "./played.ts";

const histories = Number(process.env["HISTORIES"] ?? 1_000);
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
/** At a time, so that the node commits for several at once. */
const LANES = Math.min(6, histories);

type Side = (told: Told) => Promise<Outcome>;
const closings: (() => Promise<void>)[] = [];
let sides: readonly [Side, Side];

function sideOf(url: string): Side {
  const client = EventStoreDBClient.connectionString(url);
  closings.push(() => client.dispose());
  return ({ commands }) => played(client, commands);
}

async function ownNode(): Promise<string> {
  const node = await nodeHere(await newDatabase());
  closings.unshift(() => node.close());
  return urlOf(node.port);
}

beforeAll(async () => {
  const other = process.env["OTHER_EVENTSTORE_URL"];
  const model: Side = async ({ outcome }) => outcome;
  const url = process.env["EVENTSTORE_URL"] ?? (await ownNode());
  sides = [sideOf(url), other === undefined ? model : sideOf(other)];
});
afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

test(`${histories} histories are answered alike`, async () => {
  let failed = false;
  const alike = async (lane: number) => {
    let failing = false;
    const property = fc.asyncProperty(history, async (steps) => {
      // The lane that found something shrinks it; the others end.
      if (failed && !failing) return;
      const each = told(steps);
      const [ours, theirs] = await Promise.all(sides.map((side) => side(each)));
      try {
        expect(sideBySide(each, ours)).toEqual(sideBySide(each, theirs));
      } catch (error) {
        failed = failing = true;
        throw error;
      }
    });
    await fc.assert(property, { numRuns: Math.ceil(histories / LANES), seed: seed + lane });
  };
  const ends = await Promise.allSettled(Array.from({ length: LANES }, (_, lane) => alike(lane)));
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  if (failures.length > 0) throw failures[0];
});

/** Each answer next to what was asked. */
const sideBySide = ({ commands }: Told, outcome?: Outcome): readonly string[] => [
  ...commands.map((command, n) => `${JSON.stringify(command)} → ${JSON.stringify(outcome?.answers[n])}`),
  ...(outcome?.log ?? []),
];
