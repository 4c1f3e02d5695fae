/**
 * A process of its own that projects a book and is long in the midst of a COPY, to be frozen there: `node
 * dist/tests/support/stuck-projector.js`. Says "copying" when it has begun.
 */
import { takeFence } from "../../projections/fence.ts";
import { openSession } from "../../read-models/database.ts";

const env = (name: string): string => process.env[name] ?? "";
const LINES = 4_000_000;

const session = await openSession(env("DATABASE_URL"), { onLost: () => process.exit(1) });
await takeFence(session, env("BOOK"));
await session.script(["create temp table long (line text)", "begin"]);
const copied = session.copy("long", "x".repeat(60).concat("\n").repeat(LINES));
console.log("copying");
await copied;
