/** PostgreSQL's data, made once. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresError, messageOf } from "./error.ts";
import { own, type Place } from "./place.ts";

export const USER = "perpetual";
const ASIDE = "initdb-";

/** Under the lock. Made aside and renamed, so that an initdb that was killed leaves no half data. */
export async function createCluster(place: Place, { initdb }: Binaries): Promise<void> {
  const { folder, cluster, password, account } = place;
  if (existsSync(join(cluster, "PG_VERSION"))) return;
  for (const name of readdirSync(folder).filter((name) => name.startsWith(ASIDE))) remove(join(folder, name));
  const aside = join(folder, `${ASIDE}${process.pid}`);
  // On the disk before the data that it opens.
  writeFileSync(password, randomBytes(24).toString("base64url"), { mode: 0o600, flush: true });
  own(password, account);
  const login = [`--username=${USER}`, `--pwfile=${password}`, "--auth=scram-sha-256"];
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const flags = [`--pgdata=${aside}`, ...login, ...locale, "--no-instructions"];
  try {
    await promisify(execFile)(initdb, flags, runAs(account));
    renameSync(aside, cluster);
  } catch (error) {
    remove(aside);
    const { stderr = "" } = error as { stderr?: string };
    throw new EmbeddedPostgresError(`could not make its data in ${cluster}`, stderr || messageOf(error));
  }
}

/** An initdb whose starter was killed may still be writing there: then the next start removes it. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {}
}

/** Nothing of our environment: libpq's PG… variables, and the locale of messages that we read. */
export const runAs = (account: Account | undefined) => ({
  ...account,
  cwd: "/",
  env: process.platform === "win32" ? process.env : { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
});

/** Holds the password: never to be logged. */
export function urlOf({ password }: Place, port: number, database: string): string {
  try {
    return `postgres://${USER}:${readFileSync(password, "utf8")}@127.0.0.1:${port}/${database}`;
  } catch (error) {
    throw new EmbeddedPostgresError(`can't read its password (${messageOf(error)})`);
  }
}
