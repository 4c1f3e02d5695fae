/** What the client takes from a connection string and then drops, or gets wrong, without a word (facts, traps 5 and 12). */
export function refuseSilentOptions(connectionString: string): void {
  const [address = "", query = ""] = connectionString.trim().split("?");
  const options = new Map(
    query.split("&").map((option) => {
      const [name = "", value = ""] = option.split("=");
      return [flat(name), flat(value)];
    }),
  );
  if (options.get("tls") === "false" && address.includes("@"))
    throw new Error(
      "EventStoreDB: with tls=false the client drops the credentials; leave them out, or use TLS",
    );
  if (options.get("tlsverifycert") === "false")
    throw new Error(
      "EventStoreDB: the client ignores tlsVerifyCert; name the authority's certificate in tlsCAFile",
    );
  if (options.get("throwonappendfailure") === "false")
    throw new Error("EventStoreDB: throwOnAppendFailure=false would answer wrong revisions");
}

/** As the client reads names: `tls_verify-cert` is `tlsVerifyCert`. */
const flat = (text: string): string => text.trim().toLowerCase().replaceAll(/[_-]/g, "");
