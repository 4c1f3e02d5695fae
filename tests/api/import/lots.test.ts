/** Goal: a line's `lot` is the lot of all of it, whichever way its item keeps lots; or it names several, each with its quantity. */
import { expect, test } from "vitest";
import type { Book } from "../../../api/book.ts";
import { catchUp } from "../../../api/catch-up.ts";
import { itemStream } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { lots } from "../../../read-models/lots.ts";
import { csv, fileOf } from "../../support/cli.ts";
import { found, importing, opened, ownBook } from "../../support/open-book.ts";
import { rod } from "../../support/rod.ts";

async function send(book: Book, commandId: string, command: ItemCommand): Promise<void> {
  const stream = itemStream(book.name, command.data.item);
  const outcome = await book.items.handle({
    commandId,
    commandHash: "0".repeat(64),
    actor: "ada",
    stream,
    command,
  });
  expect(outcome).toMatchObject({ status: "accepted" });
}

const LINES = csv(
  "item,date,kind,quantity,value,location,to,lot,reference,of",
  "serum,2026-01-01,receipt,6,60,A,,L1,PO-1,",
  "serum,2026-01-02,receipt,4,40,A,,L2,PO-2,",
  "serum,2026-01-03,issue,3,,A,,L2,SO-1,",
  "serum,2026-01-04,return,1,,A,,,,SO-1",
  "serum,2026-01-05,return,1,,A,,L2,,SO-1",
  "serum,2026-01-06,transfer,2,,A,B,L1,,",
  "serum,2026-01-07,return,1,,A,,L1,,SO-1",
  "serum,2026-01-08,issue,1,,A,,,SO-2,",
  "oil,2026-01-01,receipt,6,60,A,,L1,PO-1,",
  "oil,2026-01-03,issue,3,,A,,L1,SO-1,",
  "oil,2026-01-04,return,1,,A,,L1,,SO-1",
  "oil,2026-01-04,return,1,,A,,L2,,SO-1",
);

async function lying(book: Book, item: string) {
  await catchUp(book);
  const at = { asOf: "2199-12-31", knownAt: "latest", item } as const;
  const { rows } = await lots(book.pool, book.name, at, { limit: 10, after: undefined });
  return rows.map(({ lot, location, quantity }) => [lot, location, quantity]);
}

test("lines of both kinds of items name one lot, and what goes back none or its own", async () => {
  const book = await opened(await ownBook());
  await found(book);
  for (const [item, costBy] of [
    ["serum", "fifo"],
    ["oil", "lot"],
  ] as const)
    await send(book, `reg-${item}`, { type: "RegisterItem", data: { ...rod, item, costBy }, today: "" });
  await send(book, "track", { type: "TrackLots", data: { item: "serum", serials: false }, today: "" });
  const { imported, refused } = await importing(book, { file: fileOf(LINES) });
  expect(imported).toMatchObject({ lines: 12, bad: 0, written: 9, refused: 3 });
  expect(refused).toMatchObject([
    { line: 8, refusal: { name: "MoreOfLotThanItMoved", lot: "L1", moved: "0" } },
    { line: 9, refusal: { name: "LotsRequired" } },
    { line: 13, refusal: { name: "MoreOfLotThanItMoved", lot: "L2", moved: "0" } },
  ]);
  expect(await lying(book, "serum")).toEqual([
    ["L1", "A", "4"],
    ["L1", "B", "2"],
    ["L2", "A", "3"],
  ]);
  expect(await lying(book, "oil")).toEqual([["L1", "A", "4"]]);
});

test("a line of several lots; an item that is new, and has such lines, tracks its lots", async () => {
  const book = await opened(await ownBook());
  await found(book);
  const file = fileOf(
    csv(
      "item,date,kind,quantity,value,location,lot,lots,reference",
      "gel,2026-01-01,receipt,4,40,A,L3,,PO-1",
      "gel,2026-01-01,receipt,9,90,A,,L1=6; L2=3,PO-2",
      "gel,2026-01-02,issue,5,,A,,L1=4;L2=1,SO-1",
      "gel,2026-01-03,issue,5,,A,,L1=1;L3=4,SO-2",
      "gel,2026-01-04,count,4,,A,,L1=1;L2=2;L9=1,",
      "gel,2026-01-05,issue,5,,A,,L1=2;L2=3,SO-3",
    ),
  );
  for (const written of [5, 5]) {
    const { imported, refused } = await importing(book, { file, register: { unit: "tube" } });
    expect(imported).toMatchObject({ lines: 6, bad: 0, written, refused: 1 });
    expect(refused).toMatchObject([{ line: 7, refusal: { name: "InsufficientLot" } }]);
    expect(await lying(book, "gel")).toEqual([
      ["L1", "A", "1"],
      ["L2", "A", "2"],
      ["L9", "A", "1"],
    ]);
  }
});
