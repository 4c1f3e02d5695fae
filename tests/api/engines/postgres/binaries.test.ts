import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Account, accountFor, canReach } from "../../../../api/engines/postgres/account.ts";
import { binariesFor, restoreLinks, stage } from "../../../../api/engines/postgres/binaries.ts";
import { startEmbeddedPostgres } from "../../../../api/engines/postgres/postgres.ts";
import { isRoot, newHome, query, removeAll } from "./programs.ts";

const postgresIn = (folder: string) => join(folder, "native/bin/postgres");
const versionOf = (folder: string, account?: Account) =>
  execFileSync(postgresIn(folder), ["--version"], { ...account, encoding: "utf8", stdio: "pipe" });

describe("the programs", () => {
  let folder: string;
  let installed: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "perpetual-binaries-"));
    installed = join(folder, "installed");
    const { postgres } = await binariesFor(undefined);
    cpSync(join(dirname(postgres), "../.."), installed, { recursive: true, verbatimSymlinks: true });
    // As npm leaves it when it may not run scripts.
    const lib = join(installed, "native/lib");
    for (const name of readdirSync(lib))
      if (lstatSync(join(lib, name)).isSymbolicLink()) rmSync(join(lib, name));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("run once the links that npm drops are there again", () => {
    expect(() => versionOf(installed)).toThrow("shared librar");
    restoreLinks(installed);
    expect(versionOf(installed)).toContain("PostgreSQL");
    restoreLinks(installed);
  });

  test.runIf(isRoot)("are copied to where an account gets that can't reach them", () => {
    const account = accountFor("");
    restoreLinks(installed);
    // As npm leaves it under a strict umask.
    chmodSync(postgresIn(installed), 0o700);
    expect(canReach(postgresIn(installed), account)).toBe(false);
    // As a copy leaves it that was killed.
    const half = join(folder, "shared", "binaries-1~999999999");
    cpSync(join(installed, "dist"), half, { recursive: true });

    chmodSync(folder, 0o755);
    const staged = stage(installed, join(folder, "shared"));
    expect(versionOf(staged, account)).toContain("PostgreSQL");
    expect(stage(installed, join(folder, "shared"))).toBe(staged);
    expect(readdirSync(join(folder, "shared")).length).toBe(1);
  });
});

describe.runIf(isRoot)("below a folder that only root may enter", () => {
  afterEach(removeAll);

  test("data lies elsewhere, and a link leads there", async () => {
    const home = newHome(undefined);
    chmodSync(dirname(home), 0o700);
    const { url, folder, stop } = await startEmbeddedPostgres({ home });
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(folder).toMatch(/^\/var\/lib\/perpetual\//);
    expect(realpathSync(join(home, "postgres"))).toBe(folder);
    await stop();

    // Found again by the link, also when the way is open by now.
    chmodSync(dirname(home), 0o755);
    const again = await startEmbeddedPostgres({ home });
    expect(again.folder).toBe(folder);
    await again.stop();

    rmSync(folder, { recursive: true });
    await expect(startEmbeddedPostgres({ home })).rejects.toThrow(`its data lay in ${folder}, which is gone`);
    expect(existsSync(folder)).toBe(false);
    rmSync(join(home, "postgres"));
  });

  test("data that became unreachable is not replaced by an empty database", async () => {
    const home = newHome(undefined);
    await (await startEmbeddedPostgres({ home })).stop();
    chmodSync(dirname(home), 0o700);
    await expect(startEmbeddedPostgres({ home })).rejects.toThrow(/can't get to .*; run chmod o\+x/);
    chmodSync(dirname(home), 0o755);
  });
});
