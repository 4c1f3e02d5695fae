/** All read models of a book from zero, against the bare client's same subscription. */
import type { BareClient } from "./bare-client.ts";
import { importInto, writeCsv } from "./bulk.ts";
import { newBook, type Place } from "./place.ts";
import type { Projecting } from "./projecting.ts";
import { rounds } from "./rounds.ts";
import { perSecond, type Row } from "./table.ts";
import { withWorker } from "./worker.ts";

const ROUNDS = 3;

/** The log holds nothing but what one import wrote: what a filter passes over would be the same for both. */
export async function rebuild(place: Place): Promise<readonly Row[]> {
  const { env } = place;
  const book = newBook();
  const { events } = await importInto(place, book, await writeCsv(place));
  const rates = await rounds(ROUNDS, {
    bound: () =>
      withWorker<BareClient, number>(
        "bare-client.js",
        env,
        async (client) => events / (await client.ask("subscribe", { book, events })),
      ),
    subject: () =>
      withWorker<Projecting, number>("projecting.js", env, async (projector) => {
        const caughtUp = await projector.ask("catchUp", { book });
        if (caughtUp.events !== events)
          throw new Error(`${caughtUp.events} events were projected, of ${events}`);
        return events / caughtUp.seconds;
      }),
  });
  return [{ ...perSecond(`catch-up from zero, ${events} events`, rates, 0.6), note: "" }];
}
