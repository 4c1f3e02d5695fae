/**
 * An issue of more than lies there (COSTING §11): the rest is a deficit, at the cost of what came in last, until it is settled
 * or comes back.
 */
import { share } from "../kernel/decimal.ts";
import type { Course } from "./course.ts";
import { draws, type Legs, shortIn } from "./drawing.ts";
import { areaOf, type Leg, layerPlace } from "./leg.ts";
import { returnLegs } from "./returning.ts";
import { part, type Stock } from "./stock.ts";

type At = Readonly<{ movement: string; place: string; queue: string }>;
/** So many units for so much. */
type Cost = Readonly<{ units: bigint; worth: bigint }>;

export function shortIssue(
  stock: Stock,
  course: Course,
  { movement, place, queue }: At,
  { requested, stated }: Readonly<{ requested: bigint; stated: Cost | undefined }>,
): Legs {
  const location = areaOf(queue);
  const { units: onHand } = stock.queue(queue);
  const there = onHand < 0n ? 0n : onHand < requested ? onHand : requested;
  const taken: Legs = there === 0n ? { legs: [] } : draws(stock, { location, queue, movement }, there);
  const lacking = requested - there;
  if ("short" in taken || lacking === 0n) return taken;
  const cost = course.lastIn(place, queue) ?? course.lastIn(place) ?? stated;
  if (!cost) return { short: { ...shortIn(stock, { location, queue }, requested), uncosted: true } };
  const worth = -share(cost.worth, lacking, cost.units);
  const deficit: Leg = {
    queue,
    layer: movement,
    place: layerPlace(place, 0),
    ...{ units: -lacking, worth, deficit: true },
  };
  return { legs: [...taken.legs, deficit] };
}

/** What comes back of an issue: first of what it still lacks, which must come back there; then of its draws. */
export function comesBack(stock: Stock, course: Course, issue: string, units: bigint, to: At): Legs {
  const out = course.entryOf(issue)?.legs ?? [];
  const short = out.find(({ deficit }) => deficit);
  const lying = short && stock.queue(short.queue).layers.get(short.place);
  if (short && lying && short.queue !== to.queue)
    return {
      short: { ...shortIn(stock, { location: areaOf(short.queue), queue: short.queue }, units), issue },
    };
  const lacking = lying ? -lying.units : 0n;
  const back = lacking < units ? lacking : units;
  const takenBack: readonly Leg[] =
    short && lying && back > 0n ? [{ ...short, units: back, worth: -part(lying, back) }] : [];
  const drawn = [...out, ...course.settledOf(issue)].filter(({ deficit }) => !deficit);
  const rest = { units: units - back, came: course.cameBackOf(issue), exempt: stock.exempt };
  return { legs: [...takenBack, ...returnLegs(drawn, rest, to)] };
}
