/** What goes wrong, as RFC 9457 problems. The one place where a refusal gets its status. */
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { z } from "zod";
import type { CompanyRefusal } from "../../domain/company/company-events.ts";
import type { ItemRefusal } from "../../domain/inventory/item-commands.ts";
import type { LandedCostRefusal } from "../../domain/inventory/landed-cost.ts";
import type { StocktakeRefusal } from "../../domain/inventory/stocktake-events.ts";
import type { Refusal } from "../../domain/kernel/decider.ts";
import { NotYetKnown } from "../../read-models/question.ts";
import { isUnavailable } from "../unavailable.ts";
import { lotRefusals } from "./lot-refusals.ts";

type Named = (ItemRefusal | CompanyRefusal | LandedCostRefusal | StocktakeRefusal)["name"];

/** Every refusal the domain can give, and how to mend it: leave one out and this does not compile. */
export const refusals: Readonly<Record<Named, readonly [status: number, detail: string]>> = {
  CompanyNotFounded: [409, "POST /v1/company comes before every other command."],
  CompanyAlreadyFounded: [409, "A book is of one company, founded once."],
  ClosingUnderWay: [409, "A period is being closed: GET /v1/periods tells when it is."],
  NoSuchPeriod: [422, "A period is named by its first day: months begin on the fiscal year's day."],
  PeriodAlreadyClosed: [409, "The period is closed; only the last one may be reopened."],
  PeriodsCloseInOrder: [409, "Periods close in order: close the next one first."],
  PeriodNotOver: [409, "A period is closed when its last day is over."],
  NoClosingUnderWay: [409, "No closing of this period is under way."],
  NotTheLastPeriod: [409, "Only the last closed period may be reopened."],
  CorrectionNeedsApproval: [
    409,
    "It changes what recorded movements cost by more than correctionMax: name somebody else in approvedBy, who agrees.",
  ],
  CostedOtherwiseSince: [409, "The costing policy was changed since: what is before that day stays closed."],
  CostingPolicyUnchanged: [409, "The company has this policy."],
  MovementsInOpenTime: [
    409,
    "What was drawn stays: close the periods up to lastMovement first, with no movement left on openFrom or later.",
  ],
  ShortStockAlreadyAllowed: [409, "Issues there may go short already."],
  ShortStockNotAllowed: [409, "Issues there may not go short as it is."],
  ItemAlreadyRegistered: [409, "The item is there: rename it, or use another id."],
  ItemNotRegistered: [404, "POST /v1/items/{item}/registration comes first."],
  NothingToRedate: [409, "Every correction stands on its day."],
  ItemDeactivated: [409, "The item is no longer in use."],
  StockOnHand: [409, "An item is deactivated when nothing of it is on hand: issue or adjust the rest first."],
  UnitIsTheItemsOwn: [422, "It is the item's own unit: its factor is one."],
  UnitAlreadyDefined: [409, "What a unit is never changes: define another one."],
  UnitNotDefined: [
    422,
    "POST /v1/items/{item}/units defines it; or say the quantity in one of those defined.",
  ],
  QuantityOffScale: [
    422,
    "It is no quantity of the item's own unit at its scale: say it in that unit, with what was measured besides.",
  ],
  EffectiveDateAfterToday: [422, "A movement counts for today or an earlier day."],
  DocumentDateAfterToday: [422, "A document is of today or an earlier day."],
  LandedCostAlreadyAllocated: [409, "This bill was spread before."],
  LandedCostNotAllocated: [409, "The bill comes before its lines."],
  NothingToAllocateBy: [
    422,
    "No receipt has anything of what the bill is to be spread by: choose another basis.",
  ],
  StocktakeAlreadyOpened: [409, "A stocktake is opened once: use another id."],
  StocktakeNotOpened: [404, "POST /v1/stocktakes/{stocktake}/opening comes first."],
  StocktakeAbandoned: [409, "The stocktake was abandoned: open another one."],
  LineAlreadyPosted: [409, "The line is posted: count in another stocktake, or cancel its count first."],
  LineNotPosted: [409, "The line is not posted."],
  TooManyLines: [409, "A stocktake has no more lines: open another one for the rest."],
  NoLineToPost: [409, "There is no line that is counted and not posted yet."],
  StocktakeAlreadyApproved: [409, "It is approved; another count would take that back."],
  ApproverCounted: [409, "Whoever approves has counted none of it: X-Actor is another person."],
  StocktakeNotApproved: [409, "It is approved first, again after each count."],
  LinesPosted: [409, "Lines of it are posted: cancel their counts, each for itself."],
  ReceiptNotFound: [404, "No receipt of the item has this name; its key is its name."],
  ValueFactNotFound: [
    404,
    "No invoice or cost of the item has this name: GET /v1/items/{item}/value-facts names them.",
  ],
  ValueFactAlreadyCancelled: [409, "It was cancelled before."],
  InvoicedMoreThanReceived: [409, "An invoice is for no more than was received and is not invoiced yet."],
  ReceiptValueBelowZero: [409, "No more can be taken off a receipt than it is worth."],
  PeriodClosed: [422, "That day is closed: record it on openFrom or later, or reopen the period."],
  ...lotRefusals,
  MovementNotFound: [404, "No movement of the item has this name; its key is its name."],
  MovementAlreadyCancelled: [409, "It was cancelled before."],
  OthersDependOnMovement: [409, "Cancel what depends on it first: its returns, invoices and costs."],
  UndoneTooSoon: [
    422,
    "Nothing is undone before it was, or before what came of it was undone: `compensateOn` is firstDate at the earliest.",
  ],
  CountClosed: [409, "A count of closed time, or under freeze, stands: count again."],
  CompensationClosed: [409, "It stands, being closed or under freeze: record the movement anew."],
  DispatchNotFound: [404, "No dispatch of the item has this name; its key is its name."],
  CountNotFound: [
    404,
    "No count of the item has this name, on that day, where the movement takes or brings goods.",
  ],
  ReturnBeforeReceipt: [422, "Nothing goes back before it came."],
  ArrivalBeforeDispatch: [422, "Nothing arrives before it was sent."],
  ReturnedMoreThanReceived: [409, "No more goes back than came and is not back yet."],
  ArrivedMoreThanDispatched: [409, "No more arrives than was sent and has not arrived yet."],
  NoCostToGoShortAt: [422, "Nothing of the item ever came in before: state the cost of a unit."],
  IssueIsShort: [409, "While the issue lacks goods, what comes back of it comes back to its own location."],
  IssueNotFound: [404, "No issue of the item has this name; its key is its name."],
  ReturnBeforeIssue: [422, "Nothing comes back before it went out."],
  ReturnedMoreThanIssued: [409, "No more comes back than went out and is not back yet."],
  QuantityTooPrecise: [422, "The item's quantities have fewer decimals."],
  ValueTooPrecise: [422, "The company's values have fewer decimals."],
  SameLocation: [422, "A transfer goes from one location to another."],
  InsufficientStock: [
    409,
    "There is not so much to take, what is reserved being for others; with leavesShort, that recorded movement would find too little; with firstDate, there is on that day.",
  ],
  OthersCantBearIt: [
    409,
    "Units of the receipt went back uninvoiced: the others can't bear all that its invoices take off.",
  ],
  NoLayerToValueSurplus: [422, "No layer is open there to take a cost from: state the surplus's value."],
  ValueOutOfRange: [422, "The value worked out has too many digits: state it."],
};

