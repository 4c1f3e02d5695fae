/**
 * Goal: whatever hides or ends a stream of the book is named, and nothing else is. Method: the official client does it to one
 * of the book's streams behind the program's back, and to streams that are not the book's.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { openBook } from "../../../api/book.ts";
import { catchUp } from "../../../api/catch-up.ts";
import { companyStream } from "../../../api/company.ts";
import { nothingHidden } from "../../../api/verify/nothing-hidden.ts";
import { verify } from "../../../api/verify/verify.ts";
import { perpetual } from "../../support/cli.ts";
import { found, opened, ownBook, sqlSession } from "../../support/open-book.ts";
import { binaryEvent, clientAt, jsonEvent, newDatabase, nodeHere, urlOf } from "../engines/node/own-node.ts";

async function foundedBook() {
  const own = await ownBook();
  const book = await opened(own);
  await found(book);
  await catchUp(book);
  const client = clientAt(own.environment["EVENTSTORE_URL"] ?? "");
  onTestFinished(() => client.dispose());
  return { own, book, client, sql: await sqlSession(own), stream: companyStream(own.name) };
}
type Client = Awaited<ReturnType<typeof foundedBook>>["client"];

describe("named:", () => {
  const marks: readonly (readonly [string, (client: Client, stream: string) => Promise<unknown>])[] = [
    ["a deletion", (client, stream) => client.deleteStream(stream)],
    ["a tombstone", (client, stream) => client.tombstoneStream(stream)],
    ["$maxCount 3", (client, stream) => client.setStreamMetadata(stream, { maxCount: 3 })],
    ["$maxAge 60", (client, stream) => client.setStreamMetadata(stream, { maxAge: 60 })],
    ["$tb 1", (client, stream) => client.setStreamMetadata(stream, { truncateBefore: 1 })],
    [
      "$tb 1, $maxCount 9",
      (client, stream) => client.setStreamMetadata(stream, { truncateBefore: 1, maxCount: 9 }),
    ],
  ];
  const odd: typeof marks = [
    [
      "$tb 1",
      (client, stream) =>
        client.appendToStream(`$$${stream}`, [jsonEvent({ type: "Whatever", data: { $tb: 1 } })]),
    ],
    [
      "$maxCount 1",
      (client, stream) =>
        client.appendToStream(`$$${stream}`, [
          binaryEvent({ type: "$metadata", data: Buffer.from('{"$maxCount":1}') }),
        ]),
    ],
  ];
  test.each([...marks, ...odd])("%s", async (what, mark) => {
    const { own, book, client, sql, stream } = await foundedBook();
    await mark(client, stream);
    const { difference, compared } = await nothingHidden(sql, book);
    expect(compared).toBe(1);
    expect(difference).toMatch(`${stream} has ${what}, set at position `);
    await book.close();
    const { code, stdout } = await perpetual(["verify"], own.environment);
    expect(code).toBe(1);
    expect(stdout).toContain(`FAIL no stream is deleted or cut (1): ${stream} has ${what}`);
    expect(stdout).toContain("ok   log = trail, chain intact (1)");
  });
});

test("nothing is said of other streams, of metadata that hides nothing, nor of what was taken back", async () => {
  const { own, book, client, sql, stream } = await foundedBook();
  await client.deleteStream(stream);
  await client.setStreamMetadata(stream, { maxCount: 3 }); // the store adds a $tb: it was deleted
  expect((await nothingHidden(sql, book)).difference).toMatch("$tb 1, $maxCount 3");
  await client.setStreamMetadata(stream, { owner: "ada" });
  await client.tombstoneStream(`${own.name}x.item-rod`);
  await client.setStreamMetadata(`x${own.name}.item-rod`, { maxCount: 1 });
  expect(await nothingHidden(sql, book)).toMatchObject({ compared: 1, difference: undefined });
});

test("a log that the tables don't come from is told by its first event", async () => {
  const { own, book } = await foundedBook();
  await book.close();
  const node = await nodeHere(await newDatabase());
  onTestFinished(() => node.close());
  const other = await openBook(
    {
      book: own.name,
      home: "/nowhere",
      databaseUrl: own.environment["DATABASE_URL"],
      eventStoreUrl: urlOf(node.port),
    },
    { report: () => {} },
  );
  onTestFinished(() => other.close());
  const differences = (await verify(other, () => {})).flatMap(({ difference }) => difference ?? []);
  expect(differences).toEqual(["the trail has seq 1, the log does not"]);
});
