/** A program that uses the embedded server: says where it is, then does what it is told, a word a line. */
import { createInterface } from "node:readline";
import { startEmbeddedPostgres } from "../../../../api/engines/postgres/postgres.ts";

const [home = ""] = process.argv.slice(2);
try {
  const server = await startEmbeddedPostgres({ home });
  console.log(JSON.stringify(server));
  for await (const word of createInterface(process.stdin)) {
    if (word === "exit") process.exit(0);
    if (word === "stop") await server.stop();
  }
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
