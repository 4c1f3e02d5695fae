/** The PersistentSubscriptions service. */
import type {
  CreateReq,
  CreateResp,
  DeleteReq,
  DeleteResp,
  GetInfoReq,
  GetInfoResp,
  ListReq,
  ListResp,
  ReplayParkedReq,
  ReplayParkedResp,
  UpdateReq,
  UpdateResp,
} from "@eventstore/db-client/generated/persistent_pb.js";
import type { Empty } from "@eventstore/db-client/generated/shared_pb.js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { invalid } from "../errors.ts";
import { soughtBy, testFor } from "../filter.ts";
import { persistent, shared } from "../messages.ts";
import { nameOf } from "../requests.ts";
import { unary } from "../unary.ts";
import type { Source } from "../walk.ts";
import { consume } from "./consume.ts";
import { ALL, type Definition, placeText } from "./definition.ts";
import type { Consumer } from "./deliveries.ts";
import * as errors from "./errors.ts";
import type { Group } from "./group.ts";
import type { Groups } from "./groups.ts";
import { type Connection, infoOf } from "./info.ts";
import { keyOf } from "./requests.ts";
import { settingsOf } from "./settings.ts";

export function persistentSubscriptions(groups: Groups, source: Source): UntypedServiceImplementation {
  const connections = new WeakMap<Consumer, Connection>();
  const infosOf = (all: readonly Group[]) =>
    Promise.all(all.map((group) => infoOf(group, (consumer) => connections.get(consumer))));

  return {
    create: unary<CreateReq, CreateResp>(async (request) => {
      await groups.create(await definitionOf(request, source));
      return new persistent.CreateResp();
    }),
    update: unary<UpdateReq, UpdateResp>(async (request) => {
      await groups.update(await definitionOf(request, source));
      return new persistent.UpdateResp();
    }),
    delete: unary<DeleteReq, DeleteResp>(async (request) => {
      await groups.remove(keyOf(request.getOptions()));
      return new persistent.DeleteResp();
    }),
    getInfo: unary<GetInfoReq, GetInfoResp>(async (request) => {
      const [info] = await infosOf([await groups.of(keyOf(request.getOptions()))]);
      return new persistent.GetInfoResp().setSubscriptionInfo(info);
    }),
    list: unary<ListReq, ListResp>(async (request) => {
      const wanted = request.getOptions()?.getListForStream();
      const source = wanted?.hasAll() ? ALL : nameOf(wanted?.getStream());
      const found = (await groups.all()).filter(({ definition }) => !wanted || definition.source === source);
      if (wanted && found.length === 0) throw errors.doesNotExist({ source, group: "" });
      return new persistent.ListResp().setSubscriptionsList(await infosOf(found));
    }),
    replayParked: unary<ReplayParkedReq, ReplayParkedResp>(async (request) => {
      const options = request.getOptions();
      const count = options?.hasStopAt() ? Number(options.getStopAt()) : Number.MAX_SAFE_INTEGER;
      await (await groups.of(keyOf(options))).replayParked(count);
      return new persistent.ReplayParkedResp();
    }),
    restartSubsystem: unary<Empty, Empty>(async () => {
      await groups.restart();
      return new shared.Empty();
    }),
    read: consume(groups, connections),
  };
}

/** The largest unsigned 64 bits: how older clients say END. */
const OLD_END = "18446744073709551615";

async function definitionOf(request: CreateReq | UpdateReq, source: Source): Promise<Definition> {
  const options = request.getOptions();
  const settings = options?.getSettings();
  if (!options || !settings) throw invalid("a group has settings");
  const all = options.getAll();
  const filter = all && "getFilter" in all ? all.getFilter() : undefined;
  const sought = filter && soughtBy(filter);
  if (sought) testFor(sought); // refused before it is kept
  const key = keyOf({
    hasAll: () => options.hasAll(),
    getStreamIdentifier: () => options.getStream()?.getStreamIdentifier() ?? options.getStreamIdentifier(),
    getGroupName: () => options.getGroupName(),
  });
  return {
    ...key,
    settings: settingsOf(settings),
    ...(all
      ? startOfAll(all, source)
      : await startOfStream(key.source, options.getStream(), settings.getRevision(), source)),
    sought,
  };
}

type Start = Pick<Definition, "startFrom" | "after">;
type StreamOptions = Readonly<{ hasRevision(): boolean; getRevision(): string; hasEnd(): boolean }>;

/** `old`: where it is told by clients from before `$all` could be subscribed to. */
async function startOfStream(
  stream: string,
  options: StreamOptions | undefined,
  old: string,
  { pages }: Source,
): Promise<Start> {
  const revision = options?.hasRevision() ? options.getRevision() : options ? "0" : old;
  if (options?.hasEnd() || revision === OLD_END) return { startFrom: "-1", after: await pages.head(stream) };
  return { startFrom: revision, after: Number(revision) - 1 };
}

type AllOptions = Readonly<{
  hasEnd(): boolean;
  getPosition(): Readonly<{ getCommitPosition(): string; getPreparePosition(): string }> | undefined;
}>;

function startOfAll(all: AllOptions, { log }: Source): Start {
  if (all.hasEnd()) return { startFrom: "C:-1/P:-1", after: log.head };
  const commit = Number(all.getPosition()?.getCommitPosition() ?? "0");
  return { startFrom: placeText(ALL, commit), after: commit - 1 };
}
