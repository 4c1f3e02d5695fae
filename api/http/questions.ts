/** Questions over HTTP, as a table: each with `asOf` and `knownAt`, in pages, as JSON or CSV. */
import { z } from "zod";
import { type AgeCursor, ageing, type Buckets } from "../../read-models/ageing.ts";
import { type BalanceCursor, balances } from "../../read-models/balances.ts";
import { type CostCursor, costs } from "../../read-models/costs.ts";
import type { By, NameCursor } from "../../read-models/dimensions.ts";
import { type DrawCursor, draws } from "../../read-models/draws.ts";
import { type EventCursor, eventsBehind } from "../../read-models/events-behind.ts";
import { type ItemUnitCursor, itemUnits } from "../../read-models/item-units.ts";
import { type ItemCursor, items } from "../../read-models/items.ts";
import { type LandedCostLineCursor, landedCostLines } from "../../read-models/landed-costs.ts";
import { type LayerCursor, openLayers } from "../../read-models/layers.ts";
import { type MovementCursor, movements } from "../../read-models/movements.ts";
import { type PeriodCursor, periods } from "../../read-models/periods.ts";
import type { Moment } from "../../read-models/question.ts";
import { type StocktakeLineCursor, stocktakeLines } from "../../read-models/stocktake-lines.ts";
import { type StocktakeCursor, stocktakes } from "../../read-models/stocktakes.ts";
import { valuation } from "../../read-models/valuation.ts";
import { type ValueFactCursor, valueFacts } from "../../read-models/value-facts.ts";
import { buckets, by, day, id } from "../edge/schemas.ts";
import { lotQuestions } from "./lot-questions.ts";
import { asking, line, number, type Question, text } from "./question.ts";

const item = z.object({ item: id });
const where = { location: id.optional(), lot: id.optional(), project: id.optional() };

export const questions: readonly Question[] = [
  {
    path: "/v1/balances",
    summary: "Stock by item, location, lot and project.",
    rows: "balances",
    params: z.object({}),
    query: z.strictObject({ item: id.optional(), ...where }),
    cursor: z.tuple([text, text, text, text]),
    ask: asking<Moment, BalanceCursor>(balances),
  },
  {
    path: "/v1/valuation",
    summary:
      "What stock is worth, by item, location, lot, project or several of them; its quantity where by item.",
    rows: "valuation",
    params: z.object({}),
    query: z.strictObject({ by, item: id.optional(), ...where }),
    cursor: z.tuple([text, text, text, text]),
    ask: asking<Moment & By, NameCursor>(valuation),
    total: "The value of all pages. Told on the first, null after it.",
  },
  {
    path: "/v1/ageing",
    summary:
      "Stock by its age in days since its goods first came, of a receipt since its own effective date.",
    rows: "ageing",
    params: z.object({}),
    query: z.strictObject({ by, buckets, item: id.optional(), ...where }),
    cursor: z.tuple([text, text, text, text, line]),
    ask: asking<Moment & By & Buckets, AgeCursor>(ageing),
  },
  {
    path: "/v1/periods",
    summary: "The periods that were closed, are being closed, or were opened again.",
    rows: "periods",
    params: z.object({}),
    query: z.strictObject({}),
    cursor: z.tuple([day]),
    ask: asking<Moment, PeriodCursor>(periods),
  },
  {
    path: "/v1/items",
    summary: "Items, as the book knew them.",
    rows: "items",
    params: z.object({}),
    query: z.strictObject({}),
    cursor: z.tuple([text]),
    ask: asking<Moment, ItemCursor>(items),
  },
  {
    path: "/v1/items/{item}/units",
    summary: "The units in which an item's quantities may be said, beside its own.",
    rows: "units",
    params: item,
    query: z.strictObject({}),
    cursor: z.tuple([text]),
    ask: asking<Moment & { item: string }, ItemUnitCursor>(itemUnits),
  },
  {
    path: "/v1/items/{item}/movements",
    summary: "The movements of an item, in costing order, with what each cost.",
    rows: "movements",
    params: item,
    query: z.strictObject({ location: id.optional(), from: day.optional() }),
    cursor: z.tuple([text]),
    ask: asking<Moment & { item: string }, MovementCursor>(movements),
  },
  {
    path: "/v1/items/{item}/layers",
    summary: "The open layers of an item, oldest place first.",
    rows: "layers",
    params: item,
    query: z.strictObject(where),
    cursor: z.tuple([text, text, text, text, number, line]),
    ask: asking<Moment & { item: string }, LayerCursor>(openLayers),
  },
  ...lotQuestions,
  {
    path: "/v1/items/{item}/events",
    summary: "The events behind an item's balance, or behind one layer of it.",
    rows: "events",
    params: item,
    query: z.strictObject({ ...where, layer: text.optional() }),
    cursor: z.tuple([number]),
    ask: asking<Moment & { item: string }, EventCursor>(eventsBehind),
  },
  {
    path: "/v1/landed-costs/{landedCost}/lines",
    summary: "What became of a bill's lines.",
    rows: "lines",
    params: z.object({ landedCost: id }),
    query: z.strictObject({}),
    cursor: z.tuple([line]),
    ask: asking<Moment & { landedCost: string }, LandedCostLineCursor>(landedCostLines),
    mustExist: true,
  },
  {
    path: "/v1/stocktakes",
    summary: "Stocktakes, and how far each is.",
    rows: "stocktakes",
    params: z.object({}),
    query: z.strictObject({}),
    cursor: z.tuple([text]),
    ask: asking<Moment, StocktakeCursor>(stocktakes),
  },
  {
    path: "/v1/stocktakes/{stocktake}/lines",
    summary:
      "What was counted, and its variance against the book: as known, and as known when it was posted.",
    rows: "lines",
    params: z.object({ stocktake: id }),
    query: z.strictObject({}),
    cursor: z.tuple([line]),
    ask: asking<Moment & { stocktake: string }, StocktakeLineCursor>(stocktakeLines),
    mustExist: true,
  },
  {
    path: "/v1/items/{item}/value-facts",
    summary: "The invoices and costs of an item's receipts.",
    rows: "valueFacts",
    params: item,
    query: z.strictObject({ receipt: id.optional() }),
    cursor: z.tuple([number]),
    ask: asking<Moment & { item: string }, ValueFactCursor>(valueFacts),
  },
  {
    path: "/v1/items/{item}/movements/{movement}/draws",
    summary: "What a movement took from, or brought to, which layers: its cost.",
    rows: "draws",
    params: z.object({ item: id, movement: id }),
    query: z.strictObject({}),
    cursor: z.tuple([number, number]),
    ask: asking<Moment & { item: string; movement: string }, DrawCursor>(draws),
    mustExist: true,
  },
  {
    path: "/v1/items/{item}/movements/{movement}/costs",
    summary: "How a movement came to cost what it costs: as recorded, and every correction with its cause.",
    rows: "costs",
    params: z.object({ item: id, movement: id }),
    query: z.strictObject({}),
    cursor: z.tuple([number, text, text, text, day]),
    ask: asking<Moment & { item: string; movement: string }, CostCursor>(costs),
    mustExist: true,
  },
  {
    path: "/v1/items/{item}/movements/{movement}/events",
    summary: "The events behind a movement's cost.",
    rows: "events",
    params: z.object({ item: id, movement: id }),
    query: z.strictObject({}),
    cursor: z.tuple([number]),
    ask: asking<Moment & { item: string; movement: string }, EventCursor>(eventsBehind),
    mustExist: true,
  },
];
