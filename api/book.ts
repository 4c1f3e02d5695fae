/** A book, open: the composition root. Engines, tables, command handlers, projector, and what questions read. */
import { BehaviorSubject } from "rxjs";
import { company as companyDecider } from "../domain/company/company.ts";
import { FOLD, type Item, item as itemDecider } from "../domain/inventory/item.ts";
import { landedCost as landedCostDecider } from "../domain/inventory/landed-cost.ts";
import { stocktake as stocktakeDecider } from "../domain/inventory/stocktake.ts";
import { connect } from "../read-models/database.ts";
import { landedCostsUnderWay } from "../read-models/landed-costs.ts";
import { migrate } from "../read-models/migrate.ts";
import { progress } from "../read-models/progress.ts";
import type { BookTables, Pool } from "../read-models/schema.ts";
import { snapshotTable } from "../read-models/snapshots.ts";
import { stocktakesUnderWay } from "../read-models/stocktakes.ts";
import { trail as trailOf } from "../read-models/trail.ts";
import { carryingOut } from "./carrying-out.ts";
import { seeTo } from "./chores.ts";
import { closing } from "./closing.ts";
import { commandHandler } from "./commands/command-handler.ts";
import { snapshots as snapshotsIn } from "./commands/snapshots.ts";
import { type CompanyView, companyView } from "./company.ts";
import type { Config } from "./config.ts";
import { byTheCompany, counted, inOpenTime, itemVariants } from "./counting.ts";
import { type Engines, startEngines } from "./engines/engines.ts";
import { connectEventStore } from "./event-store/eventstoredb.ts";
import { finishing } from "./finishing.ts";
import { carryOut as carryOutLandedCost } from "./landed-costs.ts";
import { previewing } from "./previewing.ts";
import { type Projecting, startProjecting, until } from "./projecting.ts";
import { carryOut as carryOutStocktake } from "./stocktakes.ts";

export type Book = Awaited<ReturnType<typeof openBook>>;

type Options = Readonly<{
  report: (error: unknown) => void;
  now?: () => Date;
  /** A bulk import leaves it to whoever projects, now or later. */
  projects?: boolean;
}>;

/** What this process changes of the company, it knows from then on. */
const knownAtOnce = <H extends { handle: (request: never) => Promise<unknown> }>(
  companies: H,
  { refresh }: CompanyView,
): H => ({
  ...companies,
  async handle(request: never) {
    try {
      return await companies.handle(request);
    } finally {
      await refresh();
    }
  },
});

const SESSIONS_MAX = 10;
const NEVER_MOVES = new BehaviorSubject<Projecting>({ state: "standby" });

export async function openBook(
  config: Pick<Config, "book" | "home" | "databaseUrl" | "eventStoreUrl">,
  { report, now = () => new Date(), projects = true }: Options,
) {
  const engines = await startEngines(config);
  try {
    return await onEngines(config.book, engines, { report, now, projects });
  } catch (error) {
    await engines.stop();
    throw error;
  }
}

async function onEngines(name: string, engines: Engines, { report, now, projects }: Required<Options>) {
  const { databaseUrl, eventStoreUrl } = engines;
  /** Whatever broke may be an embedded engine that died. */
  let mending: Promise<void> | undefined;
  function mend(error: unknown): void {
    report(error);
    mending ??= engines
      .ensure()
      .catch(report)
      .finally(() => {
        mending = undefined;
      });
  }

  const pool: Pool = connect<BookTables>(databaseUrl, { sessions: SESSIONS_MAX, onLost: mend });
  const migrated = await migrate(pool, name);
  const store = connectEventStore(eventStoreUrl, { report });
  const trail = trailOf(pool, name);
  const parts = { store, trail, now };
  const view = companyView(store, name, { now, onMoved: () => decided.forget() });
  const companies = knownAtOnce(commandHandler(companyDecider, parts), view);
  const snapshots = snapshotsIn<Item>(snapshotTable(pool, name), { fold: FOLD, report });
  const decided = commandHandler(
    itemDecider,
    { ...parts, snapshots },
    {
      counted: counted(view.openFromAt),
      countingAt: view.movedBefore,
      variants: itemVariants(view),
      heard: view.heard,
    },
  );
  const items = inOpenTime(decided, view, byTheCompany);
  const projecting = projects ? startProjecting({ databaseUrl, book: name, store, report: mend }) : undefined;
  const landedCosts = commandHandler(landedCostDecider, parts);
  const stocktakes = inOpenTime(commandHandler(stocktakeDecider, parts), view);
  const carrying = { name, items, landedCosts, stocktakes, company: view.company };
  const chores = [
    finishing(pool, name, { companies, items, refresh: view.refresh }),
    closing({ pool, name, now, companies, items }),
    carryingOut(
      now,
      (after) => landedCostsUnderWay(pool, name, after),
      (bill) => carryOutLandedCost(carrying, bill),
    ),
    carryingOut(
      now,
      (after) => stocktakesUnderWay(pool, name, after),
      (posting) => carryOutStocktake(carrying, posting),
    ),
  ].map((chore) => projecting && seeTo(chore, projecting.state, report));

  const preview = previewing({ pool, name, items, company: view.company });

  const stand = (stands: Parameters<typeof until>[2], limitMs: number) =>
    until(projecting?.state ?? NEVER_MOVES, () => progress(pool, name), stands, limitMs);

  return {
    name,
    now,
    pool,
    migrated,
    store,
    databaseUrl,
    companies,
    items,
    landedCosts,
    preview,
    stocktakes,
    mend,
    projecting: projecting?.state,
    company: view.company,
    founded: view.founded,
    /** Waits until the tables hold what the log has up to a position; false when the limit was too short. */
    seen: (position: bigint, limitMs: number) => stand(({ reached }) => reached >= position, limitMs),
    known: (seq: bigint, limitMs: number) => stand((now) => now.seq >= seq, limitMs),
    /** Lets go of everything, in the order in which it was taken. Safe to call while things are broken. */
    async close(): Promise<void> {
      for (const chore of chores) chore?.unsubscribe();
      projecting?.stop();
      snapshots.close();
      await mending;
      await pool.destroy();
      await store.dispose();
      await engines.stop();
    },
  };
}
