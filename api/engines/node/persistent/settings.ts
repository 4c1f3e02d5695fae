/** A group's settings, as its creator gives them and as the log keeps them. */
import type { CreateReq, UpdateReq } from "@eventstore/db-client/generated/persistent_pb.js";

export type Strategy = "DispatchToSingle" | "RoundRobin" | "Pinned" | "PinnedByCorrelation";

export type Settings = Readonly<{
  resolveLinks: boolean;
  extraStatistics: boolean;
  /** Milliseconds; 0: for ever. */
  messageTimeout: number;
  maxRetries: number;
  /** Milliseconds. */
  checkpointAfter: number;
  checkpointMin: number;
  checkpointMax: number;
  /** 0: any number. */
  consumersMax: number;
  liveBuffer: number;
  readBatch: number;
  /** How many events are read ahead. */
  history: number;
  strategy: Strategy;
}>;

const STRATEGIES: readonly Strategy[] = ["DispatchToSingle", "RoundRobin", "Pinned", "PinnedByCorrelation"];
/** .NET's. */
const TICKS_PER_MS = 10_000;

export function settingsOf(given: CreateReq.Settings | UpdateReq.Settings): Settings {
  const named = "getConsumerStrategy" in given ? given.getConsumerStrategy() : "";
  return {
    resolveLinks: given.getResolveLinks(),
    extraStatistics: given.getExtraStatistics(),
    messageTimeout: given.hasMessageTimeoutMs()
      ? given.getMessageTimeoutMs()
      : Number(given.getMessageTimeoutTicks()) / TICKS_PER_MS,
    maxRetries: given.getMaxRetryCount(),
    checkpointAfter: given.hasCheckpointAfterMs()
      ? given.getCheckpointAfterMs()
      : Number(given.getCheckpointAfterTicks()) / TICKS_PER_MS,
    checkpointMin: given.getMinCheckpointCount(),
    checkpointMax: given.getMaxCheckpointCount(),
    consumersMax: given.getMaxSubscriberCount(),
    liveBuffer: given.getLiveBufferSize(),
    readBatch: given.getReadBatchSize(),
    history: given.getHistoryBufferSize(),
    strategy:
      STRATEGIES.find((strategy) => strategy === named) ??
      STRATEGIES[given.getNamedConsumerStrategy()] ??
      "RoundRobin",
  };
}
