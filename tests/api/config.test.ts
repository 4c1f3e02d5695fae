import { expect, test } from "vitest";
import { ConfigError, readConfig } from "../../api/config.ts";

test("nothing set, or set to nothing, is the defaults", () => {
  const config = readConfig({ BOOK: "", DATABASE_URL: "", PORT: "" });
  expect(config).toEqual(readConfig({}));
  expect(config).toMatchObject({
    book: "main",
    host: "127.0.0.1",
    port: 3000,
    logLevel: "info",
    waitMaxMs: 5_000,
  });
  expect([config.databaseUrl, config.eventStoreUrl]).toEqual([undefined, undefined]);
});

test("several hosts of an event store are one setting", () => {
  const EVENTSTORE_URL = "esdb+discover://a:2113,b:2113,c:2113?tls=true";
  expect(readConfig({ EVENTSTORE_URL }).eventStoreUrl).toBe(EVENTSTORE_URL);
});

test.each([
  ["BOOK", "Main"],
  ["BOOK", "b".repeat(32)],
  ["DATABASE_URL", "mysql://secret@h/x"],
  ["DATABASE_URL", "postgres://u:secret@h:port/x"],
  ["EVENTSTORE_URL", "http://secret"],
  ["PORT", "70000"],
  ["PORT", "secret"],
  ["LOG_LEVEL", "secret"],
  ["WAIT_MAX_MS", "-1"],
])("%s=%s is named, and not shown", (name, value) => {
  const read = () => readConfig({ [name]: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(new RegExp(`^${name}: `));
  expect(read).not.toThrow(/secret/);
});

test("all that is wrong is told at once", () => {
  expect(() => readConfig({ BOOK: "-", PORT: "x" })).toThrow(/BOOK: .*; PORT: /);
});
