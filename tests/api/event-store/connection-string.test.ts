import { expect, test } from "vitest";
import { refuseSilentOptions } from "../../../api/event-store/connection-string.ts";

test.each([
  "esdb://localhost:2113?tls=false",
  "esdb://admin:changeit@localhost:2113",
  "esdb://admin:changeit@a:2113,b:2113?tls=true&tlsCAFile=/ca.crt&tlsVerifyCert=true",
  "esdb+discover://cluster.example:2113?nodePreference=leader",
])("%s says nothing that the client drops", (connectionString) => {
  expect(() => refuseSilentOptions(connectionString)).not.toThrow();
});

test.each([
  ["esdb://admin:changeit@localhost:2113?tls=false", "credentials"],
  ["esdb://admin:changeit@localhost:2113/?keepAliveInterval=10000&TLS=False", "credentials"],
  ["esdb://localhost:2113?tls_verify_cert=false", "tlsCAFile"],
  ["esdb://localhost:2113?tls=false&throwOnAppendFailure=false", "revisions"],
])("%s is refused", (connectionString, reason) => {
  expect(() => refuseSilentOptions(connectionString)).toThrow(reason);
});
