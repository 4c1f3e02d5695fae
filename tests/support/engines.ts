import { inject } from "vitest";

/** Who needs no engine starts none: the global setup starts each when it is first asked for, and stops it at the end. */
async function urlOf(engine: "postgres" | "event-store"): Promise<string> {
  const response = await fetch(`${inject("engines")}/${engine}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** The embedded node of this run, or the server in EVENTSTORE_URL. Shared: every test takes a book of its own. */
export const eventStoreUrl = (): Promise<string> => urlOf("event-store");

/** The embedded Postgres of this run, or the server in DATABASE_URL: one where databases may be created. */
export const databaseUrl = (): Promise<string> => urlOf("postgres");
