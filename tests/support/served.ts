/** A real server on the shared engines, with a book of its own, and someone to talk to it. */
import { request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll } from "vitest";
import { serve } from "../../api/server.ts";
import { databaseUrl, eventStoreUrl } from "./engines.ts";
import { anyBook } from "./new-events.ts";

export type Json = Readonly<Record<string, unknown>>;
export type Answered = Readonly<{ status: number; headers: Headers; text: string; body: Json }>;

/** Stopped when the file's tests are done. */
export async function served({ waitMaxMs = 5_000 } = {}) {
  /** What was logged at `error`: whatever we did wrong. */
  const errors: string[] = [];
  const log = pino({ level: "error" }, { write: (line: string) => void errors.push(line) });
  const server = await serve(
    {
      book: anyBook(),
      databaseUrl: await databaseUrl(),
      eventStoreUrl: await eventStoreUrl(),
      home: "/nowhere",
      host: "127.0.0.1",
      port: 0,
      logLevel: "silent",
      waitMaxMs,
    },
    log,
  );
  afterAll(() => server.stop());
  const { url, book } = server;
  let keys = 0;
  let last = -1n;

  async function answered(path: string, init: RequestInit = {}): Promise<Answered> {
    const response = await fetch(`${url}${path}`, { redirect: "manual", ...init });
    const text = await response.text();
    const json = /json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : {} };
  }

  async function post(path: string, body: unknown, key?: string, headers: object = {}): Promise<Answered> {
    keys += 1;
    const answer = await answered(path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": key ?? `key-${keys}`,
        "x-actor": "ada",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    if (answer.status === 201) {
      const position = BigInt(answer.body["position"] as string);
      if (position > last) last = position;
    }
    return answer;
  }

  /** As `post`, and must be accepted. */
  async function record(path: string, body: unknown, key?: string): Promise<Answered> {
    const answer = await post(path, body, key);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** As many events as the tables have when all that was accepted is shown. */
  async function seq(): Promise<bigint> {
    if (!(await book.seen(last, 20_000))) throw new Error("the tables don't get there");
    const { body } = await answered("/v1/items?limit=1");
    return BigInt(body["seq"] as string);
  }

  /** Once the period is closed, as `GET /v1/periods` has it then. */
  async function closed(period: string): Promise<Json> {
    for (let look = 0; look < 200; look += 1) {
      const { body } = await answered("/v1/periods", {});
      const found = (body["periods"] as readonly Json[]).find((one) => one["period"] === period);
      if (found?.["status"] === "closed") return found;
      await sleep(100);
    }
    throw new Error(`${period} is not closed`);
  }

  const get = (path: string, headers: Record<string, string> = {}) => answered(path, { headers });
  /** Of the last command that was accepted. */
  const lastPosition = () => last;
  return { url, book, errors, get, post, record, lastPosition, seq, closed };
}

export type Served = Awaited<ReturnType<typeof served>>;

/** What `fetch` is too polite to send: any header, any path. */
export function rawRequest(
  url: string,
  { method = "GET", path, headers = {} }: { method?: string; path: string; headers?: object },
  body: string | Buffer = "",
): Promise<Readonly<{ status: number; type: string; text: string }>> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, method, path, headers: headers as Record<string, string>, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          text += piece;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", text }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

export const foundation = { name: "Stahl & Söhne", baseCurrency: "EUR", timeZone: "Europe/Berlin" };
