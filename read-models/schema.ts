/** The tables. Insert-only, but for checkpoint, waiting and pointer: an updated balance answers only "now". */
import type { Generated, Kysely } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate, TimeOfDay } from "../domain/kernel/event.ts";
import type { LotTables } from "./lot-tables.ts";
import type { StocktakeTables } from "./stocktake-tables.ts";

/** In `book_<book>`. */
export type BookTables = {
  /** Every event of the book, in the order of its commands' ends: 1, 2, 3 … Canonical JSON as text, and the chain. */
  trail: {
    seq: bigint;
    stream: string;
    revision: bigint;
    id: string;
    type: string;
    data: string;
    metadata: string;
    hash: string;
    command_id: string;
    /** Which event of its command, of how many: a command's events stand together. */
    part: number;
    parts: number;
    /** The log's. For the first answer again; it is not in the chain. */
    position: bigint;
    /** The greatest recording time so far. */
    known_at: string;
  };
  /** Events of commands whose end has not been seen. They have no seq yet. */
  waiting: { position: bigint; stream: string; event: string; waits_from: Generated<string> };
  /** One row. `position`: of the last event dealt with; `reached`: where a subscription may resume. */
  checkpoint: {
    position: bigint;
    reached: bigint;
    epoch: bigint;
    seq: bigint;
    hash: string;
    known_at: string;
  };
  /** A stream's state after a revision, for who folds it next. */
  snapshot: {
    stream: string;
    /** The version of the program's fold. */
    fold: number;
    revision: bigint;
    /** Of that revision; and the trail's chain there, which says that it is of this very trail. */
    position: bigint;
    hash: string;
    /** What the days of its rows depend on. */
    counting: bigint;
    state: string;
    seal: string;
  };
  /** One row: the generation that answers. */
  generation: { number: number; shape: number };
};

/** Where questions are asked. */
export type Pool = Kysely<BookTables>;

/** In `book_<book>$<n>`. A key is an item in an area, of a lot where the item is costed by lot, of a project's stock or the free one ("" for none). */
export type GenerationTables = StocktakeTables &
  LotTables & {
    stock_key: { key: number; item: string; area: string; lot: string; project: string };
    cost_row: {
      key: number;
      effective: EffectiveDate;
      seq: bigint;
      line: number;
      movement: string;
      layer: string;
      /** The fact in whose command it was written: the movement itself, or one that came late. */
      cause: string;
      quantity: DecimalText;
      value: DecimalText;
      /** The greatest effective date of the key up to this seq. */
      known_last: EffectiveDate;
    };
    /** Everything effective up to the month's end, as known from seq on. `month`: its first day. */
    month_end: { key: number; month: EffectiveDate; seq: bigint; quantity: DecimalText; value: DecimalText };
    /** The layers open then. */
    month_end_layer: GenerationTables["month_end"] & { layer: string };
    /**
     * When the goods of a layer first came. A layer has its own latest entry or, having none, that of the receipt in its
     * name: those that come from outside have one.
     */
    layer_origin: { item: string; layer: string; seq: bigint; received_on: EffectiveDate };
    movement: {
      item: string;
      /** Costing key and seq: sorts in costing order. */
      place: string;
      seq: bigint;
      movement: string;
      kind: string;
      effective: EffectiveDate;
      /** The day it counts on: a later one where its own was closed before it in the log. */
      counts_on: EffectiveDate;
      time: TimeOfDay | null;
      location: string;
      to_location: string | null;
      lot: string | null;
      /** Of whose stock; of a pin, what it goes into or comes out of. */
      project: string | null;
      quantity: DecimalText;
      /** How that was said, or measured besides, in another unit. */
      measured: DecimalText | null;
      measured_unit: string | null;
      purpose: string | null;
      reference: string | null;
    };
    item_unit: { item: string; unit: string; seq: bigint; quantity: DecimalText; equals: DecimalText };
    /** `status`: closing, closed, or open again. */
    period_change: {
      seq: bigint;
      period: EffectiveDate;
      status: string;
      open_from: EffectiveDate;
      reason: string | null;
    };
    /** What was learnt of a receipt's value: `kind` says of what sort. A cancellation names what it cancels, and no receipt. */
    value_fact: {
      item: string;
      fact: string;
      seq: bigint;
      kind: string;
      receipt: string | null;
      document_date: EffectiveDate;
      reference: string;
      quantity: DecimalText | null;
      amount: DecimalText | null;
      exchange_difference: DecimalText | null;
      cancels: string | null;
    };
    /** What a bill has a receipt bear: settled when the item has a value fact of that name. */
    landed_cost_line: {
      landed_cost: string;
      line: number;
      seq: bigint;
      item: string;
      receipt: string;
      fact: string;
      amount: DecimalText;
    };
    landed_cost_refusal: { landed_cost: string; line: number; seq: bigint; reason: string };
    /** Movements that should not have been. */
    cancelled_movement: { item: string; movement: string; seq: bigint; reference: string };
    item_version: {
      item: string;
      seq: bigint;
      name: string;
      unit: string;
      quantity_scale: number;
      value_scale: number;
      cost_by: string;
      active: boolean;
      /** What its movements name: lots, or serials; null: neither. */
      tracks: string | null;
    };
  };
