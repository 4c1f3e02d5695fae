import { readConfig } from "../../api/config.ts";
import { serve } from "../../api/server.ts";
import { withBook } from "./run.ts";

/** Prints where it serves; ends, in good order, on SIGTERM or SIGINT. */
export async function serveBook(): Promise<number> {
  const told = new Promise<void>((resolve) => {
    // `on`, not `once`: a second Ctrl-C must not cut the clean stop short.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  const server = await serve(readConfig(process.env));
  console.log(server.url);
  await told;
  await server.stop();
  return 0;
}

/** Opening a book migrates it. */
export const migrateBook = (): Promise<number> =>
  withBook({ projects: false }, async ({ name, migrated }) => {
    console.log(
      migrated.length > 0 ? `book ${name}: ran ${migrated.join(", ")}` : `book ${name}: nothing to do`,
    );
    return 0;
  });
