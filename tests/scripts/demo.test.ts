/** Goal: the demo tells its story on a machine that has nothing but Node, and leaves nothing behind. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { start } from "../support/cli.ts";

const DEMO = "dist/scripts/demo.js";

/** A home and a folder for temporary files that nobody else uses. */
function machine(mode: number) {
  const home = mkdtempSync(join(tmpdir(), "perpetual-demo-test-"));
  chmodSync(home, mode);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  // Engines it names are not used: a demo never writes into a real book.
  const engines = { DATABASE_URL: "postgres://nowhere/x", EVENTSTORE_URL: "esdb://nowhere", BOOK: "real" };
  return { home, environment: { HOME: home, TMPDIR: home, ...engines } };
}

/** Of whom the command line, the folder they work in, or the environment names the home. */
function processesOf(home: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      const of = (read: () => string) => {
        try {
          return read().includes(home);
        } catch {
          return false; // it has ended, or is none of ours
        }
      };
      const texts = [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].map(
        (file) => () => readFileSync(file, "utf8"),
      );
      return [...texts, () => readlinkSync(`/proc/${pid}/cwd`)].some(of);
    });
}

test("it ends with 0, having shown the balances and what was refused; no process and no folder stays", async () => {
  const { home, environment } = machine(0o755);
  const { code, stdout, stderr } = await start(DEMO, ["--exit"], { ...environment, LOG_LEVEL: "info" }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/GET \/v1\/balances\?asOf=2026-01-31.*rod +main +23 +350/s);
  expect(stdout).toMatch(/GET \/v1\/balances\?asOf=2026-03-31&knownAt=5/);
  expect(stdout).toMatch(/→ 4\d\d .*onHand/);
  expect(stdout).toMatch(/→ 400 .*colour/);
  // The late delivery, its invoice and its freight: the chain of corrections, and what was known before.
  expect(stdout).toMatch(/MovementsRecosted/);
  const chain = ["I-2 .*-48.33 +-48.33", "R-0 .*6 +-42.33", "INV-1 .*-2 +-44.33", "\\S+-1 .*-0.9 +-45.23"];
  for (const line of chain) expect(stdout).toMatch(new RegExp(line));
  // The late invoice, asked first, and then as known now and as known before: nothing else changes.
  const chapter = (number: number) =>
    new RegExp(`\\n${number}\\. .*?(?=\\n${number + 1}\\. |$)`, "s").exec(stdout)?.[0].trim() ?? "";
  const worth = [...chapter(11).matchAll(/as known at seq (\d+)\n.*\n +rod +main +16 +(\d+)\n/g)];
  expect(worth.map(([, seq, value]) => [seq, value])).toEqual([
    ["12", "204"],
    ["14", "216"],
    ["12", "204"],
  ]);
  expect(chapter(11)).toMatch(
    /preview=true.*→ 200 .*rod +R-0 +goodsReceivedNotInvoiced +2026-01-15 +20 +90 +110\n/s,
  );
  expect([...chapter(11).matchAll(/I-2 .* (-[\d.]+)$/gm)].map(([, value]) => value)).toEqual([
    "-42.33",
    "-44.33",
    "-44.33",
    "-42.33",
  ]);
  // Under way, back, short and settled, counted, a stocktake.
  expect(chapter(13)).toMatch(/D-1\/R-0 +truck +1 /);
  expect(chapter(14)).toMatch(
    /GoodsReturned, .*66\.67; FirstReceiptsTold\n.*GoodsReturnedToSupplier, .*-33$/s,
  );
  expect(chapter(15)).toMatch(/rod +site-a +-2 +-23\.8\n.*R-3 +2026-03-19 +0 +-16\.2 +-75\.7/s);
  expect(chapter(16)).toMatch(/rod +main +11 .*C-1 .*-11\.9\n.*I-6 .* 0$/s);
  expect(chapter(17)).toMatch(/→ 409 ApproverCounted.*rod +3 +ada +posted +2 +40 +1 +20$/s);
  expect(chapter(18)).toMatch(/PeriodClosing.*→ 422 PeriodClosed/s);
  expect(chapter(19)).toMatch(/MovementCompensated, .*-82\n.*oil +main +L-26-01 +20\.5 +82\n.* nothing$/s);
  expect(chapter(20)).toMatch(/rod +truck +1 +11\.9\n.*rod +91 +2 +66\.67$/s);
  expect(chapter(22)).toMatch(/G7 +3 +3 .*G8 +1 +2 .*R-20 +receipt .*I-20 +issue .* -3 +SO-1010$/s);
  expect(chapter(23)).toMatch(
    /→ 409 InsufficientStock .*"reserved":"6".*glue +main +9 +63\n *glue +main +roof +4 +22$/s,
  );
  expect(stdout.match(/→ 5/)).toBeNull();
  expect(readdirSync(home)).toEqual([]);
  if (process.platform === "linux") expect(processesOf(home)).toEqual([]);
});

/** As root, below a folder that is root's alone, the data of Postgres lies elsewhere. */
test("without --exit it serves until told to stop, and leaves nothing either, nor elsewhere", async () => {
  const { home, environment } = machine(0o700);
  const { child, ended } = start(DEMO, [], environment);
  let said = "";
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (text: string) => {
      said += text;
      if (said.includes("Ctrl-C")) resolve();
    });
    void ended.then(() => resolve());
  });
  const [url = ""] = /http:\/\/[\w.:]+(?=\/docs\/)/.exec(said) ?? [];
  expect((await fetch(`${url}/v1/balances`)).status).toBe(200);
  const [demo = ""] = readdirSync(home);
  const data = realpathSync(join(home, demo, "postgres"));
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(data)).toBe(false);
  expect(readdirSync(home)).toEqual([]);
  if (process.platform === "linux") expect(processesOf(home)).toEqual([]);
});
