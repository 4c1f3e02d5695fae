/** What a route is: a path, a schema, and a command or a question. OpenAPI is made from the same tables. */
import { z } from "zod";
import type { Refusal } from "../../domain/kernel/decider.ts";
import type { Outcome } from "../commands/handling.ts";
import { sha256 } from "../commands/idempotency.ts";
import { id, words } from "../edge/schemas.ts";
import type { Previewed } from "../previewing.ts";

/** A header arrives byte for byte, as Latin-1; whoever sends 李雷 sends UTF-8. */
function asUtf8(header: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(header, "latin1"));
  } catch {
    return header;
  }
}

/** Until there are roles the caller says who acts. A movement takes its name from the key: unique, and the same again. */
export const commandHeaders = z.object({
  "idempotency-key": id.describe("Names the command: sent again, it is answered as the first time."),
  "x-actor": z.string().transform(asUtf8).pipe(words).describe("Who acts. UTF-8."),
});

/** As express gives it. */
export type Sent = Readonly<{
  method: string;
  path: string;
  headers: unknown;
  params: unknown;
  query: unknown;
  body: unknown;
}>;

export type CommandRoute = Readonly<{
  path: string;
  summary: string;
  params: z.ZodObject;
  body: z.ZodType;
  /** Throws a ZodError that names every wrong field, and where it stands. */
  check: (sent: Sent) => void;
  /** Throws as `check` does. */
  run: (sent: Sent) => Promise<Told>;
  /** Whether it can be asked what it would lead to. */
  previews: boolean;
}>;

/** What came of it, or would. */
export type Told = Outcome<Refusal> | Previewed;
const previewQuery = z.strictObject({
  preview: z
    .enum(["true", "false"])
    .optional()
    .describe("true: tell what it would lead to, and what it would correct, and record nothing."),
});
export const PREVIEWS = true;
const noQuery = z.strictObject({});
export const queryOf = ({ previews }: Pick<CommandRoute, "previews">) => (previews ? previewQuery : noQuery);

type Checked<Params, Body> = Readonly<{ params: Params; body: Body; commandId: string; preview: boolean }>;
type Addressed = Readonly<{ commandId: string; commandHash: string; actor: string }>;

/** `send` gets what was sent, checked; `caller` says who asks, by which key, and the hash of the request as sent. */
export function commandRoute<Params extends z.ZodObject, Body extends z.ZodType>(
  path: string,
  summary: string,
  { params, body }: { params: Params; body: Body },
  send: (sent: Checked<z.output<Params>, z.output<Body>>, caller: Addressed) => Promise<Told>,
  previews = false,
): CommandRoute {
  const schema = z.object({ headers: commandHeaders, params, body, query: queryOf({ previews }) });
  return {
    path,
    summary,
    params,
    body,
    previews,
    check: (request) => void schema.parse(request),
    run(request) {
      const sent = schema.parse(request) as Readonly<{
        headers: z.output<typeof commandHeaders>;
        params: z.output<Params>;
        body: z.output<Body>;
        query: z.output<typeof previewQuery>;
      }>;
      const { "idempotency-key": commandId, "x-actor": actor } = sent.headers;
      const commandHash = sha256([request.method, request.path, request.body]);
      const preview = sent.query.preview === "true";
      return send({ ...sent, commandId, preview }, { commandId, commandHash, actor });
    },
  };
}
