/** What a stream shows may change while it is being asked for: what was true before is not told after. */
import { expect, test } from "vitest";
import { openShows } from "../../../../api/engines/node/shown.ts";
import { look } from "../../../../api/engines/node/subscriptions.ts";
import type { Source } from "../../../../api/engines/node/walk.ts";
import { recordedEvent } from "../../../../api/engines/node/wire.ts";

const described = (data: string) => {
  const event = { id: "0".repeat(36), type: "$metadata", contentType: "", metadata: new Uint8Array() };
  const place = { stream: Buffer.from("$$s"), revision: 0, position: 1, created: "0" };
  return recordedEvent({ ...event, data: Buffer.from(data) }, place);
};
const row = { stream: "$$s", revision: 1, position: 2, id: "", recorded: Buffer.alloc(0) };

test("an answer that a write has overtaken is asked for again", async () => {
  let asked = 0;
  const shows = openShows({
    head: async () => 4,
    async describe() {
      asked += 1;
      if (asked > 1) return { head: 4, last: described('{"$tb":3}') };
      shows.changed([row]); // committed while the first answer was on its way
      return { head: 4, last: described('{"$tb":9223372036854775807}') };
    },
  });
  expect(await shows.of("s")).toMatchObject({ is: "there", first: 3 });
  expect(await shows.of("s")).toMatchObject({ is: "there", first: 3 });
  expect(asked).toBe(2);
  shows.changed([{ ...row, stream: "s" }]); // an event of the stream itself changes nothing of that
  await shows.of("s");
  expect(asked).toBe(2);
});

test("the head is the one from before it was asked: what came since is told whatever the stream shows", async () => {
  let head = 10;
  const shown = { is: "deleted", first: 0, isYoung: undefined } as const;
  const source = {
    log: {
      get head() {
        return head;
      },
    },
    shows: {
      async of() {
        head = 20;
        return shown;
      },
    },
  } as unknown as Source;
  expect(await look(source, "s")).toEqual({ head: 10, shown });
});
