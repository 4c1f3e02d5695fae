#!/usr/bin/env node
import { readConfig } from "../api/config.ts";
/** The CLI. */
import { serve } from "../api/server.ts";

const server = await serve(readConfig(process.env));
console.log(server.url);
process.on("SIGTERM", () => void server.stop());
process.on("SIGINT", () => void server.stop());
