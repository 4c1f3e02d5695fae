/** What the domain refuses because of lots: its status, and how to mend it. A name that is missing here does not compile in problem.ts. */

type Answer = readonly [status: number, detail: string];
const told = <Named extends string>(refusals: Readonly<Record<Named, Answer>>): typeof refusals => refusals;

export const lotRefusals = told({
  LotRequired: [422, "The item is costed by lot: name the lot."],
  LotNotKept: [
    422,
    "The item keeps no lots, or the movement is a pin, which is of no certain lot: leave the lot out. Lots are kept where the item is costed by lot, or after POST /v1/items/{item}/lot-tracking, before its first movement.",
  ],
  LotsRequired: [
    422,
    "The item tracks lots: name each with its quantity in lots; of a count, all that was found.",
  ],
  LotsAlreadyTracked: [409, "The item keeps its lots already."],
  ItemHasMovements: [409, "It is set before the item's first movement."],
  LotsDontSumUp: [422, "The lots named add up to another quantity than the movement's."],
  SerialNotOne: [422, "The item's lots are serials, each a single unit: name each with a quantity of 1."],
  LotExpired: [
    409,
    "The lot had expired by then: take another, or issue it for purpose other, which is scrap.",
  ],
  MoreOfLotThanItMoved: [409, "No more of a lot comes back or arrives than went of it and is not back yet."],
  InsufficientLot: [
    409,
    "There is not so much of the lot; with leavesShort, that recorded movement would find too little.",
  ],
  SerialTaken: [
    409,
    "The serial lies at location by then, and can't be in two places: move it, or count there first; with leavesShort, that recorded movement would bring it a second time.",
  ],
});
