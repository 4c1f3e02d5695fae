#!/usr/bin/env node
/** The CLI. Exit codes: 0 done; 1 nothing done, or a difference found; 2 done in part. */
import { Command, Option } from "commander";
import { registerImport } from "./cli/import.ts";
import { registerQuestions } from "./cli/questions.ts";
import { registerRecord } from "./cli/record.ts";
import { run } from "./cli/run.ts";
import { migrateBook, serveBook } from "./cli/serve.ts";
import { verifyBook } from "./cli/verify.ts";

const program = new Command("perpetual")
  .description("An event-sourced accounting core. Settings come from the environment: see the README.")
  .showHelpAfterError();

program.command("serve").description("Serve the book over HTTP until told to stop.").action(run(serveBook));
program.command("migrate").description("Bring the book's tables up to date.").action(run(migrateBook));
registerImport(program);
registerRecord(program);
registerQuestions(program);
program
  .command("verify")
  .description("Prove that log = trail, the chain is intact, and layers = balances = month-end sums = rows.")
  .addOption(new Option("--json", "print JSON"))
  .action(run(verifyBook));

await program.parseAsync();
