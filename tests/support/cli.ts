/** The command line as its users run it: a process of its own, as built (`npm test` builds first). */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export type Environment = Readonly<Record<string, string>>;
export type Ended = Readonly<{ code: number | null; stdout: string; stderr: string }>;
export type Program = Readonly<{ child: ChildProcess; ended: Promise<Ended> }>;

export const PERPETUAL = "dist/scripts/perpetual.js";

/** What it finds of our environment is only what it needs to run at all. */
export function start(
  script: string,
  args: readonly string[],
  environment: Environment,
  node: readonly string[] = [],
): Program {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...node, script, ...args], {
    env: { PATH, HOME, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL")); // also where the test fails before it tells it to end
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
  });
  return { child, ended };
}

/** Runs to its end. */
export const perpetual = (
  args: readonly string[],
  environment: Environment,
  node: readonly string[] = [],
): Promise<Ended> => start(PERPETUAL, args, environment, node).ended;

/** A file of this test's. */
export function fileOf(text: string | Uint8Array, name = "movements.csv"): string {
  const folder = mkdtempSync(join(tmpdir(), "perpetual-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** With the headers of the columns that are used. */
export const csv = (headers: string, ...lines: readonly string[]): string =>
  `${[headers, ...lines].join("\n")}\n`;
