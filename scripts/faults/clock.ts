/** Loaded before a server (`node --import`): its clock stands beside the true one by the milliseconds in a file. */
import { readFileSync } from "node:fs";

const file = process.env["CLOCK_FILE"];
let offset = 0;
const read = () => {
  offset = file ? Number(readFileSync(file, "utf8")) : 0;
};

const True = Date;
class Stepped extends True {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(Stepped.now());
    else super(...(given as [number]));
  }

  static override now(): number {
    return True.now() + offset;
  }
}
globalThis.Date = Stepped as DateConstructor;

read();
process.on("SIGUSR2", read);
