/** Questions about an item's lots over HTTP. */
import { z } from "zod";
import type { DecimalText } from "../../domain/kernel/decimal.ts";
import { lotTrace, type TraceCursor } from "../../read-models/lot-trace.ts";
import { type LotCursor, lots, type PickCursor, picks } from "../../read-models/lots.ts";
import type { Moment } from "../../read-models/question.ts";
import { id, quantity } from "../edge/schemas.ts";
import { asking, line, number, type Question, text } from "./question.ts";

const item = z.object({ item: id });

export const lotQuestions: readonly Question[] = [
  {
    path: "/v1/items/{item}/lots",
    summary: "How much of each lot of an item lies where, and when it expires.",
    rows: "lots",
    params: item,
    query: z.strictObject({ location: id.optional(), lot: id.optional() }),
    cursor: z.tuple([text, text]),
    ask: asking<Moment & { item: string }, LotCursor>(lots),
  },
  {
    path: "/v1/items/{item}/pick",
    summary: "Which lots to take: first what expires first, then what came first; never what has expired.",
    rows: "lots",
    params: item,
    query: z.strictObject({ location: id, quantity }),
    cursor: z.tuple([number]),
    ask: asking<Moment & { item: string; location: string; quantity: DecimalText }, PickCursor>(picks),
    total: "What there is to take, up to what is asked for. Told on the first, null after it.",
  },
  {
    path: "/v1/items/{item}/lots/{lot}/trace",
    summary: "Where a lot came from and where it went: all that moved it, in order.",
    rows: "movements",
    params: z.object({ item: id, lot: id }),
    query: z.strictObject({}),
    cursor: z.tuple([text, line, text]),
    ask: asking<Moment & { item: string; lot: string }, TraceCursor>(lotTrace),
    mustExist: true,
  },
];
