/** Balances, layers, valuation and ageing, for a terminal or, with --json, for a program. */
import { type Command, Option } from "commander";
import { z } from "zod";
import type { Book } from "../../api/book.ts";
import { catchUp } from "../../api/catch-up.ts";
import { buckets, by, day, id, knownAt, knownAtOf } from "../../api/edge/schemas.ts";
import { ageing, type Buckets } from "../../read-models/ageing.ts";
import { balances } from "../../read-models/balances.ts";
import type { By } from "../../read-models/dimensions.ts";
import { openLayers } from "../../read-models/layers.ts";
import { type Answer, type Moment, NotYetKnown, type Page, type Paged } from "../../read-models/question.ts";
import { valuation } from "../../read-models/valuation.ts";
import { Complaint, complaints, run, withBook } from "./run.ts";

const PAGE = 1_000;

const sent = z.object({
  item: id.optional(),
  location: id.optional(),
  lot: id.optional(),
  by,
  buckets,
  asOf: day.optional(),
  knownAt: knownAt.optional(),
  json: z.boolean().optional(),
});
type Sent = z.output<typeof sent>;
type Which = Pick<Sent, "item" | "location" | "lot" | "by" | "buckets">;

type Ask<Cursor> = (
  book: Book,
  asked: Moment & Which,
  page: Page<Cursor>,
) => Promise<Answer<Paged<object, Cursor>> & Readonly<{ total?: string | null }>>;

async function answer<Cursor>(options: unknown, rows: string, ask: Ask<Cursor>): Promise<number> {
  const { data, error } = sent.safeParse(options);
  if (!data) throw new Complaint(complaints(error));
  return withBook({ projects: true }, async (book) => {
    await catchUp(book);
    const company = await book.company();
    const { json = false, knownAt: known, ...which } = data;
    const asOf = data.asOf ?? company?.today ?? book.now().toISOString().slice(0, 10);
    const moment = { asOf, knownAt: knownAtOf(known) };
    // What it will turn out to hold, nobody knows.
    if (
      typeof moment.knownAt === "object" &&
      "at" in moment.knownAt &&
      moment.knownAt.at > book.now().toISOString()
    )
      throw new Complaint("--known-at: an instant that has not come");
    const found: object[] = [];
    let seq = 0n;
    let total: string | undefined;
    for (let after: Cursor | undefined; ; ) {
      // Pages after the first are of what the first was of.
      const at = after === undefined ? moment : { asOf, knownAt: { seq } };
      const page = await ask(book, { ...which, ...at }, { limit: PAGE, after }).catch(complain);
      found.push(...page.rows);
      seq = page.seq;
      total ??= page.total ?? undefined;
      if (!page.next) break;
      after = page.next;
    }
    if (json) console.log(JSON.stringify({ asOf, seq: `${seq}`, [rows]: found, total }));
    else {
      console.log(`as of ${asOf}, as known at seq ${seq}`);
      if (found.length > 0) console.table(found);
      else console.log("nothing");
      if (total !== undefined) console.log(`total ${total}`);
    }
    return 0;
  });
}

function complain(error: unknown): never {
  throw error instanceof NotYetKnown ? new Complaint(error.message) : error;
}

export function registerQuestions(program: Command): void {
  const moment = (command: Command): Command =>
    command
      .addOption(new Option("--location <location>"))
      .addOption(new Option("--lot <lot>"))
      .addOption(new Option("--as-of <date>", "movements up to this day; default today"))
      .addOption(new Option("--known-at <seq or instant>", "as the book knew it; default the latest"))
      .addOption(new Option("--json", "print JSON"));
  const ofAll = (name: string, description: string): Command =>
    moment(program.command(name).description(description)).addOption(new Option("--item <item>"));
  const grouped = (command: Command): Command =>
    command.addOption(new Option("--by <names>", "item, location, lot: one or more; default item"));
  ofAll("balances", "Stock by item, location and lot.").action(
    run((options: object) =>
      answer(options, "balances", ({ pool, name }, asked, page) =>
        balances(pool, name, asked as Moment, page as never),
      ),
    ),
  );
  grouped(ofAll("valuation", "What stock is worth, and its total.")).action(
    run((options: object) =>
      answer(options, "valuation", ({ pool, name }, asked, page) =>
        valuation(pool, name, asked as Moment & By, page as never),
      ),
    ),
  );
  moment(
    program.command("layers").argument("<item>").description("The open layers of an item, oldest first."),
  ).action(
    run((item: string, options: object) =>
      answer({ ...options, item }, "layers", ({ pool, name }, asked, page) =>
        openLayers(pool, name, asked as Moment & { item: string }, page as never),
      ),
    ),
  );
  grouped(ofAll("ageing", "Stock by its age in days since its goods first came."))
    .addOption(new Option("--buckets <ages>", "the greatest age of each but the last; default 30,60,90,180"))
    .action(
      run((options: object) =>
        answer(options, "ageing", ({ pool, name }, asked, page) =>
          ageing(pool, name, asked as Moment & By & Buckets, page as never),
        ),
      ),
    );
}
