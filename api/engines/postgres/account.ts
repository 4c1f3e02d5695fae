/** Who PostgreSQL runs as: it refuses root. */
import { readFileSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { EmbeddedPostgresError } from "./error.ts";

export type Account = Readonly<{ uid: number; gid: number }>;

/** macOS has `_postgres`. */
const CANDIDATES = ["postgres", "_postgres", "nobody"];

/** Undefined: as who we are. As root: the owner of the folder if it is there, since nobody else may use its data. */
export function accountFor(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of CANDIDATES) {
    const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new EmbeddedPostgresError(
    "it can't run as root, and there is neither a user postgres nor nobody; run as an ordinary user",
  );
}

/** Whether the account gets through to `path`, and may enter (a folder) or run it (a program). No links in it. */
export function canReach(path: string, account: Account | undefined): boolean {
  if (!account) return true;
  if (!mayPass(statSync(path), account)) return false;
  return path === dirname(path) || canReach(dirname(path), account);
}

function mayPass({ uid, gid, mode }: Stats, account: Account): boolean {
  if (uid === account.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === account.gid ? 0o010 : 0o001)) !== 0;
}
