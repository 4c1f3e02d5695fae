/** A project's own stock (COSTING §13, IAS 2.23): which movements are of it, and how that is recorded. */
import type { Booked } from "./booking.ts";
import { entryNamed, type History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import { projectIn } from "./leg.ts";
import { referredBy } from "./place-in.ts";

/** Of whose stock the rows of its event are; null: of the free one. A pin, and a count, are of that, whatever else they move. */
export const projectOf = ({ project }: MovementCommand): string | null => project ?? null;

/** What only goes from the free stock into a project's, or back. */
export const isPinning = ({ type }: MovementCommand): boolean => type === "PinGoods" || type === "UnpinGoods";

/** What undoes a movement, or moves its goods on or back, is of the project that it was of. */
export function withProject(
  { project: said, ...command }: MovementCommand,
  { history }: Readonly<{ history: History }>,
): MovementCommand {
  const project = ownProject(command, said, history);
  return project === undefined ? command : { ...command, project };
}

/** An issue of a project's stock never goes short, wherever it is: what that lacks is pinned first. */
export function notShort(command: MovementCommand): MovementCommand {
  if (command.type !== "IssueGoods" || command.project === undefined) return command;
  const { mayGoShort: _mayGoShort, ...data } = command.data;
  return { ...command, data };
}

function ownProject(
  command: MovementCommand,
  said: string | undefined,
  history: History,
): string | undefined {
  const referred = entryNamed(history, referredBy(command) ?? "")?.move.project;
  switch (command.type) {
    case "PinGoods":
    case "UnpinGoods":
    case "CountStock":
      return undefined;
    case "ReturnGoods":
    case "ArriveGoods":
    case "CompensateMovement":
      return referred;
    case "ReturnToSupplier":
      return said ?? referred;
    default:
      return said;
  }
}

export const projectNamed = ({ project, data: { item, movement } }: MovementCommand): readonly ItemEvent[] =>
  project === undefined ? [] : [{ type: "ProjectNamed", data: { item, movement, project } }];

/** What is booked, by whose stock it is of; in the order in which each comes first. */
export function byProject(booked: readonly Booked[]): Map<string | null, readonly Booked[]> {
  const parts = new Map<string | null, Booked[]>();
  for (const row of booked) {
    const project = projectIn(row.queue);
    const part = parts.get(project);
    if (part) part.push(row);
    else parts.set(project, [row]);
  }
  return parts;
}
