/** The day on which the goods of a layer first came, of every layer that comes from outside, and of others whose name says another: for ageing. */
import type { Insertable } from "kysely";
import { openingName } from "../domain/inventory/leg.ts";
import type { GenerationTables } from "../read-models/schema.ts";
import type { Entry } from "./entry.ts";

/** A receipt's own day, also where its rows count on a later one because that day was closed. */
export function layerOrigins({ event, seq }: Entry): readonly Insertable<GenerationTables["layer_origin"]>[] {
  switch (event.type) {
    case "OpeningStockRecorded": {
      const { item, movement, layers } = event.data;
      return layers.map(({ receivedOn }, index) => ({
        ...{ item, layer: openingName(movement, index), seq, received_on: receivedOn },
      }));
    }
    case "FirstReceiptsTold": {
      const { item, layers } = event.data;
      return layers.map(({ layer, receivedOn }) => ({ item, layer, seq, received_on: receivedOn }));
    }
    case "GoodsReceived":
    case "StockAdjusted": {
      const { item, movement, quantity, effectiveDate } = event.data;
      const brings = !quantity.startsWith("-");
      return brings ? [{ item, layer: movement, seq, received_on: effectiveDate }] : [];
    }
    case "UnmatchedGoodsReturned":
    // Whatever its variance is now, it may turn.
    case "StockCounted":
    // What an issue lacks is as old as the issue.
    case "GoodsIssuedAllowingShort": {
      const { item, movement, effectiveDate } = event.data;
      return [{ item, layer: movement, seq, received_on: effectiveDate }];
    }
    default:
      return [];
  }
}
