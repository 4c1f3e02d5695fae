import { openSession, type Session } from "../../../read-models/database.ts";

/**
 * A connection on which each statement is planned once, by an index and nothing else, whatever the planner makes of a
 * table that has no statistics yet. Planning would take longer than reading an event does.
 */
export async function openPlanned(databaseUrl: string, onLost: (error: Error) => void): Promise<Session> {
  const session = await openSession(databaseUrl, { onLost });
  await session.query("set enable_seqscan = off; set enable_bitmapscan = off");
  await session.query("set plan_cache_mode = force_generic_plan");
  return session;
}
