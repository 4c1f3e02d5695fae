/** Goal: after it, the tables hold what the log had when it was called, whoever projects; or it says why they can't. */
import { expect, test } from "vitest";
import { catchUp } from "../../api/catch-up.ts";
import { progress } from "../../read-models/progress.ts";
import { csv, fileOf } from "../support/cli.ts";
import { newEvent } from "../support/new-events.ts";
import { found, importing, logOf, opened, ownBook } from "../support/open-book.ts";

const receipts = (count: number, of = 0) =>
  fileOf(
    csv(
      "item,date,kind,quantity,value,location",
      ...Array.from({ length: count }, (_, n) => `rod,2026-03-01,receipt,1,${of + n},A`),
    ),
  );

test("of nothing", async () => {
  const book = await opened(await ownBook());
  await catchUp(book);
  expect((await progress(book.pool, book.name)).seq).toBe(0n);
});

test("what was there when the book was opened, and what came since, each time", async () => {
  const own = await ownBook();
  const writer = await opened(own, { projects: false });
  await found(writer);
  await importing(writer, { file: receipts(700) });
  const book = await opened(own);
  await catchUp(book);
  expect((await progress(book.pool, book.name)).seq).toBe(702n);
  for (let round = 1; round <= 5; round++) {
    await importing(writer, { file: receipts(200, round), source: `${round}` });
    await catchUp(book);
    expect((await progress(book.pool, book.name)).seq).toBe(BigInt(702 + round * 200));
  }
});

test("by another's projector, and by this one when the other goes in the midst of it", async () => {
  const own = await ownBook();
  const first = await opened(own);
  await found(first);
  await catchUp(first);
  const second = await opened(own);
  await importing(first, { file: receipts(300) });
  await catchUp(second);
  expect(second.projecting?.value.state).toBe("standby");
  expect((await progress(second.pool, second.name)).seq).toBe(302n);
  await importing(second, { file: receipts(2_000), source: "more" });
  const caughtUp = catchUp(second);
  await first.close();
  await caughtUp;
  expect((await progress(second.pool, second.name)).seq).toBe(2_302n);
});

test("it says so where an event can't be decoded, also one that another's projector stumbled over meanwhile", async () => {
  const own = await ownBook();
  const first = await opened(own);
  await found(first);
  await catchUp(first);
  const second = await opened(own);
  await catchUp(second);
  expect(second.projecting?.value.state).toBe("standby");
  const odd = newEvent({}, "SomethingOfTomorrow");
  await first.store.append(`${own.name}.item-rod`, [odd], -1n);
  expect((await logOf(first)).length).toBe(2);
  await expect(catchUp(second)).rejects.toThrow(/stand still.*SomethingOfTomorrow/);
  await expect(catchUp(first)).rejects.toThrow(/stand still.*SomethingOfTomorrow/);
  expect((await progress(first.pool, first.name)).seq).toBe(1n);
});

test("a book that does not project can't", async () => {
  const book = await opened(await ownBook(), { projects: false });
  await expect(catchUp(book)).rejects.toThrow(/does not project/);
});
