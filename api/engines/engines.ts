/** The two engines a book stands on: those that the settings name, else the embedded ones. */
import { openSession } from "../../read-models/database.ts";
import { type EmbeddedNode, startEmbeddedNode } from "./node/node.ts";
import { startEmbeddedPostgres } from "./postgres/postgres.ts";

export type Engines = Readonly<{
  /** With a password: not for logs. */
  databaseUrl: string;
  eventStoreUrl: string;
  /** Starts again what of the embedded engines has died. */
  ensure(): Promise<void>;
  stop(): Promise<void>;
}>;

type Settings = Readonly<{
  home: string;
  databaseUrl: string | undefined;
  eventStoreUrl: string | undefined;
}>;

export async function startEngines({ home, databaseUrl, eventStoreUrl }: Settings): Promise<Engines> {
  let postgres = databaseUrl === undefined ? await startEmbeddedPostgres({ home }) : undefined;
  const database = databaseUrl ?? postgres?.url ?? "";
  let node: EmbeddedNode | undefined;
  try {
    if (eventStoreUrl === undefined) {
      if (databaseUrl !== undefined) await reach(databaseUrl);
      node = await startEmbeddedNode({ home, databaseUrl: database });
    }
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
  return {
    databaseUrl: database,
    eventStoreUrl: eventStoreUrl ?? node?.url ?? "",
    async ensure() {
      if (postgres) {
        const found = await startEmbeddedPostgres({ home });
        await postgres.stop();
        postgres = found;
      }
      await node?.ensure();
    },
    async stop() {
      await node?.stop();
      await postgres?.stop();
    },
  };
}

/** Else the node would wait for its log, and whoever starts it would not know for what. */
async function reach(databaseUrl: string): Promise<void> {
  const session = await openSession(databaseUrl, { onLost: () => {} });
  await session.close();
}