type Facts = Readonly<{ name: string; [fact: string]: unknown }>;

const RETRY_AFTER_S = 1;

/** A program switches on `type`; a person reads `detail` and the facts. */
export function problem(response: Response, status: number, { name, ...facts }: Facts): void {
  const body = { ...facts, type: `/problems/${name}`, title: name, status };
  response.status(status).type("application/problem+json").send(JSON.stringify(body));
}

export function refused(response: Response, refusal: Refusal): void {
  const [status, detail] = refusals[refusal.name as Named];
  problem(response, status, { detail, ...refusal });
}

export const KEY_REUSED = {
  name: "IdempotencyKeyReused",
  detail: "This key named another request. A new command takes a new key.",
};
export const keyReused = (response: Response): void => problem(response, 409, KEY_REUSED);

/** Stored or not, nobody knows yet: the same request with the same key finds out, and is safe. */
export const UNAVAILABLE = {
  name: "Unavailable",
  detail: "The log or the database did not answer. The same request with the same key is safe.",
};
export function unavailable(response: Response): void {
  response.set("Retry-After", `${RETRY_AFTER_S}`);
  problem(response, 503, UNAVAILABLE);
}

/** The tables have not got there within the time a question may wait. */
export function notYetKnown(response: Response, facts: object): void {
  response.set("Retry-After", `${RETRY_AFTER_S}`);
  const detail = "The book has not got there: ask again later, or for less.";
  problem(response, 409, { name: "NotYetKnown", detail, ...facts });
}

export const notFound: RequestHandler = (_request, response) =>
  problem(response, 404, {
    name: "NoSuchResource",
    detail: "There is nothing by that name in the book, or no such route: GET /docs/ shows the routes.",
  });

export const notJson = (response: Response): void =>
  problem(response, 415, {
    name: "InvalidRequest",
    detail: "The body is JSON: Content-Type: application/json.",
  });

/** What the caller sent wrong is named; what we did wrong is reported, and not shown. */
export const onError =
  (report: (error: unknown) => void): ErrorRequestHandler =>
  (error, _request, response, _next) => {
    if (error instanceof z.ZodError) {
      const errors = error.issues.flatMap(fieldsOf);
      problem(response, 400, { name: "InvalidRequest", errors });
    } else if (error instanceof NotYetKnown) {
      notYetKnown(response, { latest: `${error.latest}` });
    } else if (error.status >= 400 && error.status < 500) {
      // The body parser's and the router's own: no JSON, too large, a malformed path.
      problem(response, error.status, { name: "InvalidRequest", detail: error.message });
    } else if (isUnavailable(error)) {
      report(error);
      unavailable(response);
    } else {
      report(error);
      problem(response, 500, { name: "InternalError" });
    }
  };

type Issue = z.core.$ZodIssue;
const pathOf = (path: Issue["path"]): string => path.map(String).join(".");

/** A field that should not be there is named itself, and not only the object it is in. */
function fieldsOf({ path, message, ...issue }: Issue): readonly { field: string; detail: string }[] {
  if (issue.code !== "unrecognized_keys") return [{ field: pathOf(path), detail: message }];
  return issue.keys.map((key) => ({ field: pathOf([...path, key]), detail: "there is no such field" }));
}
