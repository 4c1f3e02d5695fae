/** Needs `npx tsc -p .` first (as `npm test` does): the programs that share a server are processes of their own. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "../../../../api/engines/postgres/postgres.ts";
import { isAlive } from "../../../../api/engines/processes.ts";
import { accounts, newHome, query, removeAll, removeCopy, startProgram, until } from "./programs.ts";

afterEach(removeAll);
afterAll(removeCopy);

const answers = async (url: string) => expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);

describe.each(accounts)("as %s", (_, account) => {
  test("the first starts it, the second shares it, the last one out stops it, and the data stays", async () => {
    const home = newHome(account);
    const first = startProgram(home, account);
    const { url, pid } = await first.server;
    await query(url, "create table kept (n int)");
    const second = startProgram(home, account);
    expect((await second.server).pid).toBe(pid);

    first.say("stop");
    first.process.stdin?.end();
    await first.ended;
    await answers(url);

    second.say("stop");
    second.process.stdin?.end();
    await second.ended;
    expect(isAlive(pid)).toBe(false);

    const third = startProgram(home, account);
    const again = await third.server;
    expect(await query(again.url, "select * from kept")).toEqual([]);
    expect(readdirSync(join(again.folder, "leases")).length).toBe(1);
    expect(readdirSync(join(again.folder, "lock"))).toEqual([]);
  });

  test("several at once on an empty home get the same one", async () => {
    const home = newHome(account);
    const servers = await Promise.all([1, 2, 3, 4].map(() => startProgram(home, account).server));
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
    for (const { url } of servers) await answers(url);
  });

  test("it survives a user that is killed; the next adopts it, and is the last one out", async () => {
    const home = newHome(account);
    const killed = startProgram(home, account);
    const { pid, url } = await killed.server;
    killed.process.kill("SIGKILL");
    await killed.ended;
    await answers(url);

    const next = startProgram(home, account);
    expect((await next.server).pid).toBe(pid);
    next.say("stop");
    next.process.stdin?.end();
    await next.ended;
    expect(isAlive(pid)).toBe(false);
  });

  test("a user that just exits, as the last one, takes it along", async () => {
    const program = startProgram(newHome(account), account);
    const { pid } = await program.server;
    program.say("exit");
    await program.ended;
    await until(() => !isAlive(pid));
  });

  test("killed, it is started again on its port, with all that was committed", async () => {
    const home = newHome(account);
    const first = startProgram(home, account);
    const { url, pid } = await first.server;
    await query(url, "create table kept as select 7 as n");
    // Orphaned first: where PID 1 doesn't reap, it becomes a zombie.
    first.process.kill("SIGKILL");
    await first.ended;
    process.kill(pid, "SIGKILL");

    const next = await startProgram(home, account).server;
    expect(next.url).toBe(url);
    expect(next.pid).not.toBe(pid);
    expect(await query(url, "select n from kept")).toEqual([{ n: 7 }]);
  });

  test.each([
    ["names another's live process", (pid: number, file: string) => file.replace(/^\d+/, `${pid}`)],
    ["is empty", () => ""],
  ])("a pid file that a crash left and that %s doesn't keep it from starting", async (_, bend) => {
    const home = newHome(account);
    const first = startProgram(home, account);
    const { pid, url, folder } = await first.server;
    await query(url, "create table kept as select 7 as n");
    process.kill(pid, "SIGKILL");
    await until(() => !isAlive(pid));

    const pidFile = join(folder, "cluster", "postmaster.pid");
    // Of the same user: that of another PostgreSQL would ignore by itself.
    const { uid, gid } = statSync(pidFile);
    const foreign = spawn("sleep", ["600"], { uid, gid });
    try {
      writeFileSync(pidFile, bend(foreign.pid ?? 0, readFileSync(pidFile, "utf8")));
      const next = await startProgram(home, account).server;
      expect(await query(next.url, "select n from kept")).toEqual([{ n: 7 }]);
      expect(isAlive(foreign.pid ?? 0)).toBe(true);
    } finally {
      foreign.kill();
    }
  });

  test("private: its files, its password, and its address", async () => {
    const { url, port, folder } = await startProgram(newHome(account), account).server;
    const mode = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8);
    expect(["", "cluster", "leases", "lock"].map(mode)).toEqual(["700", "700", "700", "700"]);
    expect(["password", "postgres.log"].map(mode)).toEqual(["600", "600"]);

    const password = new URL(url).password;
    expect(password.length).toBe(32);
    expect(readFileSync(join(folder, "postgres.log"), "utf8")).not.toContain(password);
    await expect(query(url.replace(password, "wrong"), "select 1")).rejects.toThrow(
      "password authentication",
    );

    const [outer] = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal);
    const elsewhere = outer?.address ?? "127.0.0.2";
    await expect(query(`postgres://x@${elsewhere}:${port}/x`, "select 1")).rejects.toThrow("ECONNREFUSED");
  });

  test("durable", async () => {
    const { url } = await startProgram(newHome(account), account).server;
    const sql =
      "select string_agg(setting, ' ') as on from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')";
    expect(await query(url, sql)).toEqual([{ on: "on on on" }]);
  });

  test("what can't be is refused with what, where, and how to mend it", async () => {
    const home = newHome(account);
    writeFileSync(home, "a file");
    const { server } = startProgram(home, account);
    await expect(server).rejects.toThrow(
      /EmbeddedPostgresError: .*can't keep its data in .*home\/postgres \(EEXIST/,
    );
    await expect(server).rejects.toThrow(/set PERPETUAL_HOME[\s\S]*set DATABASE_URL/);
  });
});

test("who comes while the last one leaves gets a server that answers", async () => {
  const home = newHome(undefined);
  let current = await startEmbeddedPostgres({ home });
  for (let round = 0; round < 10; round += 1) {
    const [next] = await Promise.all([startEmbeddedPostgres({ home }), current.stop()]);
    await answers(next.url);
    current = next;
  }
  await current.stop();
  expect(isAlive(current.pid)).toBe(false);
});

test("a server that does not start says why", async () => {
  const home = newHome(undefined);
  const settings = { shared_buffers: "a lot" };
  await expect(startEmbeddedPostgres({ home, settings })).rejects.toThrow(
    /could not start in .*cluster\.\n {2}\| .*invalid value for parameter "shared_buffers"/,
  );
});

test("a password that does not open the data is told", async () => {
  const home = newHome(undefined);
  const { folder, stop } = await startEmbeddedPostgres({ home });
  writeFileSync(join(folder, "password"), "wrong");
  await expect(startEmbeddedPostgres({ home })).rejects.toThrow(/password in .* does not open/);
  await stop();
});
