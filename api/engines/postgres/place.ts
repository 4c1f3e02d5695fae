/** Where the data lies, and who owns it. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { type Account, accountFor, canReach } from "./account.ts";
import { openFolder, SHARED_FOLDER } from "./binaries.ts";
import { EmbeddedPostgresError, messageOf } from "./error.ts";

export type Place = Readonly<{
  folder: string;
  /** PostgreSQL's data folder. */
  cluster: string;
  password: string;
  log: string;
  /** One a process that uses the server. */
  leases: string;
  /** Held by who starts or stops it. */
  lock: string;
  account: Account | undefined;
}>;

/** Makes the folder, unless it is there. */
export function placeIn(home: string): Place {
  const wanted = join(home, "postgres");
  try {
    fs.mkdirSync(home, { recursive: true });
    const folder = existing(wanted) ?? made(wanted, fs.realpathSync(home));
    const account = accountFor(folder);
    const at = (name: string) => join(folder, name);
    for (const path of [folder, at("leases"), at("lock")]) privateFolder(path, account);
    fs.closeSync(fs.openSync(at("postgres.log"), "a", 0o600));
    own(at("postgres.log"), account);
    if (canReach(folder, account))
      return {
        folder,
        cluster: at("cluster"),
        password: at("password"),
        log: at("postgres.log"),
        leases: at("leases"),
        lock: at("lock"),
        account,
      };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `can't keep its data in ${wanted} (${messageOf(error)}); set PERPETUAL_HOME to a folder that you may write`,
    );
  }
  throw new EmbeddedPostgresError(
    `it can't run as root, and the owner of the data can't get to ${wanted}; run chmod o+x on the folders above`,
  );
}

/** The folder of an earlier start, wherever it lies. */
function existing(wanted: string): string | undefined {
  const target = fs.lstatSync(wanted, { throwIfNoEntry: false })?.isSymbolicLink() && fs.readlinkSync(wanted);
  // An empty database in place of the books would be worse than none.
  if (target && !fs.existsSync(target))
    throw new EmbeddedPostgresError(
      `its data lay in ${target}, which is gone; bring it back, or remove ${wanted} to begin anew`,
    );
  return fs.existsSync(wanted) ? fs.realpathSync(wanted) : undefined;
}

/**
 * As root, below a home that only root may enter (/root), the account that PostgreSQL runs as would not get to its
 * data. It lies elsewhere then, and a link leads there.
 */
function made(wanted: string, home: string): string {
  const account = accountFor(wanted);
  if (canReach(home, account)) return privateFolder(join(home, "postgres"), account);
  const elsewhere = createHash("sha256").update(home).digest("hex").slice(0, 12);
  openFolder(SHARED_FOLDER);
  const folder = privateFolder(join(SHARED_FOLDER, elsewhere), account);
  try {
    fs.symlinkSync(folder, wanted);
  } catch (error) {
    // Another process that starts at the same time may have made it.
    if (fs.realpathSync(wanted) !== folder) throw error;
  }
  return folder;
}

function privateFolder(folder: string, account: Account | undefined): string {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  own(folder, account);
  return folder;
}

export function own(path: string, account: Account | undefined): void {
  if (account) fs.chownSync(path, account.uid, account.gid);
}
